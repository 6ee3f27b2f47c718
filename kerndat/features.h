/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The table: all we know of a kernel feature stands in its row. The enum, the answers, the cache,
 * `criu check` and its --list and --explain are made from it. No include guard: it is included
 * with FEATURE() defined as each use wants it.
 *
 * A new feature is its row here and its probe in kerndat/<group>.c (with its line in probes.h);
 * .arg and .path let one probe serve many rows.
 */

/* --- tasks ------------------------------------------------------------------------------------- */

FEATURE(CLONE3_SET_TID,
	.name = "clone3_set_tid", .group = "task", .what = "make a task with a chosen pid",
	.since = "5.5", .commit = "49cb2fc42ce4", .config = "", .class = EXTRA, .scope = BOOT,
	.probe = probe_clone3_set_tid,
	.lost = "the one safe way to give a task its pid",
	.instead = "ns_last_pid, which races with other forks", .helps = "")

FEATURE(NS_LAST_PID,
	.name = "ns_last_pid", .group = "task", .what = "tell the kernel which pid to give next",
	.since = "3.3", .commit = "b8f566b04d3c", .config = "CHECKPOINT_RESTORE", .class = NEEDED, .scope = CALLER,
	.probe = probe_ns_last_pid,
	.lost = "giving tasks their pids on kernels without clone3_set_tid", .instead = "clone3_set_tid",
	.helps = "CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE in the pid namespace, /proc/sys writable")

FEATURE(PIDFD_OPEN,
	.name = "pidfd_open", .group = "task", .what = "a descriptor for a process",
	.since = "5.3", .commit = "32fcb426ec00", .config = "", .class = EXTRA, .scope = BOOT,
	.probe = probe_pidfd_open,
	.lost = "a pid that is reused while we dump may go unnoticed", .instead = "pid and start time", .helps = "")

FEATURE(PIDFD_GETFD,
	.name = "pidfd_getfd", .group = "task", .what = "a copy of another task's descriptor",
	.since = "5.6", .commit = "8649c322f75c", .config = "", .class = EXTRA, .scope = BOOT,
	.probe = probe_pidfd_getfd,
	.lost = "fetching open files from outside", .instead = "the parasite sends them over a socket", .helps = "")

FEATURE(PIDFD_STORE,
	.name = "pidfd_store", .group = "task", .what = "pidfd_open and pidfd_getfd, for callers over RPC",
	.since = "5.6", .commit = "8649c322f75c", .config = "", .class = EXTRA, .scope = BOOT,
	.probe = probe_all_of, .path = "pidfd_open,pidfd_getfd",
	.lost = "sure recognition of tasks between pre-dump and dump", .instead = "pid and start time", .helps = "")

FEATURE(KCMP,
	.name = "kcmp", .group = "task", .what = "compare kernel objects of two tasks",
	.since = "3.5", .commit = "d97b46a64674", .config = "KCMP", .class = NEEDED, .scope = BOOT,
	.probe = probe_kcmp, .arg = 0 /* KCMP_FILE */,
	.lost = "knowing which descriptors are one description", .instead = "refusing what cannot be told apart",
	.helps = "a kernel with CONFIG_KCMP")

/* --- memory ------------------------------------------------------------------------------------ */

FEATURE(MAP_FILES,
	.name = "map_files", .group = "mem", .what = "open what a mapping maps through /proc/PID/map_files",
	.since = "3.3", .commit = "640708a2cff7", .config = "", .class = NEEDED, .scope = CALLER,
	.probe = probe_map_files,
	.lost = "opening mapped files that are deleted or hidden by mounts",
	.instead = "the path, checked by device and inode", .helps = "CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE")

FEATURE(MEM_DIRTY_TRACK,
	.name = "mem_dirty_track", .group = "mem", .what = "soft-dirty: which pages changed since asked",
	.since = "3.11", .commit = "0f8975ec4db2", .config = "MEM_SOFT_DIRTY", .class = EXTRA, .scope = BOOT,
	.probe = probe_soft_dirty,
	.lost = "incremental dumps (--track-mem, pre-dump)", .instead = "userfaultfd write-protect with PAGEMAP_SCAN, or all pages",
	.helps = "a kernel with CONFIG_MEM_SOFT_DIRTY")

FEATURE(PAGEMAP_SCAN,
	.name = "pagemap_scan", .group = "mem", .what = "PAGEMAP_SCAN: ranges of pages by category",
	.since = "6.7", .commit = "52526ca7fdb9", .config = "PROC_PAGE_MONITOR", .class = EXTRA, .scope = BOOT,
	.probe = probe_pagemap_scan,
	.lost = "fast walks over sparse memory", .instead = "/proc/PID/pagemap, eight bytes a page", .helps = "")

FEATURE(PAGEMAP_SCAN_GUARD_PAGES,
	.name = "pagemap_scan_guard_pages", .group = "mem", .what = "PAGEMAP_SCAN shows guard regions",
	.since = "6.15", .commit = "a516403787e0", .config = "PROC_PAGE_MONITOR", .class = EXTRA, .scope = BOOT,
	.probe = probe_pagemap_guard,
	.lost = "finding MADV_GUARD_INSTALL regions", .instead = "they come back as ordinary empty pages", .helps = "")
