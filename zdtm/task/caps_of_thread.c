// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/capability.h>

TEST(.does = "a thread that dropped capabilities stays without them, the others keep theirs", .as = ROOT);

static uint64_t effective(void)
{
	return strtoull(proc_field("CapEff", "/proc/self/task/%d/status", gettid_()), NULL, 16);
}

static void one(void *arg)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = { { .effective = 1u << CAP_KILL, .permitted = 1u << CAP_KILL | 1u << CAP_CHOWN } };

	ok_sys(syscall(SYS_capset, &h, d));
	thread_wait();
	memset(d, 0, sizeof(d));
	ok_sys(syscall(SYS_capget, &h, d));
	ok_eq(d[0].effective, 1u << CAP_KILL);
	ok_eq(d[0].permitted, 1u << CAP_KILL | 1u << CAP_CHOWN);
	ok_eq(d[1].permitted, 0);
}

void test(void)
{
	uint64_t all = effective();
	pthread_t t = thread(one, NULL);

	checkpoint_and_restore();
	ok_eq(effective(), all);
	threads_go();
	thread_ok(t);
}
