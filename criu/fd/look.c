// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before a restore, without it: are the files there that it will open by their names? Ghosts and temporary links
 * are made by the restore, terminals are opened by their numbers, and what lies in /proc/PID
 * comes with the tasks: these have no name yet.
 */
#include <ctype.h>
#include <string.h>

#include "criu/fd/fd.h"
#include "criu/fd/kind.h"
#include "criu/fd/rfiles.h"
#include "criu/task/restore.h"

static bool is_of_terminal(const struct restore *rs, const struct rfile *rf)
{
	for (size_t i = 0; i < rs->files->n; i++) {
		const FileEntry *fe = rs->files->files[i].fe;

		if (fe->type == FD_TYPES__TTY && fe->tty->has_regf_id && fe->tty->regf_id == rf->fe->id)
			return true;
	}
	return false;
}

static bool is_of_process(const char *path)
{
	return !strncmp(path, "/proc/", 6) && isdigit((unsigned char)path[6]);
}

static bool has_name(const struct restore *rs, const struct rfile *rf)
{
	if (!rf->kind->look || rf->remap)
		return false;
	return rf->fe->type != FD_TYPES__REG || (!is_of_process(rf->fe->reg->name) && !is_of_terminal(rs, rf));
}

size_t fd_restore_count_named(const struct restore *rs)
{
	size_t n = 0;

	for (size_t i = 0; i < rs->files->n; i++)
		n += has_name(rs, &rs->files->files[i]);
	return n;
}

int fd_restore_look(struct restore *rs)
{
	int r = 0;

	for (size_t i = 0; i < rs->files->n; i++) {
		struct rfile *rf = &rs->files->files[i];
		int one = has_name(rs, rf) ? rf->kind->look(rs, rf) : 0;

		r = one < 0 ? one : r;
	}
	return r;
}

bool fd_restore_has_type(const struct restore *rs, int type)
{
	for (size_t i = 0; i < rs->files->n; i++)
		if ((int)rs->files->files[i].fe->type == type)
			return true;
	return false;
}

bool fd_restore_fetches(const struct restore *rs)
{
	for (size_t i = 0; i < rs->n_tasks; i++) {
		const struct rtask_files *f = rs->tasks[i]->files;

		for (size_t k = 0; f && f->leads && k < f->table->n; k++)
			if (f->table->fds[k].file->owner != rs->tasks[i])
				return true;
	}
	return false;
}
