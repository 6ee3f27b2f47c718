/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a dump asks from inside a task: the commands of the parasite and their argument blocks,
 * shared by the engine and the code that runs inside. Plain 64-bit layouts; the same for compat
 * tasks, because the parasite is native code there too.
 *
 *	struct parasite_task args = { 0 };
 *	r = victim_call(v, PARASITE_DUMP_TASK, &args, sizeof(args));
 *
 * A command returns 0 or -errno; -EINVAL for a block that is too small.
 */
#pragma once

#include <stdint.h>

enum parasite_cmd {
	PARASITE_DUMP_TASK = 1,	/* struct parasite_task; once a task */
	PARASITE_DUMP_SINGLE,	/* struct parasite_single: both of them, for a task of one thread */
	PARASITE_DUMP_THREAD,	/* struct parasite_thread; in every thread */
	PARASITE_DUMP_TIMERS,	/* struct parasite_timers; once, when /proc/PID/timers lists some */
	PARASITE_DUMP_AIO,	/* struct parasite_aio; once, when there are aio rings */
};

#define PARASITE_SIGNALS 64

/* The kernel's struct sigaction (x86 order of fields is undone: always like this). */
struct parasite_sigaction {
	uint64_t handler, flags, restorer, mask;
};

struct parasite_itimer {
	int64_t isec, iusec, vsec, vusec; /* interval, time left */
};

struct parasite_task {
	struct parasite_itimer itimers[3]; /* ITIMER_REAL, VIRTUAL, PROF */
	struct parasite_sigaction sigactions[PARASITE_SIGNALS]; /* [signal - 1]; SIGKILL, SIGSTOP: zero */
	uint64_t brk;
	int32_t dumpable;		/* 0, 1, 2 */
	uint8_t thp_disabled;
	uint8_t child_subreaper;
	uint8_t has_membarrier;		/* the kernel can tell (Linux 6.3) */
	uint8_t pad_;
	uint32_t membarrier;		/* MEMBARRIER_CMD_REGISTER_... that were used */
	uint32_t pkeys;			/* bit N: protection key N is allocated */
};

struct parasite_thread {
	uint64_t sas_sp, sas_size;
	uint32_t sas_flags;	/* SS_ONSTACK as it is for the thread's own stack pointer */
	uint32_t pdeath_sig;
	uint64_t clear_tid_addr;
	uint8_t has_clear_tid;	/* the kernel can tell (CONFIG_CHECKPOINT_RESTORE) */
	uint8_t pad_[3];
	uint32_t securebits;	/* SECBIT_KEEP_CAPS included */
};

struct parasite_single {
	struct parasite_task task;
	struct parasite_thread thread;
};

struct parasite_timer {
	int32_t id;		/* in: from /proc/PID/timers */
	int32_t overrun;
	int64_t isec, insec, vsec, vnsec; /* interval, relative time left; 0: not armed */
};

struct parasite_timers {
	uint32_t nr, pad_;
	struct parasite_timer timers[];
};

struct parasite_aio_ring {
	uint64_t addr;		/* in: the start of an "/[aio]" mapping */
	uint32_t is_context;	/* the kernel knows it as a context of this task */
	uint32_t nr_events;	/* finished and not fetched (io_getevents) */
};

struct parasite_aio {
	uint32_t nr, pad_;
	struct parasite_aio_ring rings[];
};
