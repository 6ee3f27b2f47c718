// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the same without --link-remap is refused, and says which option helps",
     .refused = "--link-remap");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));

	ok_sys(link("file", "other"));
	ok_sys(unlink("file"));
	checkpoint_and_restore();
	ok_eq(write(fd, "abc", 3), 3);
}
