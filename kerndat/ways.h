/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The choices of the engine: CHOICE(ID, name, what, its ways, best first), each
 * WAY(ID, name, the rows it needs, all of them). The first way whose rows are all there is taken.
 * A way is forced off by KERNDAT_MASK="choice/way=no". No include guard, as in features.h.
 */
CHOICE(TASK_PID, "task_pid", "give a task its pid",
	WAY(CLONE3, "clone3", KD_CLONE3_SET_TID)
	WAY(LAST_PID, "ns_last_pid", KD_NS_LAST_PID))

CHOICE(TASK_CHILDREN, "task_children", "find the children of a task",
	WAY(CHILDREN_FILES, "children", KD_PROC_CHILDREN)
	WAY(PROC_WALK, "proc_walk", KD_NO_ROW))

CHOICE(PAGES_POPULATED, "pages_populated", "find populated pages",
	WAY(PAGEMAP_SCAN, "pagemap_scan", KD_PAGEMAP_SCAN)
	WAY(PAGEMAP, "pagemap", KD_PAGEMAP))

CHOICE(PAGES_CHANGED, "pages_changed", "find changed pages",
	WAY(SOFT_DIRTY, "soft_dirty", KD_MEM_DIRTY_TRACK)
	WAY(UFFD_WP_ASYNC, "uffd_wp_async", KD_UFFD_WP_ASYNC, KD_PAGEMAP_SCAN_WRITTEN)
	WAY(ALL_PAGES, "all_pages", KD_NO_ROW))

CHOICE(PAGES_FETCH, "pages_fetch", "fetch pages",
	WAY(VM_READV, "process_vm_readv", KD_PROCESS_VM_READV)
	WAY(PROC_MEM, "proc_mem", KD_NO_ROW))

CHOICE(TASK_LIMITS, "task_limits", "read limits of another user's task",
	WAY(PRLIMIT, "prlimit", KD_PRLIMIT_OTHERS)
	WAY(LIMITS_INSIDE, "inside", KD_NO_ROW)
	WAY(LIMITS_PROC, "proc_limits", KD_NO_ROW))

CHOICE(MAPPED_FILES, "mapped_files", "open mapped files",
	WAY(MAP_FILES, "map_files", KD_MAP_FILES)
	WAY(MAPPED_PATH, "path", KD_NO_ROW))

CHOICE(FETCH_FDS, "fetch_fds", "fetch a task's descriptors",
	WAY(PIDFD_GETFD, "pidfd_getfd", KD_PIDFD_OPEN, KD_PIDFD_GETFD)
	WAY(SCM_RIGHTS, "scm_rights", KD_NO_ROW))

CHOICE(FREEZE, "freeze", "freeze a tree",
	WAY(FREEZER_V2, "freezer_v2", KD_FREEZER_V2, KD_CGROUP_V2_WRITABLE)
	WAY(FREEZER_V1, "freezer_v1", KD_FREEZER_V1, KD_CGROUP_V1_WRITABLE)
	WAY(SEIZE, "seize", KD_NO_ROW))

CHOICE(READ_MOUNTS, "read_mounts", "read mounts",
	WAY(STATMOUNT, "statmount", KD_STATMOUNT, KD_LISTMOUNT)
	WAY(MOUNTINFO, "mountinfo", KD_NO_ROW))

CHOICE(BUILD_MOUNTS, "build_mounts", "build mounts",
	WAY(MOVE_MOUNT, "move_mount", KD_OPEN_TREE, KD_MOVE_MOUNT_SET_GROUP, KD_MOUNT_SETATTR)
	WAY(BIND, "bind", KD_NO_ROW))

CHOICE(NETWORK_LOCK, "network_lock", "block a connection's packets",
	WAY(NFTABLES, "nftables", KD_NETWORK_LOCK_NFTABLES)
	WAY(IPTABLES, "iptables", KD_IPTABLES_LEGACY)
	WAY(SKIP_LOCK, "skip", KD_NO_ROW))

CHOICE(SAME_FILE, "same_file", "compare file descriptions",
	WAY(KCMP, "kcmp", KD_KCMP)
	WAY(REFUSE_SHARED, "refuse", KD_NO_ROW))

CHOICE(RSEQ_STATE, "rseq_state", "read a thread's rseq registration",
	WAY(RSEQ_PTRACE, "ptrace", KD_GET_RSEQ_CONF)
	WAY(RSEQ_INSIDE, "inside", KD_NO_ROW))

CHOICE(SECCOMP_STATE, "seccomp_state", "read a thread's seccomp filters",
	WAY(SECCOMP_PTRACE, "ptrace", KD_SECCOMP_FILTERS)
	WAY(SECCOMP_REFUSE, "refuse", KD_NO_ROW))

CHOICE(SUD_STATE, "sud_state", "read a thread's syscall user dispatch",
	WAY(SUD_PTRACE, "ptrace", KD_PTRACE_SUD)
	WAY(SUD_REFUSE, "refuse", KD_NO_ROW))

CHOICE(TIMER_IDS, "timer_ids", "give a POSIX timer its id",
	WAY(TIMER_CR_IDS, "timer_cr_ids", KD_TIMER_CR_IDS)
	WAY(TIMER_COUNT_UP, "count_up", KD_NO_ROW))

CHOICE(WATCH_IDS, "watch_ids", "give an inotify watch its number",
	WAY(SETNEXTWD, "setnextwd", KD_INOTIFY_SETNEXTWD)
	WAY(WATCH_COUNT_UP, "count_up", KD_NO_ROW))
