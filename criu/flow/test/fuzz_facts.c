/* SPDX-License-Identifier: GPL-2.0-only */
/* libFuzzer: the reader of facts takes any bytes, and what it accepts can be compared. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "base/arena.h"
#include "criu/flow/facts.h"

static void tell(void *arg, bool counts, const char *what)
{
	if (!*what)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct host_facts h;
	const char *why = NULL;

	if (!arena)
		return 0;
	if (facts_parse((const char *)data, size, arena, &h, &why) == 0) {
		if (!h.arch || !h.release || !h.page_size)
			abort();
		if (h.cpu)
			(void)arch_cpu_compare(h.cpu, h.cpu, ARCH_CPU_FPU | ARCH_CPU_INS | ARCH_CPU_ALL, tell, NULL);
		for (size_t i = 1; i < h.n_pids; i++)
			if (h.pids[i - 1] > h.pids[i])
				abort();
	} else if (!why || !*why) {
		abort();
	}
	arena_free(arena);
	return 0;
}
