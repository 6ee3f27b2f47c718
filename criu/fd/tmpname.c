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

void tmpname_cut(char *name)
{
	static const char *const forms[] = { ".cr.%*x.ghost%n", ".%*u.cr_link%n" };
	const char *slash = strrchr(name, '/');

	for (char *dot = slash ? strchr(slash + 1, '.') : NULL; dot; dot = strchr(dot + 1, '.')) {
		for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
			int n = 0;

			if (dot > slash + 1 && !sscanf(dot, forms[i], &n) && n && !dot[n]) {
				*dot = 0;
				return;
			}
		}
	}
}

/* Is @path the file @was? Somebody may have put his own in its place. */
static bool is_same(const char *path, const struct stat *was)
{
	struct stat st;

	return !lstat(path, &st) && st.st_dev == was->st_dev && st.st_ino == was->st_ino;
}

/* Give the open files their old name back, where it is free. Cosmetics: else they keep the temporary one. */
static void end_one(const struct tmpname *tn, bool failed)
{
	const char *path = tn->tmp;
	struct stat was;
	int r;

	if (!failed && strcmp(tn->tmp, tn->name) && !lstat(tn->tmp, &was) &&
	    !renameat2(AT_FDCWD, tn->tmp, AT_FDCWD, tn->name, RENAME_NOREPLACE)) {
		if (!is_same(tn->name, &was))
			return; /* replaced meanwhile, and gone by that */
		path = tn->name;
	}
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
