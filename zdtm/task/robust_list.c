// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a robust mutex whose owner dies after the restore tells so to the next");

static pthread_mutex_t *m;

static void owner(void *arg)
{
	ok_pt(pthread_mutex_lock(m));
	thread_wait();
	/* Ends and does not unlock: the kernel walks the list. */
}

void test(void)
{
	pthread_mutexattr_t a;
	pthread_t t;

	m = ok_map(mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	ok_pt(pthread_mutex_init(m, &a));
	t = thread(owner, NULL);
	checkpoint_and_restore();
	ok_eq(pthread_mutex_trylock(m), EBUSY);
	threads_go();
	thread_ok(t);
	ok_eq(pthread_mutex_lock(m), EOWNERDEAD);
}
