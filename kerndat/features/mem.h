/* SPDX-License-Identifier: LGPL-2.1-only */
/* Memory: finding, fetching and placing pages; rows of features.h. */

FEATURE(MAP_FILES,
	.name = "map_files", .group = "mem", .what = "open what is mapped through /proc/PID/map_files",
	.since = "3.3", .commit = "640708a2cff7", .class = NEEDED, .scope = CALLER,
	.probe = probe_map_files,
	.lost = "opening mapped files that are deleted or hidden by mounts",
	.instead = "the path, checked by device and inode", .helps = "CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE")

FEATURE(MEM_DIRTY_TRACK,
	.name = "mem_dirty_track", .group = "mem", .what = "soft-dirty: which pages changed since asked",
	.since = "3.11", .commit = "0f8975ec4db2", .config = "MEM_SOFT_DIRTY", .class = EXTRA, .scope = BOOT,
	.probe = probe_soft_dirty,
	.lost = "incremental dumps by soft-dirty", .instead = "userfaultfd write-protect with PAGEMAP_SCAN, or all pages",
	.helps = "a kernel with CONFIG_MEM_SOFT_DIRTY")

FEATURE(PAGEMAP_SCAN,
	.name = "pagemap_scan", .group = "mem", .what = "PAGEMAP_SCAN: ranges of pages by category",
	.since = "6.7", .commit = "52526ca7fdb9", .config = "PROC_PAGE_MONITOR", .class = EXTRA, .scope = BOOT,
	.probe = probe_pagemap_scan,
	.lost = "fast walks over sparse memory", .instead = "/proc/PID/pagemap, eight bytes a page")

FEATURE(PAGEMAP_SCAN_GUARD_PAGES,
	.name = "pagemap_scan_guard_pages", .group = "mem", .what = "PAGEMAP_SCAN shows guard regions",
	.since = "6.15", .commit = "a516403787e0", .config = "PROC_PAGE_MONITOR", .class = EXTRA, .scope = BOOT,
	.probe = probe_pagemap_guard,
	.lost = "finding MADV_GUARD_INSTALL regions", .instead = "they come back as ordinary empty pages")
