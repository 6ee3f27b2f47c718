// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "read() of an empty pipe, write() to a full one, and open() of a FIFO go on");

static int empty, full;

static void reader(void *arg)
{
	char c = 0;

	child_ready();
	ok_eq(read(empty, &c, 1), 1);
	ok_eq(c, 'e');
}

static void writer(void *arg)
{
	child_ready();
	ok_eq(write(full, "w", 1), 1);
}

static void opener(void *arg)
{
	char c;
	int fd;

	child_ready();
	fd = ok_fd(open("fifo", O_RDONLY));
	ok_eq(read(fd, &c, 1), 1);
}

void test(void)
{
	static char buf[4096];
	pid_t a, b, c;
	int e[2], f[2], fd;
	ssize_t n = 0, r;

	ok_sys(pipe(e));
	ok_sys(pipe(f));
	ok_sys(mkfifo("fifo", 0600));
	ok_sys(fcntl(f[1], F_SETFL, O_NONBLOCK));
	while ((r = write(f[1], buf, sizeof(buf))) > 0)
		n += r;
	ok_sys(fcntl(f[1], F_SETFL, 0));
	empty = e[0];
	full = f[1];
	a = child(reader, NULL);
	b = child(writer, NULL);
	c = child(opener, NULL);
	wait_asleep(a);
	wait_asleep(b);
	wait_asleep(c);
	checkpoint_and_restore();
	ok_eq(write(e[1], "e", 1), 1);
	child_ended(a);
	for (; n > 0; n -= r)
		r = ok_sys(read(f[0], buf, sizeof(buf)));
	child_ended(b);
	ok_eq(read(f[0], buf, 1), 1);
	ok_eq(buf[0], 'w');
	fd = ok_fd(open("fifo", O_WRONLY));
	ok_eq(write(fd, "x", 1), 1);
	child_ended(c);
}
