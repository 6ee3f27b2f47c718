// SPDX-License-Identifier: GPL-2.0-only
/* The tests: every program below the folder, as it describes itself with --describe. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const mode_names[MODES] = { "host", "ns", "userns" };
const char *const as_names[ASES] = { "root", "user" };

/* nftw() has no argument for its callback. */
static struct test *found;
static int n_found;
static size_t top_len;

static int see(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *dot = strrchr(path + ftw->base, '.');
	struct test *t;

	if (type != FTW_F || !(st->st_mode & S_IXUSR) || (dot && strcmp(dot, ".zt")))
		return 0;
	if (!strncmp(path + top_len + 1, "lib", 3))
		return 0;
	found = realloc(found, (n_found + 1) * sizeof(*found));
	t = &found[n_found++];
	memset(t, 0, sizeof(*t));
	t->path = strdup(path);
	t->name = strdup(path + top_len + 1);
	t->is_script = dot != NULL;
	if (dot)
		*strrchr(t->name, '.') = 0;
	return 0;
}

static void words(const char *v, const char *const *names, int n, bool *ret_set)
{
	for (int i = 0; i < n; i++) {
		const char *p = strstr(v, names[i]);

		/* "ns" is the tail of "userns". */
		while (p && p != v && p[-1] != ' ')
			p = strstr(p + 1, names[i]);
		ret_set[i] = p != NULL;
	}
}

static void take_line(struct test *t, char *line)
{
	char *v = strchr(line, ' ');
	struct { const char *key; char **to; } texts[] = {
		{ "does", &t->does }, { "needs", &t->needs }, { "refused", &t->refused },
		{ "opts", &t->opts }, { "dump_opts", &t->dump_opts }, { "restore_opts", &t->restore_opts },
		{ "peer", &t->peer }, { "may_differ", &t->may_differ }, { "outside", &t->outside },
		{ "between", &t->between }, { "restore_refused", &t->restore_refused }, { "undo", &t->undo }, { "once", &t->once },
	};

	if (!v)
		return;
	*v++ = 0;
	if (!strcmp(line, "flavours"))
		words(v, mode_names, MODES, t->modes);
	else if (!strcmp(line, "as"))
		words(v, as_names, ASES, t->as);
	else if (!strcmp(line, "seconds"))
		t->seconds = atoi(v);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (!strcmp(line, texts[i].key) && *v)
			*texts[i].to = strdup(v);
}

static int describe(struct test *t)
{
	char *argv[] = { t->path, "--describe", NULL }, *line = NULL;
	posix_spawn_file_actions_t fa;
	size_t size = 0;
	int p[2], r, status;
	ssize_t n;
	pid_t pid;
	FILE *f;

	if (pipe2(p, O_CLOEXEC) < 0)
		return -errno;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, p[1], 1);
	r = posix_spawn(&pid, t->path, &fa, NULL, argv, NULL);
	posix_spawn_file_actions_destroy(&fa);
	close(p[1]);
	if (r) {
		close(p[0]);
		return -r;
	}
	f = fdopen(p[0], "r");
	while ((n = getline(&line, &size, f)) > 0) {
		line[n - 1] = 0;
		take_line(t, line);
	}
	free(line);
	fclose(f);
	if (waitpid(pid, &status, 0) < 0 || status)
		return -EBADMSG;
	return t->does ? 0 : -ENOMSG;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct test *)a)->name, ((const struct test *)b)->name);
}

int catalog_read(const struct options *o, struct test **ret_tests, int *ret_n)
{
	top_len = strlen(o->tests);
	if (nftw(o->tests, see, 16, FTW_PHYS) < 0) {
		int r = -errno;

		fprintf(stderr, "zdtm: cannot look through %s: %s; build the tests with `make zdtm`\n", o->tests,
			strerror(-r));
		return r;
	}
	for (int i = 0; i < n_found; i++) {
		int r = found[i].is_script ? script_read(&found[i]) : describe(&found[i]);

		if (r == -ENOEXEC && !found[i].is_script) {
			/* A 32-bit program on a kernel without them is a skip, told as one. */
			found[i].does = "(this kernel cannot run it)";
			found[i].cannot = "this kernel does not run programs of that kind";
			found[i].modes[MODE_HOST] = found[i].as[AS_ROOT] = found[i].as[AS_USER] = true;
			found[i].seconds = 60;
		} else if (r < 0) {
			fprintf(stderr, "zdtm: %s does not describe itself: %s\n", found[i].path, strerror(-r));
			return r;
		}
	}
	for (int i = 0; i < n_found; i++)
		found[i].seconds *= o->slow;
	qsort(found, n_found, sizeof(*found), by_name);
	*ret_tests = found;
	*ret_n = n_found;
	return 0;
}
