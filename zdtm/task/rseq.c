// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sched.h>

TEST(.does = "restartable sequences stay registered: the kernel goes on to write the CPU number", .needs = "get_rseq_conf");

/* libc has registered an area of its own for each thread; we take its place. */
struct area {
	uint32_t cpu_id_start, cpu_id;
	uint64_t rseq_cs;
	uint32_t flags, node_id, mm_cid, pad;
} __attribute__((aligned(32)));

#if __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
static void *libc_area(void)
{
	return (char *)__builtin_thread_pointer() + __rseq_offset;
}
static unsigned libc_size(void)
{
	return __rseq_size ? 32 : 0;
}
#else
static void *libc_area(void)
{
	return NULL;
}
static unsigned libc_size(void)
{
	return 0;
}
#endif

/* What stands before an abort address; each architecture has chosen another. */
#ifdef RSEQ_SIG
#define SIG RSEQ_SIG
#else
#define SIG 0x53053053
#endif

static struct area mine;

void test(void)
{
	if (libc_size() && syscall(SYS_rseq, libc_area(), libc_size(), 1, SIG) < 0)
		skip("cannot unregister what libc registered: %s", strerror(errno));
	if (syscall(SYS_rseq, &mine, sizeof(mine), 0, SIG) < 0)
		skip("no rseq here: %s", strerror(errno));
	checkpoint_and_restore();
	/* Registered with this address, size and signature, or it would be EINVAL, EPERM. */
	ok_errno(syscall(SYS_rseq, &mine, sizeof(mine), 0, SIG), EBUSY);
	mine.cpu_id = 9999;
	do {
		sched_yield();
	} while (*(volatile uint32_t *)&mine.cpu_id == 9999);
	ok_le(mine.cpu_id, 4096);
	ok_zero(syscall(SYS_rseq, &mine, sizeof(mine), 1, SIG));
}
