// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the x87 stack: eight values, control, status and tag words, through the checkpoint in registers");

struct x87 {
	uint16_t cw, r0, sw, r1, tw, r2;
	uint32_t ip, cs, dp, ds;
	uint8_t st[80];
} __attribute__((packed));

/* Between load and store no C code runs: the wait is a read of a pipe, by hand. */
static long wait_in_registers(int fd, char *c, const struct x87 *in, struct x87 *out)
{
	long r = 0;

	asm volatile("frstor (%3)\n\t"
		     "syscall\n\t"
		     "fnsave (%4)\n\t"
		     : "+a"(r) : "D"((long)fd), "S"(c), "r"(in), "r"(out), "d"(1l) : "rcx", "r11", "memory");
	return r;
}

static int in;

static void kid(void *arg)
{
	struct x87 want, got;
	char c;

	asm volatile("fninit\n\tfldpi\n\tfldl2e\n\tfldln2\n\tfld1\n\tfldlg2\n\tfldl2t\n\tfnsave %0" : "=m"(want) : : "memory");
	/* Round up, all exceptions masked, double precision: not the default. */
	want.cw = 0x0a7f;
	child_ready();
	ok_eq(wait_in_registers(in, &c, &want, &got), 1);
	ok_eq(got.cw, want.cw);
	ok_eq(got.sw & 0x3800, want.sw & 0x3800);
	ok_eq(got.tw, want.tw);
	ok_mem(got.st, want.st, 60);
	asm volatile("fninit");
	wait_for_word();
}

void test(void)
{
	pid_t pid;
	int p[2];

	ok_sys(pipe(p));
	in = p[0];
	pid = child(kid, NULL);
	wait_asleep(pid);
	checkpoint_and_restore();
	ok_eq(write(p[1], "x", 1), 1);
	child_ok(pid);
}
