// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/aio_abi.h>

TEST(.does = "completions that nobody has taken out of an AIO ring are still there", .needs = "aio_remap");

void test(void)
{
	struct iocb cb = { .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_nbytes = 3, .aio_data = 77 }, *list = &cb;
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	struct io_event ev[4];
	aio_context_t ctx = 0;

	if (syscall(SYS_io_setup, 10, &ctx) < 0)
		skip("no AIO here: %s", strerror(errno));
	cb.aio_fildes = fd;
	cb.aio_buf = (uintptr_t)"abc";
	for (int i = 0; i < 3; i++) {
		cb.aio_data = 70 + i;
		ok_eq(syscall(SYS_io_submit, ctx, 1, &list), 1);
	}
	fsync(fd);
	checkpoint_and_restore();
	ok_eq(syscall(SYS_io_getevents, ctx, 3, 4, ev, NULL), 3);
	for (int i = 0; i < 3; i++) {
		ok_eq(ev[i].data, 70 + i);
		ok_eq(ev[i].res, 3);
	}
}
