// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/aio_abi.h>

TEST(.does = "an AIO context keeps its number and goes on to complete requests", .needs = "aio_remap");

static long submit(aio_context_t ctx, int fd, void *buf, size_t n, uint64_t data)
{
	struct iocb cb = { .aio_fildes = fd, .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_buf = (uintptr_t)buf,
			   .aio_nbytes = n, .aio_data = data }, *list = &cb;

	return syscall(SYS_io_submit, ctx, 1, &list);
}

void test(void)
{
	aio_context_t ctx = 0, other = 0, empty = 0;
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	struct io_event ev;

	if (syscall(SYS_io_setup, 63, &ctx) < 0)
		skip("no AIO here: %s", strerror(errno));
	ok_sys(syscall(SYS_io_setup, 500, &other));
	ok_sys(syscall(SYS_io_setup, 1, &empty));
	/* So that head and tail of the ring are not where they start. */
	for (int i = 0; i < 40; i++) {
		ok_eq(submit(ctx, fd, "abc", 3, i), 1);
		ok_eq(syscall(SYS_io_getevents, ctx, 1, 1, &ev, NULL), 1);
	}
	checkpoint_and_restore();
	for (int i = 0; i < 40; i++) {
		ok_eq(submit(ctx, fd, "defg", 4, 100 + i), 1);
		ok_eq(syscall(SYS_io_getevents, ctx, 1, 1, &ev, NULL), 1);
		ok_eq(ev.data, 100 + i);
		ok_eq(ev.res, 4);
	}
	ok_eq(submit(other, fd, "x", 1, 7), 1);
	ok_eq(syscall(SYS_io_getevents, other, 1, 1, &ev, NULL), 1);
	ok_zero(syscall(SYS_io_destroy, ctx));
	ok_zero(syscall(SYS_io_destroy, empty));
}
