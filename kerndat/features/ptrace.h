/* SPDX-License-Identifier: LGPL-2.1-only */
/* What a tracer can see and do; rows of features.h. */

FEATURE(SECCOMP_SUSPEND,
	.name = "seccomp_suspend", .group = "ptrace", .what = "PTRACE_O_SUSPEND_SECCOMP",
	.since = "4.3", .commit = "13c4a90119d2", .config = "CHECKPOINT_RESTORE", .class = EXTRA, .scope = CALLER,
	.lab = MAIN, .probe = probe_seccomp_suspend,
	.lost = "running the parasite in a task with a seccomp filter", .instead = "",
	.helps = "CAP_SYS_ADMIN, and no seccomp filter on criu itself")

FEATURE(SECCOMP_FILTERS,
	.name = "seccomp_filters", .group = "ptrace", .what = "PTRACE_SECCOMP_GET_FILTER",
	.since = "4.4", .commit = "f8e529ed941b", .config = "SECCOMP_FILTER", .class = EXTRA, .scope = CALLER,
	.lab = MAIN, .probe = probe_seccomp_filters,
	.lost = "tasks with seccomp filters", .instead = "",
	.helps = "CAP_SYS_ADMIN in the first user namespace, and no seccomp on criu itself")

FEATURE(SECCOMP_METADATA,
	.name = "seccomp_metadata", .group = "ptrace", .what = "PTRACE_SECCOMP_GET_METADATA: flags of a filter",
	.since = "4.16", .config = "SECCOMP_FILTER", .class = INFO, .scope = CALLER,
	.lab = MAIN, .probe = probe_seccomp_metadata,
	.lost = "SECCOMP_FILTER_FLAG_LOG of filters", .instead = "they come back without it")

FEATURE(GET_RSEQ_CONF,
	.name = "get_rseq_conf", .group = "ptrace", .what = "PTRACE_GET_RSEQ_CONFIGURATION",
	.since = "5.13", .commit = "90f093fa8ea4", .config = "RSEQ", .class = EXTRA, .scope = BOOT,
	.lab = MAIN, .probe = probe_get_rseq_conf,
	.lost = "the rseq registration of threads", .instead = "")

FEATURE(PEEKSIGINFO,
	.name = "peeksiginfo", .group = "ptrace", .what = "PTRACE_PEEKSIGINFO: pending signals without taking them",
	.since = "3.10", .commit = "84c751bd4aeb", .class = NEEDED, .scope = BOOT,
	.lab = MAIN, .probe = probe_peeksiginfo,
	.lost = "pending signals", .instead = "")

FEATURE(PTRACE_SIGMASK,
	.name = "ptrace_sigmask", .group = "ptrace", .what = "PTRACE_GETSIGMASK and SETSIGMASK",
	.since = "3.11", .class = EXTRA, .scope = BOOT,
	.lab = MAIN, .probe = probe_ptrace_sigmask,
	.lost = "signal masks, and so all tasks", .instead = "")

FEATURE(PTRACE_SYSCALL_INFO,
	.name = "ptrace_syscall_info", .group = "ptrace", .what = "PTRACE_GET_SYSCALL_INFO",
	.since = "5.3", .commit = "201766a20e30", .class = INFO, .scope = BOOT,
	.lab = MAIN, .probe = probe_ptrace_syscall_info,
	.lost = "", .instead = "registers")

FEATURE(PTRACE_SET_SYSCALL_INFO,
	.name = "ptrace_set_syscall_info", .group = "ptrace", .what = "PTRACE_SET_SYSCALL_INFO",
	.since = "6.16", .class = INFO, .scope = BOOT,
	.lab = MAIN, .probe = probe_ptrace_set_syscall_info,
	.lost = "", .instead = "registers")

FEATURE(PTRACE_SUD,
	.name = "ptrace_sud", .group = "ptrace", .what = "read and set syscall user dispatch of a tracee",
	.since = "6.4", .commit = "3f67987cdc09", .config = "GENERIC_ENTRY", .class = EXTRA, .scope = BOOT,
	.lab = MAIN, .probe = probe_ptrace_sud,
	.lost = "threads with syscall user dispatch (wine and the like)", .instead = "")

FEATURE(BREAKPOINTS,
	.name = "breakpoints", .group = "ptrace", .what = "hardware breakpoints that fire",
	.since = "2.6.33", .config = "HAVE_HW_BREAKPOINT", .class = EXTRA, .scope = CALLER,
	.lab = MAIN, .probe = probe_breakpoints,
	.lost = "stopping a restored thread at an address without touching its code", .instead = "a breakpoint instruction",
	.helps = "many virtual machines have none")
