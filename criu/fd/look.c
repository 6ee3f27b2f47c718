// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before a restore, without it: are the files there that it will open by their names, or that its caller gives, and is there room for
 * what it makes? What lies in /proc/PID comes with the tasks, and has no name yet.
 */
#include <ctype.h>
#include <string.h>

#include "criu/fd/fd.h"
#include "criu/fd/kind.h"
#include "criu/fd/remap.h"
#include "criu/fd/rfiles.h"
#include "criu/task/restore.h"

static bool is_of_process(const char *path)
{
	return !strncmp(path, "/proc/", 6) && isdigit((unsigned char)path[6]);
}

static bool has_name(const struct rfile *rf)
{
	return rf->fe->type == FD_TYPES__REG && !rf->remap && !rf->is_path_of_tty && !is_of_process(rf->fe->reg->name);
}

static int look(struct restore *rs, struct rfile *rf)
{
	if (rf->remap)
		return remap_look(rf);
	if (!rf->kind->look || (rf->fe->type == FD_TYPES__REG && !has_name(rf)))
		return 0;
	/* Files that nobody has, but a mapping or a directory, have names. */
	return rf->owner || has_name(rf) ? rf->kind->look(rs, rf) : 0;
}

size_t fd_restore_count_named(const struct restore *rs)
{
	size_t n = 0;

	for (size_t i = 0; i < rs->files->n; i++)
		n += has_name(&rs->files->files[i]);
	return n;
}

int fd_restore_look(struct restore *rs)
{
	int r = rfile_raise_limit(rs);

	for (size_t i = 0; i < rs->files->n; i++) {
		int one = look(rs, &rs->files->files[i]);

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
