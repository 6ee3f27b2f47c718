// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/sysmacros.h>

TEST(.does = "with --evasive-devices a device whose own name is gone is opened by another", .as = ROOT,
     .dump_opts = "--evasive-devices", .may_differ = "fd *, fdinfo *: it has another name, by our own wish");

void test(void)
{
	char before[256], buf[4];
	const char *after;
	int fd;

	if (mknod("mine", S_IFCHR | 0600, makedev(1, 5)) < 0)
		skip("cannot make a device: %s", strerror(errno));
	fd = open("mine", O_RDWR);
	if (fd < 0)
		skip("devices cannot be used here: %s", strerror(errno));
	ok_sys(unlink("mine"));
	snprintf(before, sizeof(before), "%s", link_of("/proc/self/fd/%d", fd));
	checkpoint_and_restore();
	after = link_of("/proc/self/fd/%d", fd);
	/* Undisturbed, or dumped and left running, it is still the first. */
	if (strcmp(after, before))
		ok_str(after, "/dev/zero");
	ok_eq(read(fd, buf, 4), 4);
	ok_mem(buf, "\0\0\0", 4);
}
