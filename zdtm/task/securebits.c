// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/securebits.h>
#include <sys/prctl.h>

TEST(.does = "securebits, with their locks", .as = ROOT);

void test(void)
{
	const int bits = SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
			 SECBIT_KEEP_CAPS_LOCKED;

	ok_sys(prctl(PR_SET_SECUREBITS, bits));
	checkpoint_and_restore();
	ok_eq(prctl(PR_GET_SECUREBITS), bits);
}
