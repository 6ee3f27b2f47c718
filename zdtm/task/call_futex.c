// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/futex.h>

TEST(.does = "futex() goes on to wait for its word, with and without a time limit");

static int *word;

static void waiter(void *arg)
{
	struct timespec t = { 600, 0 };

	child_ready();
	while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == 0)
		if (syscall(SYS_futex, word, FUTEX_WAIT, 0, arg ? &t : NULL, NULL, 0) < 0 && errno != EINTR)
			ok_eq(errno, EAGAIN);
}

void test(void)
{
	pid_t a, b;

	word = ok_map(mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	a = child(waiter, NULL);
	b = child(waiter, "timed");
	wait_asleep(a);
	wait_asleep(b);
	checkpoint_and_restore();
	wait_asleep(a);
	__atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, word, FUTEX_WAKE, 10, NULL, NULL, 0);
	child_ended(a);
	child_ended(b);
}
