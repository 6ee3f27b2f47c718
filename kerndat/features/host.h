/* SPDX-License-Identifier: LGPL-2.1-only */
/* The machine and its settings; rows of features.h. */

/* --- CPU and address space ---------------------------------------------------------------------------- */

FEATURE(PAGE_SIZE,
	.name = "page_size", .group = "cpu", .what = "page size; the value is in bytes",
	.class = INFO, .scope = BOOT, .probe = probe_auxv, .arg = 6 /* AT_PAGESZ */, .lost = "")
FEATURE(HWCAP,
	.name = "hwcap", .group = "cpu", .what = "AT_HWCAP as the kernel tells programs",
	.class = INFO, .scope = BOOT, .probe = probe_auxv, .arg = 16 /* AT_HWCAP */, .lost = "")
FEATURE(SIGFRAME_SIZE,
	.name = "sigframe_size", .group = "cpu", .what = "smallest signal stack; the value is in bytes",
	.since = "5.14", .class = INFO, .scope = BOOT, .probe = probe_auxv, .arg = 51 /* AT_MINSIGSTKSZ */, .lost = "")
FEATURE(ADDRESS_BITS,
	.name = "address_bits", .group = "cpu", .what = "size of the user address space; the value is in bits",
	.class = INFO, .scope = BOOT, .lab = MISC, .probe = probe_address_bits, .lost = "")
FEATURE(VDSO,
	.name = "vdso", .group = "cpu", .what = "a vdso is mapped; the value is its size in bytes",
	.class = INFO, .scope = BOOT, .probe = probe_vdso, .lost = "")
FEATURE(CAN_MAP_VDSO,
	.name = "can_map_vdso", .group = "cpu", .what = "the kernel maps a vdso on request",
	.since = "4.9", .config = "CHECKPOINT_RESTORE", .class = EXTRA, .scope = BOOT,
	.probe = probe_arch_fact, .arg = ARCH_FACT_MAP_VDSO,
	.lost = "a vdso where criu itself has none of the kind", .instead = "moving criu's own")
FEATURE(COMPAT_CR,
	.name = "compat_cr", .group = "cpu", .what = "32-bit tasks run here and their vdso can be mapped",
	.since = "4.12", .config = "IA32_EMULATION", .class = EXTRA, .scope = BOOT,
	.probe = probe_compat, .lost = "32-bit tasks")
FEATURE(XSAVE_SIZE,
	.name = "xsave_size", .group = "cpu", .what = "x86: size of the extended state in bytes",
	.class = INFO, .scope = BOOT, .probe = probe_arch_fact, .arg = ARCH_FACT_XSAVE_SIZE, .lost = "")
FEATURE(XFEATURES,
	.name = "xfeatures", .group = "cpu", .what = "x86: extended state that is enabled; the value is XCR0",
	.class = INFO, .scope = BOOT, .probe = probe_arch_fact, .arg = ARCH_FACT_XFEATURES, .lost = "")
FEATURE(AMX_PERMISSION,
	.name = "amx_permission", .group = "cpu", .what = "x86: tile state can be asked for; the value is the mask on request",
	.since = "5.16", .class = INFO, .scope = BOOT, .probe = probe_arch_fact, .arg = ARCH_FACT_AMX, .lost = "tasks that use AMX tiles")
FEATURE(SHADOW_STACK,
	.name = "shadow_stack", .group = "cpu", .what = "user shadow stacks (x86 SHSTK, arm64 GCS)",
	.since = "6.6", .config = "X86_USER_SHADOW_STACK", .class = INFO, .scope = BOOT,
	.probe = probe_arch_fact, .arg = ARCH_FACT_SHADOW_STACK, .lost = "tasks with a shadow stack")

/* --- settings ------------------------------------------------------------------------------------------- */

#define SYSCTL(id, name_, path_, what_, lost_)                                                          \
	FEATURE(id, .name = name_, .group = "host", .what = what_ "; the value is the setting",         \
		.class = INFO, .scope = LIVE, .probe = probe_number, .path = "/proc/sys/" path_, .lost = lost_)
SYSCTL(PID_MAX, "pid_max", "kernel/pid_max", "kernel.pid_max", "pids above it cannot be restored")
SYSCTL(THREADS_MAX, "threads_max", "kernel/threads-max", "kernel.threads-max", "")
SYSCTL(CAP_LAST_CAP, "cap_last_cap", "kernel/cap_last_cap", "the kernel's last capability", "")
SYSCTL(YAMA_SCOPE, "yama_ptrace_scope", "kernel/yama/ptrace_scope", "kernel.yama.ptrace_scope, 3 forbids ptrace", "")
SYSCTL(UNPRIV_USERNS_CLONE, "unprivileged_userns_clone", "kernel/unprivileged_userns_clone", "Debian's switch for user namespaces", "")
SYSCTL(UNPRIV_BPF_DISABLED, "unprivileged_bpf_disabled", "kernel/unprivileged_bpf_disabled", "kernel.unprivileged_bpf_disabled", "")
SYSCTL(PERF_PARANOID, "perf_event_paranoid", "kernel/perf_event_paranoid", "kernel.perf_event_paranoid", "")
SYSCTL(IO_URING_DISABLED, "io_uring_disabled", "kernel/io_uring_disabled", "kernel.io_uring_disabled", "")
SYSCTL(RANDOMIZE_VA, "randomize_va_space", "kernel/randomize_va_space", "kernel.randomize_va_space", "")
SYSCTL(MAX_USER_NS, "max_user_namespaces", "user/max_user_namespaces", "user.max_user_namespaces", "")
SYSCTL(MAX_NET_NS, "max_net_namespaces", "user/max_net_namespaces", "user.max_net_namespaces", "")
SYSCTL(MAX_PID_NS, "max_pid_namespaces", "user/max_pid_namespaces", "user.max_pid_namespaces", "")
SYSCTL(MAX_MNT_NS, "max_mnt_namespaces", "user/max_mnt_namespaces", "user.max_mnt_namespaces", "")
SYSCTL(PIPE_MAX_SIZE, "pipe_max_size", "fs/pipe-max-size", "fs.pipe-max-size", "larger pipes without CAP_SYS_RESOURCE")
SYSCTL(PIPE_PAGES_SOFT, "pipe_user_pages_soft", "fs/pipe-user-pages-soft", "fs.pipe-user-pages-soft", "")
SYSCTL(NR_OPEN, "nr_open", "fs/nr_open", "fs.nr_open", "descriptors above it cannot be restored")
SYSCTL(FILE_MAX, "file_max", "fs/file-max", "fs.file-max", "")
SYSCTL(AIO_MAX_NR, "aio_max_nr", "fs/aio-max-nr", "fs.aio-max-nr", "")
SYSCTL(OVERCOMMIT, "overcommit_memory", "vm/overcommit_memory", "vm.overcommit_memory, 2 counts every mapping", "")
SYSCTL(MAX_MAP_COUNT, "max_map_count", "vm/max_map_count", "vm.max_map_count", "tasks with more mappings cannot be restored")
SYSCTL(MMAP_MIN_ADDR, "mmap_min_addr", "vm/mmap_min_addr", "vm.mmap_min_addr", "mappings below it cannot be restored")
SYSCTL(NR_HUGEPAGES, "nr_hugepages", "vm/nr_hugepages", "vm.nr_hugepages", "")
SYSCTL(MEMFD_NOEXEC, "memfd_noexec", "vm/memfd_noexec", "vm.memfd_noexec", "")
SYSCTL(SCHED_RT_RUNTIME, "sched_rt_runtime", "kernel/sched_rt_runtime_us", "kernel.sched_rt_runtime_us", "")
#undef SYSCTL
