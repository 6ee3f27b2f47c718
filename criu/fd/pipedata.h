/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in a pipe: the same for pipes and FIFOs. Saved without taking it out (tee(2)); in
 * packet mode an entry a packet.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "criu/image/image.h" /* enum image_kind */

struct dfile;
struct dump;
struct fd_info;
struct pipe_chunk;
struct restore;

/* --- dump --- */

struct dpipes;

/*
 * Note the end that @fi is, of which the data will be fetched again. *@set is made when NULL. *ret_id: the inode's number,
 * or another one when a pipe of another file system has it.
 */
int pipedata_note(struct dump *d, struct dpipes **set, const struct fd_info *fi, uint32_t *ret_id);
/* Warn of pipes with an end outside of the tree, as far as the kernel tells. */
int pipedata_check(const struct dump *d, const struct dpipes *set);
/* Write image @kind: an entry for each pipe of @set (may be NULL) that has an end which can be read. */
int pipedata_write(struct dump *d, struct dpipes *set, enum image_kind kind);

/* --- restore --- */

/* One pipe to be. */
struct rpipe {
	struct rpipe *next;
	uint32_t id;
	uint32_t size;		   /* capacity; 0: not known */
	struct pipe_chunk *chunks; /* what is in it, in order */
	struct pipe_chunk **chunks_end;
	uint64_t bytes;
	struct rfile *lead;	   /* the first file of it */
	struct rfile *first[2];	   /* who takes the ends as pipe(2) gives them: the first reader, the first writer */
	int fds[2];		   /* in the owner, while it opens the ends; -1 */
	bool packets;		   /* some end is in packet mode: each entry is a packet */
	bool made;
};

struct rpipes;

/* Read image @kind. */
int pipedata_read(struct restore *rs, enum image_kind kind, struct rpipes **ret_set);
/* The pipe of that id, made if it is not there; NULL without memory. */
struct rpipe *pipedata_get(struct restore *rs, struct rpipes *set, uint32_t id);
/* Give @fd the capacity of @p. @rf for messages. */
int pipedata_set_size(const struct rpipe *p, int fd, const struct rfile *rf);
/* Before anything is made: could the pipe be? */
int pipedata_look(const struct rpipe *p, const struct rfile *rf);
/* Set the capacity of @fd, which can be written, and fill it. @rf for messages. */
int pipedata_fill(struct restore *rs, const struct rpipe *p, enum image_kind kind, int fd, const struct rfile *rf);
