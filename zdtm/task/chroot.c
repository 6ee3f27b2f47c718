// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a changed root directory", .as = ROOT);

void test(void)
{
	ok_sys(mkdir("root", 0755));
	ok_sys(mkdir("root/inner", 0755));
	close(ok_fd(open("root/inner/file", O_CREAT | O_WRONLY, 0600)));
	ok_sys(chroot("root"));
	ok_sys(chdir("/inner"));
	checkpoint_and_restore();
	ok_sys(access("/inner/file", F_OK));
	ok_sys(access("file", F_OK));
	ok_errno(access("/etc", F_OK), ENOENT);
	ok_errno(access("../../out", F_OK), ENOENT);
}
