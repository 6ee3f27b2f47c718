// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/prctl.h>
#include <sys/prctl.h>

TEST(.does = "argument and environment areas that were moved with PR_SET_MM_MAP (a changed title)", .needs = "userns");

static long long field(int nr)
{
	return stat_field(getpid(), nr);
}

void test(void)
{
	static unsigned long aux[64];
	struct prctl_mm_map m;
	unsigned size = 0;
	char *area = ok_map(mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	if (prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0) < 0 || size != sizeof(m))
		skip("PR_SET_MM_MAP is not known here");
	memcpy(aux, proc_read("/proc/self/auxv"), sizeof(aux));
	m = (struct prctl_mm_map){
		.start_code = field(26), .end_code = field(27), .start_stack = field(28),
		.start_data = field(45), .end_data = field(46), .start_brk = field(47), .brk = (uintptr_t)sbrk(0),
		.arg_start = (uintptr_t)area, .arg_end = (uintptr_t)area + 6,
		.env_start = (uintptr_t)area + 100, .env_end = (uintptr_t)area + 104,
		.exe_fd = (uint32_t)-1,
	};
	strcpy(area, "title");
	memcpy(area + 100, "E=1", 4);
	if (prctl(PR_SET_MM, PR_SET_MM_MAP, &m, sizeof(m), 0) < 0)
		skip("PR_SET_MM_MAP: %s", strerror(errno));
	checkpoint_and_restore();
	ok_str(proc_read("/proc/self/cmdline"), "title");
	ok_str(proc_read("/proc/self/environ"), "E=1");
	ok_eq(field(48), (uintptr_t)area);
	ok_eq(field(51), (uintptr_t)area + 104);
}
