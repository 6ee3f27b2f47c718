// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/capability.h>
#include <sys/prctl.h>

TEST(.does = "capability sets: effective, permitted, inheritable, ambient and bounding", .as = ROOT);

static void get(struct __user_cap_data_struct d[2])
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };

	ok_sys(syscall(SYS_capget, &h, d));
}

static bool in(uint32_t set, int cap)
{
	return set & 1u << cap;
}

void test(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2], got[2];

	get(d);
	if (!in(d[0].permitted, CAP_CHOWN) || !in(d[0].permitted, CAP_SETPCAP) || !in(d[0].permitted, CAP_KILL))
		skip("this root has not the capabilities to play with");
	ok_sys(prctl(PR_CAPBSET_DROP, CAP_MKNOD, 0, 0, 0));
	ok_sys(prctl(PR_CAPBSET_DROP, CAP_AUDIT_WRITE, 0, 0, 0));
	d[0].permitted &= ~(1u << CAP_NET_RAW);
	d[0].effective = d[0].permitted & ~(1u << CAP_CHOWN);
	d[0].inheritable = 1u << CAP_KILL | 1u << CAP_CHOWN;
	d[1].effective = 0;
	ok_sys(syscall(SYS_capset, &h, d));
	ok_sys(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
	checkpoint_and_restore();
	get(got);
	ok_mem(got, d, sizeof(d));
	ok_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0), 1);
	ok_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0), 0);
	ok_eq(prctl(PR_CAPBSET_READ, CAP_MKNOD, 0, 0, 0), 0);
	ok_eq(prctl(PR_CAPBSET_READ, CAP_AUDIT_WRITE, 0, 0, 0), 0);
	ok_eq(prctl(PR_CAPBSET_READ, CAP_KILL, 0, 0, 0), 1);
}
