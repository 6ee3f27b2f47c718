// SPDX-License-Identifier: GPL-2.0-only
#include "criu/fd/tmpname.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/fd/rfiles.h"
#include "criu/task/restore.h"

struct tmpname *tmpname_new(struct restore *rs, const char *name, const char *tmp)
{
	struct tmpname *tn = tmp ? arena_obj(rs->arena, struct tmpname) : NULL;

	if (!tn)
		return NULL;
	tn->name = name;
	tn->tmp = tmp;
	list_init(&tn->same);
	list_add_tail(&tn->all, &rs->files->names);
	return tn;
}

/* A directory on the way: it has no other name than its own. */
static int make_parent(struct restore *rs, const char *path)
{
	struct tmpname *tn;

	if (mkdir(path, 0700) < 0)
		return errno == EEXIST ? 0 : err_path(path, -errno, "make the directory, which held a deleted file");
	tn = tmpname_new(rs, path, path);
	if (!tn)
		return -ENOMEM;
	tn->made = tn->is_dir = true;
	return 0;
}

int tmpname_make_parents(struct restore *rs, const struct tmpname *tn)
{
	const char *last = strrchr(tn->tmp, '/');

	for (const char *p = tn->tmp + 1; p < last; p++) {
		char *dir;
		int r;

		if (*p != '/')
			continue;
		dir = arena_printf(rs->arena, "%.*s", (int)(p - tn->tmp), tn->tmp);
		r = dir ? make_parent(rs, dir) : -ENOMEM;
		if (r < 0)
			return r;
	}
	if (last && last != tn->tmp) {
		char *dir = arena_printf(rs->arena, "%.*s", (int)(last - tn->tmp), tn->tmp);

		return dir ? make_parent(rs, dir) : -ENOMEM;
	}
	return 0;
}

static int remove_name(const struct tmpname *tn, const char *path)
{
	return neg_errno(tn->is_dir ? rmdir(path) : unlink(path));
}

/* Give the open files their old name back. Cosmetics: where it fails they keep the temporary one. */
static bool rename_back(const struct tmpname *tn)
{
	struct stat st;

	if (!renameat2(AT_FDCWD, tn->tmp, AT_FDCWD, tn->name, RENAME_NOREPLACE))
		return true;
	if (errno != EEXIST || lstat(tn->name, &st) < 0 || S_ISDIR(st.st_mode) != tn->is_dir)
		return false;
	if (tn->is_dir) /* rename() would have to replace ours by theirs, and both may be in use */
		return false;
	if (renameat2(AT_FDCWD, tn->tmp, AT_FDCWD, tn->name, RENAME_EXCHANGE) < 0)
		return false;
	/* Now ours has the old name and theirs the temporary one: theirs goes back, over ours. */
	if (rename(tn->tmp, tn->name) < 0)
		pr_err("%s: cannot rename it back to %s: %s\n", tn->tmp, tn->name, errno_name(errno));
	return false;
}

static void end_one(const struct tmpname *tn, bool failed)
{
	const char *path = tn->tmp;
	int r;

	if (!failed && strcmp(tn->tmp, tn->name) && rename_back(tn))
		path = tn->name;
	r = remove_name(tn, path);
	if (r < 0 && r != -ENOENT)
		pr_warn("%s: cannot take the temporary name away: %s\n", path, errno_name(r));
}

/* The longest first: what is in a directory goes before the directory. */
static struct tmpname *next_to_end(struct restore *rs)
{
	struct tmpname *tn, *best = NULL;

	list_for_each (tn, &rs->files->names, all) {
		if (!tn->made)
			continue;
		if (!best || strlen(tn->name) > strlen(best->name) ||
		    /* a directory made on the way is in the way of a deleted one of its name */
		    (strlen(tn->name) == strlen(best->name) && tn->tmp == tn->name))
			best = tn;
	}
	return best;
}

void tmpnames_end(struct restore *rs, bool failed)
{
	struct tmpname *tn;

	while ((tn = next_to_end(rs))) {
		end_one(tn, failed);
		tn->made = false;
	}
}
