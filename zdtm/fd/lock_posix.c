// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "POSIX locks keep owner, type and ranges; a child that waits for one gets it at the unlock", .opts = "--file-locks",
     .peer = "dump: it writes no lock that a child has set through a description of its parent");

static int fd;

static struct flock lock_of(short type, off_t start, off_t len)
{
	return (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };
}

static void set(short type, off_t start, off_t len)
{
	struct flock l = lock_of(type, start, len);

	ok_zero(fcntl(fd, F_SETLK, &l));
}

static void waits(void *arg)
{
	struct flock l = lock_of(F_WRLCK, 10, 5);

	child_ready();
	ok_zero(fcntl(fd, F_SETLKW, &l));
}

static void holds(void *arg)
{
	set(F_RDLCK, 1000, 7);
	checkpoint_and_restore();
	set(F_UNLCK, 1000, 7);
}

static void check(off_t start, short type, off_t first, off_t len, pid_t pid)
{
	struct flock l = lock_of(F_WRLCK, start, 1);

	ok_zero(fcntl(fd, F_GETLK, &l));
	ok_eq(l.l_type, type);
	ok_eq(l.l_pid, pid);
	ok_eq(l.l_start, first);
	ok_eq(l.l_len, len);
}

static void looks(void *arg)
{
	checkpoint_and_restore();
	check(12, F_WRLCK, 10, 5, getppid());
	check(1 << 20, F_RDLCK, 5000, 0, getppid());
}

void test(void)
{
	pid_t waiter, holder, looker;
	struct flock l;

	fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	set(F_WRLCK, 10, 5);
	set(F_RDLCK, 5000, 0);
	ok_fd(dup(fd)); /* shows the locks a second time */
	waiter = child(waits, NULL);
	wait_asleep(waiter);
	holder = child(holds, NULL);
	looker = child(looks, NULL);
	checkpoint_and_restore();
	child_ok(looker);
	check(1003, F_RDLCK, 1000, 7, holder);
	child_ok(holder);
	l = lock_of(F_WRLCK, 1003, 1);
	ok_zero(fcntl(fd, F_GETLK, &l));
	ok_eq(l.l_type, F_UNLCK);
	set(F_UNLCK, 10, 5);
	child_ended(waiter);
}
