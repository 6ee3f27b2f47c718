// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restore: files that their name does not lead to, by the three ways of remap.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/ghost.h"
#include "criu/fd/remap.h"
#include "criu/fd/rfiles.h"
#include "criu/fd/tmpname.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/restore.h"
#include "proto/remap-file-path.pb-c.h"

/* In remap_id of images without remap_type. */
#define OLD_GHOST 0x80000000u

struct remap {
	RemapType type;
	struct tmpname *tn;	   /* ghosts and links: where it is opened */
	const struct rfile *link; /* LINKED: the REG entry of the link */
	pid_t pid;		   /* PROCFS */
};

static int err_of_dead(const struct rfile *rf, pid_t pid, int r)
{
	return err_rfile(rf, r, "make a process with pid %d, which is gone, to open it", pid);
}

/* A link is taken away in the end: only one that a dump has made, by its name, may go. */
static bool is_temporary_link(const struct rfile *link)
{
	const char *slash = link->fe->type == FD_TYPES__REG ? strrchr(link->fe->reg->name, '/') : NULL;

	return slash && link->fe->reg->name[0] == '/' && !strncmp(slash, "/link_remap.", strlen("/link_remap."));
}

static int find_target(struct restore *rs, struct rfile *rf, struct remap *m, uint32_t target)
{
	const char *name = rf->fe->reg->name;

	switch (m->type) {
	case REMAP_TYPE__GHOST:
		return ghost_name(rs, target, name, &m->tn);
	case REMAP_TYPE__LINKED:
		m->link = rfile_find(rs, target);
		if (!m->link || m->link == rf || !is_temporary_link(m->link))
			return refuse_rfile(rf, -EINVAL, "find its link, file %u, called link_remap.N", target);
		m->tn = tmpname_new(rs, name, arena_printf(rs->arena, "%s.%u.cr_link", name, rf->fe->id));
		return m->tn ? 0 : -ENOMEM;
	case REMAP_TYPE__PROCFS:
		m->pid = target;
		return m->pid > 0 ? 0 : refuse_rfile(rf, -EINVAL, "be process %u", target);
	default:
		return refuse_rfile(rf, -EINVAL, "find it by a way of number %d", m->type);
	}
}

/* Folders are made on the way to it: none leads back. */
static bool is_plain(const char *path)
{
	const char *last = strrchr(path, '/') + 1;

	return !strstr(path, "//") && !strstr(path, "/./") && !strstr(path, "/../") && *last && strcmp(last, ".") && strcmp(last, "..");
}

static int read_one(struct restore *rs, const RemapFilePathEntry *re)
{
	struct rfile *rf = rfile_find(rs, re->orig_id);
	struct remap *m = arena_obj(rs->arena, struct remap);
	uint32_t target = re->remap_id;

	if (!m)
		return -ENOMEM;
	if (!rf || rf->fe->type != FD_TYPES__REG || rf->fe->reg->name[0] != '/')
		return refuse_any(-EINVAL, "use remap-fpath.img: file %u is no file with a path", re->orig_id);
	if (rf->remap)
		return refuse_rfile(rf, -EINVAL, "find it by two ways");
	if (!is_plain(rf->fe->reg->name))
		return refuse_rfile(rf, -EINVAL, "make a file of that name: the kernel tells none like it");

	m->type = re->remap_type;
	if (!re->has_remap_type) {
		m->type = target & OLD_GHOST ? REMAP_TYPE__GHOST : REMAP_TYPE__LINKED;
		target &= ~OLD_GHOST;
	}
	rf->remap = m;
	return find_target(rs, rf, m, target);
}

int remap_read(struct restore *rs)
{
	RemapFilePathEntry **all;
	size_t n;
	int r;

	r = image_read_all(rs->images, IMG_REMAP_FPATH, 0, &remap_file_path_entry__descriptor, &all, &n);
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = read_one(rs, all[i]);
	return r;
}

int remap_look(const struct rfile *rf)
{
	const struct remap *m = rf->remap;

	/* The link is a file with a name, looked at as such. */
	if (m->tn)
		return tmpname_look(m->tn);
	return kill(m->pid, 0) < 0 && errno == ESRCH ? 0 : err_of_dead(rf, m->pid, -EEXIST);
}

static int make_link(struct restore *rs, const struct remap *m)
{
	const char *from = m->link->fe->reg->name;
	int r;

	r = fault_at(FAULT_RESTORE_LINK_REMAP);
	if (r >= 0)
		r = tmpname_make_parents(rs, m->tn);
	if (r < 0)
		return r;
	r = neg_errno(link(from, m->tn->tmp));
	if (r < 0)
		return err_path(from, r, "link it to %s; it was made by the dump (--link-remap) and must be there", m->tn->tmp);
	m->tn->made = true;
	return 0;
}

int remap_begin(struct restore *rs)
{
	int r = ghost_begin(rs);

	for (size_t i = 0; r >= 0 && i < rs->files->n; i++) {
		const struct remap *m = rs->files->files[i].remap;

		if (m && m->type == REMAP_TYPE__LINKED)
			r = make_link(rs, m);
	}
	return r;
}

void remap_end(struct restore *rs, bool failed)
{
	tmpnames_end(rs, failed);
	for (size_t i = 0; !failed && i < rs->files->n; i++) {
		const struct remap *m = rs->files->files[i].remap;

		/* Many files may have one link. */
		if (m && m->type == REMAP_TYPE__LINKED && unlink(m->link->fe->reg->name) < 0 && errno != ENOENT)
			pr_warn("%s: cannot take it away: %s\n", m->link->fe->reg->name, errno_name(errno));
	}
}

const char *remap_path(const struct rfile *rf)
{
	return rf->remap->tn ? rf->remap->tn->tmp : NULL;
}

/* A child with the pid of the dead process, so that /proc has its files for a moment. */
static int open_of_dead(struct rfile *rf, pid_t pid, int flags)
{
	struct clone_args ca = { .set_tid = (uintptr_t)&pid, .set_tid_size = 1 };
	pid_t child;
	int fd;

	child = neg_errno((pid_t)syscall(SYS_clone3, &ca, sizeof(ca)));
	if (child == 0) {
		for (;;)
			pause();
	}
	if (child < 0)
		return err_of_dead(rf, pid, child);

	fd = neg_errno(open(rf->fe->reg->name, flags | O_CLOEXEC));
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, __WALL);
	return fd < 0 ? err_rfile(rf, fd, "open it with %#o", flags) : fd;
}

int remap_open(struct restore *rs, struct rfile *rf, int flags)
{
	const struct remap *m = rf->remap;
	int fd;

	if (m->type == REMAP_TYPE__PROCFS)
		return open_of_dead(rf, m->pid, flags);
	fd = neg_errno(open(m->tn->tmp, flags | O_CLOEXEC));
	return fd < 0 ? err_path(m->tn->tmp, fd, "open it for file %u", rf->fe->id) : fd;
}
