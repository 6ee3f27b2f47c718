// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is left in the world outside of tasks: files in the folder of the test, mounts, System V objects. Temporary names
 * of ghosts and links show here, as does anything that a failed restore has made and forgotten.
 */
#include "run.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* nftw() passes no argument. */
static struct snap *files_of;

static int one_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	char what[64];

	/* Sizes and times belong to tests that go on. */
	snprintf(what, sizeof(what), "mode %o links %lu uid %d", st->st_mode, (unsigned long)st->st_nlink, st->st_uid);
	snap_add(files_of, what, "file %s", path);
	return 0;
}

/* Every line is a thing that is there; @words: so many of its words tell which. */
static void take_lines(struct snap *sn, const char *path, const char *what, int words)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	while (f && getline(&line, &size, f) > 0) {
		char *end = line;

		for (int i = 0; i < words; i++) {
			end += strspn(end, " ");
			end += strcspn(end, " \n");
		}
		*end = 0;
		snap_add(sn, "", "%s %s", what, line);
	}
	free(line);
	if (f)
		fclose(f);
}

int trail_take(const struct stage *s, struct snap *ret)
{
	char *task;
	int r;

	memset(ret, 0, sizeof(*ret));
	if (asprintf(&task, "%s/task", s->r->dir) < 0)
		return -ENOMEM;
	files_of = ret;
	r = nftw(task, one_file, 16, FTW_PHYS);
	free(task);
	if (r < 0)
		return -errno;
	take_lines(ret, "/proc/self/mountinfo", "mount", 5);
	take_lines(ret, "/proc/sysvipc/shm", "shm", 2);
	take_lines(ret, "/proc/sysvipc/sem", "sem", 2);
	take_lines(ret, "/proc/sysvipc/msg", "msg", 2);
	snap_sort(ret);
	return 0;
}
