// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/futex.h>
#include <sched.h>

TEST(.does = "a dying task clears the word of set_tid_address() and wakes who sleeps on it");

/*
 * In a child, the kernel writes into memory of the dying task alone, and does so only when
 * another user of that memory is left: a thread, so that somebody can look.
 */
static int word = 1;

static void one(void *arg)
{
	ok_eq(syscall(SYS_set_tid_address, &word), gettid_());
	thread_wait();
	/* Not pthread_exit(): it would use the address that libc had set. */
	syscall(SYS_exit, 0);
}

void test(void)
{
	thread(one, NULL);
	checkpoint_and_restore();
	ok_eq(__atomic_load_n(&word, __ATOMIC_SEQ_CST), 1);
	threads_go();
	while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 1)
		syscall(SYS_futex, &word, FUTEX_WAIT, 1, NULL, NULL, 0);
	ok_eq(word, 0);
}
