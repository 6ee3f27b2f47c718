/* SPDX-License-Identifier: LGPL-2.1-only */
/* Control groups: which hierarchies are mounted where we can see them, and what they offer. */
#include "kerndat/probes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"

/*
 * The mount point of the first mount of @type whose super block options hold the word @option
 * (NULL: any). Returns how many such there are, or -errno.
 */
static int find_mounts(const char *type, const char *option, char *dir, size_t size)
{
	autofree char *text = NULL;
	char *line, *rest;
	int n = 0, r;

	r = io_slurp_at(AT_FDCWD, "/proc/self/mountinfo", &text, NULL);
	if (r < 0)
		return r;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *sep = strstr(line, " - ");
		char point[1024], fs[64], opts[1024], word[64];

		if (!sep || sscanf(sep, " - %63s %*s %1023s", fs, opts) != 2 || strcmp(fs, type) ||
		    sscanf(line, "%*s %*s %*s %*s %1023s", point) != 1)
			continue;
		if (option) {
			char all[1100];

			snprintf(all, sizeof(all), ",%s,", opts);
			snprintf(word, sizeof(word), ",%s,", option);
			if (!strstr(all, word))
				continue;
		}
		/* A blank in it is written as \040: such a path is not followed, only counted. */
		if (!n++)
			snprintf(dir, size, "%s", point);
	}
	return n;
}

/* The names of all v1 hierarchies that tasks are in, as far as there is room: lines "4:cpu,cpuacct:/a". */
static void name_controllers(char *names, size_t room)
{
	char text[8192], *line, *rest;
	size_t n = 0;

	*names = 0;
	if (kd_read_file("/proc/self/cgroup", text, sizeof(text)) < 0)
		return;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *name = strchr(line, ':');
		int len = name ? (int)strcspn(++name, ":") : 0;

		if (len && n + (size_t)len + 2 < room)
			n += (size_t)snprintf(names + n, room - n, "%s%.*s", n ? " " : "", len, name);
	}
}

PROBE(probe_cgroup_v1)
{
	char dir[1024];
	int n = find_mounts("cgroup", NULL, dir, sizeof(dir));
	struct kd_answer a;

	if (n < 0)
		return kd_cannot_tell(n);
	if (!n)
		return kd_no();
	a = kd_yes_value((uint64_t)n);
	name_controllers(a.why, sizeof(a.why));
	return a;
}

PROBE(probe_cgroup_hybrid)
{
	struct kd_answer v1 = kerndat_ask(kd, KD_CGROUP_V1), v2 = kerndat_ask(kd, KD_CGROUP_V2);

	if (v1.state == KD_CANNOT_TELL || v2.state == KD_CANNOT_TELL)
		return v1.state == KD_CANNOT_TELL ? v1 : v2;
	return v1.state == KD_YES && v2.state == KD_YES ? kd_yes() : kd_no();
}

PROBE(probe_cgroup_v2)
{
	char dir[1024], path[1100], text[1024];
	int n = find_mounts("cgroup2", NULL, dir, sizeof(dir));
	struct kd_answer a;
	uint64_t words = 0;

	if (n < 0)
		return kd_cannot_tell(n);
	if (!n)
		return kd_no();
	snprintf(path, sizeof(path), "%s/cgroup.controllers", dir);
	n = kd_read_file(path, text, sizeof(text));
	for (char *p = text; n > 0 && *p; p++)
		words += (*p == ' ' || *p == '\n') && p > text && p[-1] != ' ' && p[-1] != '\n';
	a = kd_yes_value(words);
	if (n > 0)
		snprintf(a.why, sizeof(a.why), "%.*s", (int)strcspn(text, "\n"), text);
	return a;
}

PROBE(probe_cgroup_writable)
{
	char dir[1024];
	int n = find_mounts(row->path, NULL, dir, sizeof(dir));

	if (n < 0)
		return kd_cannot_tell(n);
	if (!n)
		return kd_no_why("it is not mounted");
	if (access(dir, W_OK) == 0)
		return kd_yes();
	return errno == EACCES || errno == EROFS ? kd_no_err(errno) : kd_cannot_tell(errno);
}

PROBE(probe_freezer_v1)
{
	char dir[1024];
	int n = find_mounts("cgroup", "freezer", dir, sizeof(dir));

	if (n < 0)
		return kd_cannot_tell(n);
	if (!n)
		return kd_no_why("it is not mounted");
	if (access(dir, W_OK) == 0)
		return kd_yes();
	/* ENOENT: something is mounted over it. */
	return errno == EACCES || errno == EROFS ? kd_no_err(errno) : kd_cannot_tell(errno);
}

/* Every group of v2 but the root has the file or none has: look at the first one. */
PROBE(probe_cgroup_file)
{
	char dir[1024], path[1400];
	int n = find_mounts("cgroup2", NULL, dir, sizeof(dir));
	struct dirent *e;
	DIR *d;

	if (n < 0)
		return kd_cannot_tell(n);
	if (!n)
		return kd_no_why("cgroup v2 is not mounted");
	/* In a container the mount may show a group that is not the root. */
	snprintf(path, sizeof(path), "%s/%s", dir, row->path);
	if (access(path, F_OK) == 0)
		return kd_yes();

	d = opendir(dir);
	if (!d)
		return kd_cannot_tell(errno);
	path[0] = 0;
	while (!path[0] && (e = readdir(d)))
		if (e->d_type == DT_DIR && e->d_name[0] != '.')
			snprintf(path, sizeof(path), "%s/%s/%s", dir, e->d_name, row->path);
	closedir(d);
	if (!path[0])
		return kd_cannot_tell_why(0, "there is no group but the root to look at");
	if (access(path, F_OK) == 0)
		return kd_yes();
	return errno == ENOENT ? kd_no_err(ENOENT) : kd_cannot_tell(errno);
}
