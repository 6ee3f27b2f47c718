/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Open files, as the flows and the other rooms see them. The kinds are listed in
 * criu/fd/kinds.h; what a kind must provide is struct fd_kind in criu/fd/kind.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct dump;
struct flock; /* fcntl.h */
struct restore;
struct rlock;
struct rtask;
struct task;

/* --- dump ---------------------------------------------------------------------------------- */

/* Make d->files. */
int fd_dump_begin(struct dump *d);
void fd_dump_end(struct dump *d);

/*
 * Look at every descriptor of @t (fetched with pidfd_getfd), give each open file description
 * its id (kcmp; one description is one id in the whole tree), and refuse what cannot be saved.
 * Nothing is written yet. Sets t->files_id.
 */
int fd_collect(struct dump *d, struct task *t);

/*
 * The file id of something that is no descriptor: exe, cwd, root, a mapped file. @link is the magic link
 * relative to t->proc ("exe", "cwd", "root", "map_files/7f00-7f01"); @flags the open flags to
 * record. Deleted files become ghosts or link-remaps like any other. The same (device, inode,
 * mount, flags) gives the same id.
 */
int fd_path_id(struct dump *d, struct task *t, const char *link, uint32_t flags, uint32_t *ret_id);

/*
 * The file id and inode of shared memory without a name in a file system: memfd, anonymous shared
 * mappings ("/dev/zero"), found under the link of a mapping. The content is written once per inode
 * (memfd.img, pagemap-shmem-N.img). @flags as to be used when it is opened for the mapping.
 */
int fd_shmem_id(struct dump *d, struct task *t, const char *link, uint32_t flags, uint32_t *ret_id);

/* After fd_collect() of all tasks: refuse what only the whole tree tells. */
int fd_check(struct dump *d);

/* fs-PID.img: cwd, root, umask. */
int fd_dump_fs(struct dump *d, struct task *t);

/* Write files.img, fdinfo-N.img, and every image of the kinds (pipes-data, tty-info, ...). */
int fd_dump_write(struct dump *d);
/* Undo what the dump made in the world when it fails or leaves tasks running (link remaps). */
void fd_dump_undo(struct dump *d);

/* --- restore ------------------------------------------------------------------------------- */

/* Read and check files.img (or the old per-type images), fdinfo, remaps, ttys...; makes rs->files and rt->files. */
int fd_restore_read(struct restore *rs);

/*
 * For criu check --images, after fd_restore_read(): is every file there that will be opened by its name, or inherited, and is it
 * the one that was dumped? All are looked at and nothing is changed. 0, or the last -errno (each is logged).
 */
int fd_restore_look(struct restore *rs);
/* How many files have a name that must lead to them. */
size_t fd_restore_count_named(const struct restore *rs);

/* Is there a file of this type (enum FdTypes); does a task take one that another opens? */
bool fd_restore_has_type(const struct restore *rs, int type);
bool fd_restore_fetches(const struct restore *rs);

/* Once, before the first fork, in the coordinator: shared tables, ghost files, inherited descriptors. */
int fd_restore_begin(struct restore *rs);
/* After success: take away temporary names. After failure: all that was created. Coordinator. */
void fd_restore_end(struct restore *rs, bool failed);

/*
 * In the task @rt, or in the coordinator with @rt NULL: open a file for a mapping, exe, cwd or root, by its file id.
 * @flags: open flags (a mapping's fdflags), or FD_FLAGS_RECORDED for those of the entry. Works at any time after
 * fd_restore_begin(). A new close-on-exec descriptor above all descriptors of the task, or -errno (logged).
 */
#define FD_FLAGS_RECORDED (-1)
int fd_restore_open(struct restore *rs, struct rtask *rt, uint32_t id, int flags);

/* In the task: umask, root, cwd. */
int fd_restore_fs(struct restore *rs, struct rtask *rt);

/*
 * Is @rt to be made with CLONE_FILES? Then call fd_restore_reserve() in its parent before its first such child:
 * it takes all numbers of the table, so that what either opens on its own never lands on one.
 */
bool fd_restore_shares_table(const struct rtask *rt);
int fd_restore_reserve(struct restore *rs, struct rtask *parent);
/* Has @rt its table together with any other task, parent or child? */
bool fd_restore_table_is_shared(const struct rtask *rt);

/* In a session's leader, after setsid() and before it forks the members: give it its controlling terminal. */
int fd_restore_lead_session(struct restore *rs, struct rtask *rt);

/*
 * In the task, in rounds between barriers of all tasks:
 * fd_restore_own():   close every descriptor below the floor (move yours, the log's too, before), open every
 *                     description this task owns and publish it. Needs all tasks of the tree to exist;
 * fd_restore_take():  take from the other tasks what they own (pidfd_getfd), put all at their numbers, set close-on-exec;
 * fd_restore_finish(): what needs all descriptors in place (epoll, owners, controlling terminals, data).
 * Descriptors that are criu's own stay above fd_restore_floor() until the restorer closes them.
 */
int fd_restore_own(struct restore *rs, struct rtask *rt);
int fd_restore_take(struct restore *rs, struct rtask *rt);
int fd_restore_finish(struct restore *rs, struct rtask *rt);

/*
 * The POSIX lock of @rt after @last (NULL: the first), to be set with F_SETLK by the task itself when it has no descriptor
 * of criu any more: closing any one of the same file would drop it. NULL: no more.
 */
const struct rlock *fd_restore_posix_lock(const struct rtask *rt, const struct rlock *last, int *ret_fd,
					  struct flock *ret_range);

/* In the coordinator, when all threads exist and none runs: files that tell a thread. */
int fd_restore_threads(struct restore *rs);

/*
 * The lowest number that no descriptor of @rt has or will have: service descriptors go there or above. The coordinator's
 * own: fd_restore_top(), the highest floor of all.
 */
int fd_restore_floor(const struct rtask *rt);
int fd_restore_top(const struct restore *rs);
