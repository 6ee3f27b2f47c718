/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page stores: a pagemap image (which pages) and a pages image (their bytes, whole pages in the order of
 * the pagemap, nothing in between). A task's addresses are those of its memory; in a shared memory
 * object (IMG_PAGEMAP_SHMEM) they are offsets from its start.
 *
 * One of a memfd, shared anonymous area or System V segment is saved and filled by
 * pages_save_file() and pages_load_file() alone; the rest of this header is for tasks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "criu/image/image.h" /* enum image_kind */

struct pages;
struct pages_writer;

/* Flags of a pagemap entry. */
enum pages_flag {
	PE_PARENT = 1,	/* the bytes are in the parent images */
	PE_LAZY = 2,	/* may come on demand */
	PE_PRESENT = 4, /* the bytes are in this pages image */
};

/* --- whole files ----------------------------------------------------------------------------- */

/* Pages of one store, for the statistics. */
struct pages_count {
	uint64_t scanned, written;
};

/*
 * Save the content of the memory file @fd, @size bytes (the last page may be partial), as pagemap-shmem-@shmid:
 * allocated pages without those which hold zeros only. An object without one page gets its
 * (empty) images too. @fd's offset moves. @count (may be NULL) is added to.
 */
int pages_save_file(struct image_dir *dir, uint64_t shmid, int fd, uint64_t size, struct pages_count *count);

/*
 * Fill the memory file @fd, which is new, has @size bytes and is not sealed against writing, with
 * what pagemap-shmem-@shmid says. Works for hugetlb files, too, which cannot be written by write(2).
 * -EINVAL (logged) when the images are damaged, name a page behind @size or do not exist.
 */
int pages_load_file(struct image_dir *dir, uint64_t shmid, int fd, uint64_t size);

/* --- writing --------------------------------------------------------------------------------- */

/*
 * Start a store: @kind is IMG_PAGEMAP or IMG_PAGEMAP_SHMEM. Its pages image gets the next number of @dir.
 * Both images exist from here on.
 */
int pages_create(struct image_dir *dir, enum image_kind kind, uint64_t id, struct pages_writer **ret_w);

/*
 * The next pages of the store are [@start, @end), @flags of enum pages_flag. Ranges ascend; neighbours of the
 * same flags become one entry. With PE_PRESENT room for the bytes is reserved: *@ret_off (may be NULL) is where they
 * belong in pages_writer_fd(), to be filled in by pwrite() in any order, by any thread, before pages_finish().
 */
int pages_add(struct pages_writer *w, uint64_t start, uint64_t end, uint32_t flags, off_t *ret_off);
int pages_writer_fd(const struct pages_writer *w);

/* Flush, check that the pages image is as long as the pagemap says, close. */
int pages_finish(struct pages_writer *w);
/* Close without a word: for the way out of a failure. NULL is fine. */
void pages_abandon(struct pages_writer *w);

static inline void own_pages_writer(struct pages_writer **w)
{
	pages_abandon(*w);
}
#define autopages_writer __attribute__((cleanup(own_pages_writer), unused))

/* --- reading --------------------------------------------------------------------------------- */

/* Pages whose bytes lie one behind the other in one pages image, of this dump or of a parent. */
struct pages_run {
	uint64_t start, end; /* addresses */
	off_t off;	     /* in the pages image */
	uint32_t layer;	     /* 0: this dump; n: its nth parent */
	bool lazy;	     /* not stored: they come from a page server */
};

/*
 * Read a store whole: entries are checked (aligned, ascending, inside the pages image) and those
 * in parents are looked up there. Images are not kept open. A store that does not exist is -ENOENT (not logged);
 * other errors are logged.
 */
int pages_open(struct image_dir *dir, enum image_kind kind, uint64_t id, struct pages **ret_p);
const struct pages_run *pages_runs(const struct pages *p, size_t *ret_n);
/* The first run that ends above @addr; n if there is none. */
size_t pages_find(const struct pages *p, uint64_t addr);

/*
 * The bytes of [@addr, @addr + @size) into @buf. 1; 0 when not all of it is stored; -errno (logged). Opens what pages_fd() opens.
 */
int pages_read(struct pages *p, uint64_t addr, void *buf, size_t size);

/* The pages image of a layer, opened when first asked for (in this process). */
int pages_fd(struct pages *p, uint32_t layer);
/* Close what pages_fd() has opened; the runs stay. */
void pages_shut(struct pages *p);
void pages_close(struct pages *p);

static inline void own_pages(struct pages **p)
{
	pages_close(*p);
}
#define autopages __attribute__((cleanup(own_pages)))
