/* SPDX-License-Identifier: LGPL-2.1-only */
/* Making tasks, holding them, comparing what they share; rows of features.h. */

FEATURE(CLONE3_SET_TID,
	.name = "clone3_set_tid", .group = "task", .what = "make a task with a chosen pid",
	.since = "5.5", .commit = "49cb2fc42ce4", .class = EXTRA, .scope = BOOT,
	.probe = probe_clone3_set_tid,
	.lost = "the one safe way to give a task its pid", .instead = "ns_last_pid, which races with other forks")

FEATURE(NS_LAST_PID,
	.name = "ns_last_pid", .group = "task", .what = "tell the kernel which pid to give next",
	.since = "3.3", .commit = "b8f566b04d3c", .config = "CHECKPOINT_RESTORE", .class = NEEDED, .scope = LIVE,
	.probe = probe_ns_last_pid, .unless = KD_CLONE3_SET_TID,
	.lost = "giving tasks their pids on kernels without clone3_set_tid", .instead = "clone3_set_tid",
	.helps = "CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE in the pid namespace, and a writable /proc/sys")

FEATURE(CLONE_INTO_CGROUP,
	.name = "clone_into_cgroup", .group = "task", .what = "make a task inside a cgroup",
	.since = "5.7", .commit = "ef2c41cf38a7", .class = INFO, .scope = BOOT,
	.probe = probe_clone_into_cgroup,
	.lost = "tasks that are born in their cgroup", .instead = "moving them through cgroup.procs")

FEATURE(PIDFD_OPEN,
	.name = "pidfd_open", .group = "task", .what = "a descriptor for a process",
	.since = "5.3", .commit = "32fcb426ec00", .class = EXTRA, .scope = BOOT,
	.probe = probe_pidfd_open,
	.lost = "a pid that is reused while we dump may go unnoticed", .instead = "pid and start time")

FEATURE(PIDFD_GETFD,
	.name = "pidfd_getfd", .group = "task", .what = "a copy of another task's descriptor",
	.since = "5.6", .commit = "8649c322f75c", .class = EXTRA, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_pidfd_getfd,
	.lost = "open files of tasks", .instead = "")

FEATURE(PIDFD_SEND_SIGNAL,
	.name = "pidfd_send_signal", .group = "task", .what = "a signal to a process held by descriptor",
	.since = "5.1", .class = INFO, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_pidfd_send_signal,
	.lost = "killing exactly the task we mean", .instead = "kill(2) by pid")

FEATURE(PIDFD_STORE,
	.name = "pidfd_store", .group = "task", .what = "pidfd_open and pidfd_getfd, for callers over RPC",
	.since = "5.6", .class = EXTRA, .scope = BOOT,
	.probe = probe_all_of, .path = "pidfd_open,pidfd_getfd",
	.lost = "sure recognition of tasks between pre-dump and dump", .instead = "pid and start time")

FEATURE(PIDFS,
	.name = "pidfs", .group = "task", .what = "pidfds have an inode of their own each",
	.since = "6.9", .commit = "cb12fd8e0dab", .class = INFO, .scope = BOOT,
	.probe = probe_pidfs,
	.lost = "telling by stat which process a pidfd is", .instead = "Pid: in its fdinfo")

FEATURE(PIDFD_NS,
	.name = "pidfd_ns", .group = "task", .what = "namespaces of a task by ioctl on its pidfd",
	.since = "6.11", .commit = "5b08bd408534", .class = INFO, .scope = BOOT,
	.probe = probe_pidfd_ns, .arg = 3,
	.lost = "namespaces without /proc", .instead = "/proc/PID/ns")

FEATURE(PIDFD_PIDNS,
	.name = "pidfd_pidns", .group = "task", .what = "the pid namespace of a task by ioctl on its pidfd",
	.since = "6.11", .commit = "5b08bd408534", .config = "PID_NS", .class = INFO, .scope = BOOT,
	.probe = probe_pidfd_ns, .arg = 5,
	.lost = "the pid namespace of a task without /proc", .instead = "/proc/PID/ns/pid")

FEATURE(KCMP,
	.name = "kcmp", .group = "task", .what = "kcmp(2): are two descriptors one description",
	.since = "3.5", .commit = "d97b46a64674", .config = "KCMP", .class = NEEDED, .scope = BOOT,
	.probe = probe_kcmp, .arg = 0,
	.lost = "knowing which descriptors are one description", .instead = "refusing what cannot be told apart",
	.helps = "a kernel with CONFIG_KCMP")
FEATURE(KCMP_VM,
	.name = "kcmp_vm", .group = "task", .what = "kcmp(2): do two tasks share memory",
	.since = "3.5", .config = "KCMP", .class = EXTRA, .scope = BOOT, .probe = probe_kcmp, .arg = 1,
	.lost = "tasks with CLONE_VM", .instead = "refusing vfork children and the like")
FEATURE(KCMP_FILES,
	.name = "kcmp_files", .group = "task", .what = "kcmp(2): do two tasks share a descriptor table",
	.since = "3.5", .config = "KCMP", .class = EXTRA, .scope = BOOT, .probe = probe_kcmp, .arg = 2,
	.lost = "tables shared by CLONE_FILES come back as copies", .instead = "")
FEATURE(KCMP_FS,
	.name = "kcmp_fs", .group = "task", .what = "kcmp(2): do two tasks share cwd, root and umask",
	.since = "3.5", .config = "KCMP", .class = EXTRA, .scope = BOOT, .probe = probe_kcmp, .arg = 3,
	.lost = "what CLONE_FS shares comes back as copies", .instead = "")
FEATURE(KCMP_SIGHAND,
	.name = "kcmp_sighand", .group = "task", .what = "kcmp(2): do two tasks share signal handlers",
	.since = "3.5", .config = "KCMP", .class = EXTRA, .scope = BOOT, .probe = probe_kcmp, .arg = 4,
	.lost = "tables shared by CLONE_SIGHAND come back as copies", .instead = "")
FEATURE(KCMP_IO,
	.name = "kcmp_io", .group = "task", .what = "kcmp(2): do two tasks share an I/O context",
	.since = "3.5", .config = "KCMP", .class = INFO, .scope = BOOT, .probe = probe_kcmp, .arg = 5,
	.lost = "contexts shared by CLONE_IO come back as copies", .instead = "")
FEATURE(KCMP_SYSVSEM,
	.name = "kcmp_sysvsem", .group = "task", .what = "kcmp(2): do two tasks share semaphore undo lists",
	.since = "3.5", .config = "KCMP", .class = INFO, .scope = BOOT, .probe = probe_kcmp, .arg = 6,
	.lost = "noticing CLONE_SYSVSEM", .instead = "")
FEATURE(KCMP_EPOLL,
	.name = "kcmp_epoll", .group = "task", .what = "kcmp(2): which description an epoll entry watches",
	.since = "4.13", .commit = "0791e3644e5e", .config = "KCMP", .class = EXTRA, .scope = BOOT,
	.probe = probe_kcmp_epoll,
	.lost = "epoll entries whose descriptor was closed or reused", .instead = "the number in fdinfo, checked")

FEATURE(NS_PID,
	.name = "ns_pid", .group = "task", .what = "NSpid in /proc/PID/status",
	.since = "4.1", .class = EXTRA, .scope = BOOT,
	.probe = probe_file_has, .path = "/proc/self/status\nNSpid:",
	.lost = "pids of tasks in pid namespaces from outside", .instead = "the parasite asks getpid")

FEATURE(PROC_STAT,
	.name = "proc_stat", .group = "task", .what = "/proc/PID/stat with code, data, brk, args, exit code",
	.since = "3.5", .class = NEEDED, .scope = BOOT,
	.probe = probe_proc_stat,
	.lost = "where a task's code, data, brk, arguments and environment lie", .instead = "")

FEATURE(PROC_CHILDREN,
	.name = "proc_children", .group = "task", .what = "children of a thread in /proc",
	.since = "3.5", .config = "PROC_CHILDREN", .class = INFO, .scope = BOOT,
	.probe = probe_file, .path = "/proc/thread-self/children",
	.lost = "walking a tree without reading all of /proc", .instead = "PPid of every task")

FEATURE(PROC_TIMERS,
	.name = "proc_timers", .group = "task", .what = "POSIX timers in /proc/PID/timers",
	.since = "3.10", .config = "CHECKPOINT_RESTORE", .class = EXTRA, .scope = BOOT,
	.probe = probe_file, .path = "/proc/self/timers",
	.lost = "tasks with POSIX timers", .instead = "", .helps = "a kernel with CONFIG_CHECKPOINT_RESTORE")

FEATURE(PRCTL_MM_MAP,
	.name = "prctl_mm_map", .group = "task", .what = "PR_SET_MM_MAP; the value is the size of its struct",
	.since = "3.18", .commit = "f606b77f1a9e", .config = "CHECKPOINT_RESTORE", .class = NEEDED, .scope = BOOT,
	.probe = probe_prctl_mm_map,
	.lost = "restoring brk, arguments, environment, auxv and /proc/PID/exe", .instead = "",
	.helps = "a kernel with CONFIG_CHECKPOINT_RESTORE")

FEATURE(SIGQUEUEINFO,
	.name = "sigqueueinfo", .group = "task", .what = "queue a signal to oneself with any siginfo",
	.since = "3.9", .class = NEEDED, .scope = BOOT,
	.probe = probe_sigqueueinfo,
	.lost = "pending signals with the siginfo they had", .instead = "")

FEATURE(FCNTL_OWNER,
	.name = "fcntl_owner", .group = "task", .what = "F_GETOWNER_UIDS: under whose ids F_SETOWN was called",
	.since = "3.7", .config = "CHECKPOINT_RESTORE", .class = NEEDED, .scope = BOOT,
	.probe = probe_fcntl_owner,
	.lost = "owners of files that send signals", .instead = "", .helps = "a kernel with CONFIG_CHECKPOINT_RESTORE")

FEATURE(PRLIMIT_OTHERS,
	.name = "prlimit_others", .group = "task", .what = "prlimit(2) on a task of another user",
	.since = "2.6.36", .class = INFO, .scope = CALLER,
	.lab = MAIN, .probe = probe_prlimit_others,
	.lost = "limits of other users' tasks from outside", .instead = "/proc/PID/limits",
	.helps = "CAP_SYS_RESOURCE")

FEATURE(TIMER_CR_IDS,
	.name = "timer_cr_ids", .group = "task", .what = "create a POSIX timer with a chosen id",
	.since = "6.15", .commit = "ec2d0c04624b", .config = "POSIX_TIMERS", .class = EXTRA, .scope = BOOT,
	.probe = probe_timer_cr_ids,
	.lost = "high timer ids in one call", .instead = "creating and deleting timers up to the id")

FEATURE(MEMBARRIER,
	.name = "membarrier", .group = "task", .what = "membarrier(2); the value is the mask of commands",
	.since = "4.3", .config = "MEMBARRIER", .class = INFO, .scope = BOOT,
	.probe = probe_membarrier, .arg = 0,
	.lost = "", .instead = "")
FEATURE(MEMBARRIER_GET,
	.name = "membarrier_get_registrations", .group = "task", .what = "read a task's membarrier registrations",
	.since = "6.3", .commit = "544a4f2ecd45", .config = "MEMBARRIER", .class = EXTRA, .scope = BOOT,
	.probe = probe_membarrier, .arg = 1 << 9,
	.lost = "tasks that registered for expedited membarrier", .instead = "")

FEATURE(CLOSE_RANGE,
	.name = "close_range", .group = "task", .what = "close many descriptors in one call",
	.since = "5.9", .commit = "278a5fbaed89", .class = INFO, .scope = BOOT,
	.probe = probe_close_range,
	.lost = "speed with many descriptors", .instead = "close(2) for each in /proc/self/fd")

FEATURE(LOGINUID,
	.name = "loginuid", .group = "task", .what = "the audit login uid can be set",
	.since = "2.6.11", .config = "AUDIT", .class = EXTRA, .scope = CALLER,
	.lab = MAIN, .probe = probe_loginuid,
	.lost = "the login uid of restored tasks", .instead = "they keep criu's", .helps = "CAP_AUDIT_CONTROL")

FEATURE(RSEQ_SIZE,
	.name = "rseq", .group = "task", .what = "restartable sequences; the value is the size of the area",
	.since = "4.18", .config = "RSEQ", .class = INFO, .scope = BOOT,
	.probe = probe_rseq,
	.lost = "", .instead = "")
