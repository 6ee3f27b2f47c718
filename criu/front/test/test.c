/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/test/test.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "criu/front/cmdline.h"

static struct {
	const char *criu;
	char dir[64];
	char *text;	/* of the last program or parse */
	bool failed, skipped;
} the;

const char *test_criu(void)
{
	return the.criu;
}

const char *test_dir(void)
{
	return the.dir;
}

const char *test_errors(void)
{
	return the.text ? the.text : "";
}

void test_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	the.failed = true;
	printf("# %s:%d: ", file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void test_skip(const char *why)
{
	the.skipped = true;
	printf("# %s\n", why);
}

void test_str(const char *file, int line, const char *what, const char *got, const char *want)
{
	if (got && want ? strcmp(got, want) : got != want)
		test_fail(file, line, "%s: got \"%s\", want \"%s\"", what, got ?: "(null)",
			  want ?: "(null)");
}

static void must(bool fine, const char *what)
{
	if (!fine) {
		perror(what);
		exit(2);
	}
}

const char *test_file(const char *name, const char *text)
{
	char *path;
	FILE *f;

	must(asprintf(&path, "%s/%s", the.dir, name) > 0, "asprintf");
	f = fopen(path, "we");
	must(f && fputs(text, f) >= 0 && fclose(f) == 0, path);
	return path;
}

char *test_read(const char *path)
{
	char *text;

	return io_slurp_at(AT_FDCWD, path, &text, NULL) < 0 ? NULL : text;
}

/* Words between blanks; a ' before a word takes it to the next '. */
static char **split(const char *words, int *ret_n)
{
	char *s = strdup(words), **v = calloc(64, sizeof(*v));
	int n = 0;

	must(s && v, "memory");
	while (*s && n < 63) {
		char end = ' ';

		s += strspn(s, " ");
		if (*s == '\'')
			end = *s++;
		if (!*s)
			break;
		v[n++] = s;
		s += strcspn(s, (char[]){ end, 0 });
		if (*s)
			*s++ = 0;
	}
	*ret_n = n;
	return v;
}

static int text_open(void)
{
	int fd = open(the.dir, O_TMPFILE | O_RDWR, 0600);

	must(fd >= 0, "O_TMPFILE");
	return fd;
}

static void text_keep(int fd)
{
	free(the.text);
	the.text = NULL;
	lseek(fd, 0, SEEK_SET);
	must(io_slurp(fd, &the.text, NULL) == 0, "read");
	close(fd);
}

int parse(struct options *o, struct opt_parse *p, const char *words)
{
	int argc, r, fd = text_open(), err = dup(2);
	char line[1024], **argv;

	snprintf(line, sizeof(line), "criu %s", words);
	argv = split(line, &argc);

	fflush(stderr);
	dup2(fd, 2);
	log_init(2, LOG_WARN);
	options_init(o);
	*p = (struct opt_parse){ .o = o };
	r = cmdline_parse(argc, argv, p);
	fflush(stderr);
	dup2(err, 2);
	close(err);

	text_keep(fd);
	return r;
}

int run(const char *words)
{
	int argc, status, fd = text_open();
	char line[1024], **argv;
	pid_t pid;

	snprintf(line, sizeof(line), "%s %s", the.criu, words);
	argv = split(line, &argc);

	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0) {
		dup2(fd, 1);
		dup2(fd, 2);
		execv(argv[0], argv);
		_exit(126);
	}
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	text_keep(fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void empty_dir(void)
{
	struct dirent *e;
	DIR *d = opendir(the.dir);

	must(d, the.dir);
	while ((e = readdir(d)))
		(void)unlinkat(dirfd(d), e->d_name, 0);	/* "." and ".." refuse */
	closedir(d);
}

/* Each in a process of its own: what one does to descriptors or the environment ends with it. */
static int run_test(const struct test *t)
{
	int status;
	pid_t pid;

	fflush(stdout);
	empty_dir();
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0) {
		t->run();
		fflush(stdout);
		_exit(the.failed ? 1 : the.skipped ? 77 : 0);
	}
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		return 77;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct test *const all[] = { values_tests, config_tests, cmdline_tests, flow_tests,
					   binary_tests };
	int passed = 0, failed = 0, skipped = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: front_test CRIU\n");
		return 2;
	}
	the.criu = argv[1];
	snprintf(the.dir, sizeof(the.dir), "%s/criu-front.XXXXXX", getenv("TMPDIR") ?: "/tmp");
	must(mkdtemp(the.dir), the.dir);

	/* What the user of the test has set is not part of it. */
	unsetenv("CRIU_CONFIG_FILE");
	unsetenv("CRIU_DEPRECATED");
	unsetenv("POSIXLY_CORRECT");
	setenv("HOME", the.dir, 1);

	for (size_t g = 0; g < sizeof(all) / sizeof(all[0]); g++) {
		for (const struct test *t = all[g]; t->name; t++) {
			int r = run_test(t);

			printf("%s front %s\n", r == 77 ? "SKIP" : r ? "FAIL" : "PASS", t->name);
			passed += r == 0;
			skipped += r == 77;
			failed += r && r != 77;
		}
	}

	empty_dir();
	rmdir(the.dir);
	printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
	return failed ? 1 : 0;
}
