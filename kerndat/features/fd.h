/* SPDX-License-Identifier: LGPL-2.1-only */
/* Open files; rows of features.h. */

FEATURE(MNT_ID,
	.name = "mnt_id", .group = "fd", .what = "mnt_id in /proc/PID/fdinfo",
	.since = "3.15", .class = EXTRA, .scope = BOOT,
	.probe = probe_fdinfo, .path = "pipe\nmnt_id:",
	.lost = "knowing through which mount a file was opened", .instead = "the path")
FEATURE(FDINFO_LOCK,
	.name = "fdinfo_lock", .group = "fd", .what = "file locks in /proc/PID/fdinfo",
	.since = "4.1", .class = EXTRA, .scope = BOOT,
	.probe = probe_fdinfo, .path = "lock\nlock:",
	.lost = "telling whose a lock of /proc/locks is", .instead = "refusing what is ambiguous")
FEATURE(FDINFO_EVENTFD,
	.name = "fdinfo_eventfd", .group = "fd", .what = "the counter of an eventfd in fdinfo",
	.since = "3.8", .class = NEEDED, .scope = BOOT,
	.probe = probe_fdinfo, .path = "eventfd\neventfd-count:", .lost = "eventfds")
FEATURE(FDINFO_EPOLL,
	.name = "fdinfo_epoll", .group = "fd", .what = "what an epoll watches in fdinfo",
	.since = "3.8", .class = NEEDED, .scope = BOOT,
	.probe = probe_fdinfo, .path = "epoll\ntfd:", .lost = "epoll descriptors")
FEATURE(FDINFO_SIGNALFD,
	.name = "fdinfo_signalfd", .group = "fd", .what = "the mask of a signalfd in fdinfo",
	.since = "3.8", .class = NEEDED, .scope = BOOT,
	.probe = probe_fdinfo, .path = "signalfd\nsigmask:", .lost = "signalfds")
FEATURE(FDINFO_INOTIFY,
	.name = "fdinfo_inotify", .group = "fd", .what = "inotify watches with file handles in fdinfo",
	.since = "3.8", .config = "INOTIFY_USER", .class = NEEDED, .scope = BOOT, .lab = MAIN,
	.probe = probe_fdinfo, .path = "inotify\ninotify wd:", .lost = "inotify descriptors")
FEATURE(TIMERFD,
	.name = "timerfd", .group = "fd", .what = "timerfd: state in fdinfo, TFD_IOC_SET_TICKS",
	.since = "3.17", .config = "CHECKPOINT_RESTORE", .class = EXTRA, .scope = BOOT,
	.probe = probe_timerfd, .lost = "timerfds")
FEATURE(INOTIFY_SETNEXTWD,
	.name = "inotify_setnextwd", .group = "fd", .what = "choose the number of the next inotify watch",
	.since = "4.16", .config = "CHECKPOINT_RESTORE", .class = EXTRA, .scope = BOOT,
	.probe = probe_inotify_setnextwd,
	.lost = "watch numbers in one call", .instead = "adding and removing watches up to the number")
FEATURE(FHANDLES,
	.name = "fhandles", .group = "fd", .what = "open a file by handle",
	.since = "2.6.39", .config = "FHANDLE", .class = EXTRA, .scope = CALLER,
	.probe = probe_fhandles,
	.lost = "finding watched files", .instead = "a search by inode (--force-irmap)", .helps = "CAP_DAC_READ_SEARCH")
FEATURE(FANOTIFY,
	.name = "fanotify", .group = "fd", .what = "fanotify(7)",
	.since = "2.6.37", .config = "FANOTIFY", .class = INFO, .scope = CALLER,
	.probe = probe_fanotify, .lost = "fanotify descriptors", .helps = "CAP_SYS_ADMIN")
FEATURE(TTY_IOCTLS,
	.name = "tty_ioctls", .group = "fd", .what = "read packet mode, lock and exclusive flag of a terminal",
	.since = "3.11", .config = "UNIX98_PTYS", .class = NEEDED, .scope = NS,
	.probe = probe_tty_ioctls, .lost = "terminals")
FEATURE(OPENAT2,
	.name = "openat2", .group = "fd", .what = "open below a directory, symbolic links and all",
	.since = "5.6", .commit = "fddb5d430ad9", .class = EXTRA, .scope = BOOT,
	.probe = probe_openat2,
	.lost = "safe paths inside a foreign root", .instead = "a path walk of our own")
FEATURE(STATX_MNT_ID,
	.name = "statx_mnt_id", .group = "fd", .what = "mount id by statx(2)",
	.since = "5.8", .class = INFO, .scope = BOOT,
	.probe = probe_statx, .arg = 0x1000, .lost = "", .instead = "fdinfo")
FEATURE(STATX_MNT_ID_UNIQUE,
	.name = "statx_mnt_id_unique", .group = "fd", .what = "64-bit mount id that is never reused",
	.since = "6.8", .class = INFO, .scope = BOOT,
	.probe = probe_statx, .arg = 0x4000, .lost = "", .instead = "the 32-bit id")
FEATURE(SEEK_HOLE,
	.name = "seek_hole", .group = "fd", .what = "SEEK_DATA and SEEK_HOLE on memory files",
	.since = "3.8", .class = INFO, .scope = BOOT,
	.probe = probe_seek_hole, .lost = "holes of deleted files")
FEATURE(IO_URING,
	.name = "io_uring", .group = "fd", .what = "io_uring(7)",
	.since = "5.1", .config = "IO_URING", .class = INFO, .scope = LIVE,
	.probe = probe_io_uring, .lost = "tasks with io_uring")
FEATURE(IO_URING_ENTRIES,
	.name = "io_uring_entries", .group = "fd", .what = "largest io_uring(7); the value is its number of entries",
	.since = "5.6", .config = "IO_URING", .class = INFO, .scope = LIVE, .lab = MAIN,
	.probe = probe_io_uring_entries, .lost = "")
FEATURE(BPF,
	.name = "bpf", .group = "fd", .what = "bpf(2): maps can be made and read",
	.since = "3.19", .config = "BPF_SYSCALL", .class = INFO, .scope = CALLER,
	.probe = probe_bpf, .lost = "bpf maps", .helps = "CAP_BPF")
FEATURE(BPF_MAP_DUMP,
	.name = "bpf_map_dump", .group = "fd", .what = "all of a bpf map in one call (BPF_MAP_LOOKUP_BATCH)",
	.since = "5.6", .commit = "cb4d03ab499d", .config = "BPF_SYSCALL", .class = INFO, .scope = CALLER,
	.probe = probe_bpf_map_dump, .lost = "bpf maps", .instead = "key by key", .helps = "CAP_BPF")
FEATURE(PERF,
	.name = "perf", .group = "fd", .what = "perf_event_open(2)",
	.since = "2.6.31", .config = "PERF_EVENTS", .class = INFO, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_perf_event_open, .lost = "")
FEATURE(UPROBES,
	.name = "uprobes", .group = "fd", .what = "probes on user code",
	.since = "3.5", .config = "UPROBE_EVENTS", .class = INFO, .scope = LIVE,
	.probe = probe_file, .path = "/sys/bus/event_source/devices/uprobe/type", .lost = "--allow-uprobes")
FEATURE(AUTOFS,
	.name = "autofs", .group = "fd", .what = "autofs shows the inode of its pipe",
	.since = "4.11", .config = "AUTOFS_FS", .class = EXPERIMENTAL, .scope = CALLER,
	.lab = MAIN, .probe = probe_autofs, .lost = "autofs mounts", .helps = "CAP_SYS_ADMIN, the autofs module")
FEATURE(BINFMT_MISC_USERNS,
	.name = "binfmt_misc_userns", .group = "fd", .what = "binfmt_misc of a user namespace's own",
	.since = "6.7", .config = "BINFMT_MISC", .class = INFO, .scope = CALLER,
	.probe = probe_binfmt_userns, .lost = "")
