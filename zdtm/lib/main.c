// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test program from start to end: --describe, the word between runner and test, the checks.
 *
 * The word is a line on stderr one way ("zdtm: ready") and SIGTERM the other way: both work in
 * every namespace and after chroot, and leave no object behind. SIGTERM is blocked before
 * anything else happens, so it is not lost when it comes early.
 */
#include "zdtm.h"

#include <stdarg.h>

/* Set in a child: the pipe on which its parent waits. -1 in the root task. */
static int ready_fd = -1;
static bool is_child;

void zdtm_set_child(int fd, bool own_files);

/* @fd: the pipe on which our parent waits; the one on which its parent waits is not ours. */
void zdtm_set_child(int fd, bool own_files)
{
	if (ready_fd >= 0 && own_files)
		close(ready_fd);
	is_child = true;
	ready_fd = fd;
}

static void say(const char *tag, const char *where, const char *fmt, va_list ap)
{
	char line[1024];
	int n = snprintf(line, sizeof(line), "zdtm: %s: [%d] %s", tag, (int)getpid(), where);

	n += vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	/* One write a line; nothing to do about a failure here. */
	(void)!write(2, line, n);
}

void zdtm_fail(const char *file, int line, const char *fmt, ...)
{
	char where[256];
	va_list ap;

	snprintf(where, sizeof(where), "%s:%d: ", file, line);
	va_start(ap, fmt);
	say("fail", where, fmt, ap);
	va_end(ap);
	_exit(1);
}

void skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("skip", "", fmt, ap);
	va_end(ap);
	_exit(77);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("note", "", fmt, ap);
	va_end(ap);
}

static void say_ready(void)
{
	static const char text[] = "zdtm: ready\n";

	if (write(2, text, sizeof(text) - 1) != sizeof(text) - 1)
		_exit(1);
}

void child_ready(void)
{
	if (ready_fd < 0)
		return;
	if (write(ready_fd, "", 1) != 1)
		fail("cannot tell the parent: %s", strerror(errno));
	close(ready_fd);
	ready_fd = -1;
}

void announce(void)
{
	if (is_child)
		child_ready();
	else
		say_ready();
}

void wait_for_word(void)
{
	sigset_t word;

	sigemptyset(&word);
	sigaddset(&word, SIGTERM);
	/* EINTR: a dump interrupts, and so does any handler of the test. */
	while (sigwaitinfo(&word, NULL) != SIGTERM)
		if (errno != EINTR)
			fail("sigwaitinfo: %s", strerror(errno));
}

void checkpoint_and_restore(void)
{
	announce();
	wait_for_word();
}

static const char *text(const char *s)
{
	return s ? s : "";
}

/* One "key value" a line; the runner knows these keys, and a value has no newline. */
static void describe(void)
{
	const struct zdtm_test *t = &zdtm_test;
	int flavours = t->flavours ? t->flavours : HOST | NS | USERNS;
	int as = t->as ? t->as : BOTH;

	printf("does %s\n", text(t->does));
	printf("flavours%s%s%s\n", flavours & HOST ? " host" : "", flavours & NS ? " ns" : "",
	       flavours & USERNS ? " userns" : "");
	printf("as%s%s\n", as & ROOT ? " root" : "", as & USER ? " user" : "");
	printf("needs %s\n", text(t->needs));
	printf("refused %s\n", text(t->refused));
	printf("opts %s\n", text(t->opts));
	printf("dump_opts %s\n", text(t->dump_opts));
	printf("restore_opts %s\n", text(t->restore_opts));
	printf("between %s\n", text(t->between));
	printf("restore_refused %s\n", text(t->restore_refused));
	printf("undo %s\n", text(t->undo));
	printf("peer %s\n", text(t->peer));
	printf("once %s\n", text(t->once));
	printf("may_differ %s\n", text(t->may_differ));
	printf("outside %s\n", text(t->outside));
	printf("seconds %d\n", t->seconds ? t->seconds : 60);
}

int main(int argc, char **argv)
{
	sigset_t word;

	if (argc == 2 && !strcmp(argv[1], "--describe")) {
		describe();
		return 0;
	}
	sigemptyset(&word);
	sigaddset(&word, SIGTERM);
	sigprocmask(SIG_BLOCK, &word, NULL);
	test();
	_exit(0);
}
