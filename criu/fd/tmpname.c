// SPDX-License-Identifier: GPL-2.0-only
#include "criu/fd/tmpname.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/fd/rfiles.h"
#include "criu/task/restore.h"

/* One more place among the names; what it takes to put them in order at the end is there then. */
static int make_room(struct restore *rs)
{
	struct restore_files *fs = rs->files;
	const size_t room = fs->room_for_names ? 2 * fs->room_for_names : 16;
	struct tmpname **more;

	if (fs->n_names < fs->room_for_names)
		return 0;
	more = arena_array(rs->arena, room, sizeof(struct tmpname *));
	if (!more)
		return -ENOMEM;
	if (fs->n_names)
		memcpy(more, fs->names, fs->n_names * sizeof(struct tmpname *));
	fs->names = more;
	fs->room_for_names = room;
	return 0;
}

struct tmpname *tmpname_new(struct restore *rs, const char *name, const char *tmp)
{
	struct tmpname *tn = tmp ? arena_obj(rs->arena, struct tmpname) : NULL;

	if (!tn || make_room(rs) < 0)
		return NULL;
	tn->name = name;
	tn->tmp = tmp;
	list_init(&tn->same);
	rs->files->names[rs->files->n_names++] = tn;
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

int tmpname_err_taken(const struct tmpname *tn)
{
	return err_path(tn->tmp, -EEXIST, "make the deleted file again; a restore may be running, or remove it");
}

int tmpname_look(const struct tmpname *tn)
{
	char path[PATH_MAX], *slash;
	int r;

	if (faccessat(AT_FDCWD, tn->tmp, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return tmpname_err_taken(tn);
	if ((size_t)snprintf(path, sizeof(path), "%s", tn->tmp) >= sizeof(path))
		return err_path(tn->tmp, -ENAMETOOLONG, "make the deleted file again");
	while ((slash = strrchr(path, '/'))) {
		slash[slash == path] = 0;
		r = neg_errno(faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS));
		if (r != -ENOENT || slash == path)
			return r < 0 ? err_path(path, r, "make a deleted file in it again") : 0;
	}
	return 0;
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
static int by_depth(const void *x, const void *y)
{
	const struct tmpname *a = *(struct tmpname *const *)x, *b = *(struct tmpname *const *)y;
	const size_t m = strlen(a->name), n = strlen(b->name);

	if (m != n)
		return m > n ? -1 : 1;
	/* A directory made on the way is in the way of a deleted one of its name. */
	return (b->tmp == b->name) - (a->tmp == a->name);
}

void tmpnames_end(struct restore *rs, bool failed)
{
	struct restore_files *fs = rs->files;

	if (fs->n_names)
		qsort(fs->names, fs->n_names, sizeof(*fs->names), by_depth);
	for (size_t i = 0; i < fs->n_names; i++) {
		if (fs->names[i]->made)
			end_one(fs->names[i], failed);
		fs->names[i]->made = false;
	}
}
