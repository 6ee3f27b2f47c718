// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the head of the robust list that each thread told the kernel");

static void *head_of(pid_t tid, size_t *len)
{
	void *head = NULL;

	ok_sys(syscall(SYS_get_robust_list, tid, &head, len));
	return head;
}

static void check_same(void (*between)(void))
{
	size_t len, len2;
	void *head = head_of(0, &len);

	between();
	ok_ptr(head_of(0, &len2), head);
	ok_eq(len2, len);
	ok_ne(len, 0);
}

static void one(void *arg)
{
	check_same(thread_wait);
}

void test(void)
{
	pthread_t t = thread(one, NULL);

	check_same(checkpoint_and_restore);
	threads_go();
	thread_ok(t);
}
