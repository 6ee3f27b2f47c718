/* SPDX-License-Identifier: LGPL-2.1-only */
/* Memory: finding, fetching and placing pages; rows of features.h. */

/* --- finding pages --------------------------------------------------------------------------------- */

FEATURE(MAP_FILES,
	.name = "map_files", .group = "mem", .what = "open what is mapped through /proc/PID/map_files",
	.since = "3.3", .commit = "640708a2cff7", .class = NEEDED, .scope = CALLER,
	.probe = probe_map_files,
	.lost = "opening mapped files that are deleted or hidden by mounts",
	.instead = "the path, checked by device and inode", .helps = "CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE")

FEATURE(MAP_FILES_DIR,
	.name = "map_files_dir", .group = "mem", .what = "/proc/PID/map_files is there; map_files tells whether we may follow it",
	.since = "3.3", .commit = "640708a2cff7", .class = INFO, .scope = BOOT,
	.probe = probe_file, .path = "/proc/self/map_files",
	.lost = "opening mapped files that are deleted or hidden by mounts",
	.instead = "the path, checked by device and inode", .helps = "before 4.3 a kernel with CONFIG_CHECKPOINT_RESTORE")

FEATURE(MEM_DIRTY_TRACK,
	.name = "mem_dirty_track", .group = "mem", .what = "soft-dirty: which pages changed since asked",
	.since = "3.11", .commit = "0f8975ec4db2", .config = "MEM_SOFT_DIRTY", .class = EXTRA, .scope = BOOT,
	.probe = probe_soft_dirty,
	.lost = "incremental dumps by soft-dirty", .instead = "userfaultfd write-protect with PAGEMAP_SCAN, or all pages",
	.helps = "a kernel with CONFIG_MEM_SOFT_DIRTY")

FEATURE(PAGEMAP,
	.name = "pagemap", .group = "mem", .what = "/proc/PID/pagemap tells which pages are there",
	.since = "2.6.25", .config = "PROC_PAGE_MONITOR", .class = NEEDED, .scope = CALLER,
	.probe = probe_pagemap, .unless = KD_PAGEMAP_SCAN,
	.lost = "finding populated pages", .instead = "PAGEMAP_SCAN")

FEATURE(PAGEMAP_SCAN,
	.name = "pagemap_scan", .group = "mem", .what = "PAGEMAP_SCAN: ranges of pages by category",
	.since = "6.7", .commit = "52526ca7fdb9", .config = "PROC_PAGE_MONITOR", .class = EXTRA, .scope = BOOT,
	.probe = probe_pagemap_scan,
	.lost = "fast walks over sparse memory", .instead = "/proc/PID/pagemap, eight bytes a page")

FEATURE(PAGEMAP_SCAN_CATEGORIES,
	.name = "pagemap_scan_categories", .group = "mem", .what = "PAGE_IS_... categories of PAGEMAP_SCAN; the value is their mask",
	.since = "6.7", .config = "PROC_PAGE_MONITOR", .class = INFO, .scope = BOOT,
	.probe = probe_pagemap_categories)

#define CATEGORY(id, name_, bit, what_, lost_, instead_)                                              \
	FEATURE(PAGEMAP_SCAN_##id, .name = "pagemap_scan_" name_, .group = "mem", .what = "PAGEMAP_SCAN tells " what_, \
		.since = "6.7", .config = "PROC_PAGE_MONITOR", .class = INFO, .scope = BOOT,             \
		.probe = probe_pagemap_category, .arg = bit, .lost = lost_, .instead = instead_)
CATEGORY(WPALLOWED, "wpallowed", 1 << 0, "pages that are write-protected asynchronously", "", "")
CATEGORY(FILE, "file", 1 << 2, "pages of files from anonymous ones", "leaving out unchanged pages of files", "/proc/PID/pagemap")
CATEGORY(PRESENT, "present", K_PAGE_IS_PRESENT, "pages in memory", "finding populated pages", "/proc/PID/pagemap")
CATEGORY(SWAPPED, "swapped", 1 << 4, "pages in swap", "finding pages in swap", "/proc/PID/pagemap")
CATEGORY(PFNZERO, "pfnzero", 1 << 5, "the page of zeros", "leaving out pages of zeros", "they are saved as they are")
CATEGORY(HUGE, "huge", 1 << 6, "huge pages", "looking into huge pages for zeros", "they are saved as they are")
#undef CATEGORY

FEATURE(PAGEMAP_SCAN_SOFT_DIRTY,
	.name = "pagemap_scan_soft_dirty", .group = "mem", .what = "PAGEMAP_SCAN takes the soft-dirty category",
	.since = "6.7", .config = "PROC_PAGE_MONITOR", .class = INFO, .scope = BOOT,
	.probe = probe_pagemap_category, .arg = K_PAGE_IS_SOFT_DIRTY,
	.lost = "scanning by soft-dirty", .instead = "the soft-dirty bit of /proc/PID/pagemap")

FEATURE(PAGEMAP_SCAN_WRITTEN,
	.name = "pagemap_scan_written", .group = "mem", .what = "PAGEMAP_SCAN takes the written category (write-protect async)",
	.since = "6.7", .config = "PROC_PAGE_MONITOR", .class = INFO, .scope = BOOT,
	.probe = probe_pagemap_category, .arg = K_PAGE_IS_WRITTEN,
	.lost = "tracking changes by userfaultfd", .instead = "soft-dirty, or all pages")

FEATURE(PAGEMAP_SCAN_GUARD_PAGES,
	.name = "pagemap_scan_guard_pages", .group = "mem", .what = "PAGEMAP_SCAN shows guard regions",
	.since = "6.15", .commit = "a516403787e0", .config = "PROC_PAGE_MONITOR", .class = EXTRA, .scope = BOOT,
	.probe = probe_pagemap_category, .arg = K_PAGE_IS_GUARD,
	.lost = "finding MADV_GUARD_INSTALL regions", .instead = "they come back as ordinary empty pages")

/* --- moving pages ------------------------------------------------------------------------------------ */

FEATURE(PROCESS_VM_READV,
	.name = "process_vm_readv", .group = "mem", .what = "read another task's memory in one call",
	.since = "3.2", .config = "CROSS_MEMORY_ATTACH", .class = EXTRA, .scope = BOOT,
	.probe = probe_process_vm_readv,
	.lost = "fetching pages without the parasite", .instead = "/proc/PID/mem")

FEATURE(VMSPLICE_UNALIGNED,
	.name = "vmsplice_unaligned", .group = "mem", .what = "vmsplice(2) of an unaligned range",
	.since = "2.6.17", .class = NEEDED, .scope = BOOT,
	.probe = probe_vmsplice,
	.lost = "pages through pipes without a copy", .instead = "process_vm_readv")

FEATURE(PROCESS_MADVISE,
	.name = "process_madvise", .group = "mem", .what = "madvise for another task",
	.since = "5.10", .config = "ADVISE_SYSCALLS", .class = INFO, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_process_madvise,
	.lost = "", .instead = "a call inside the task")

FEATURE(PROCESS_MRELEASE,
	.name = "process_mrelease", .group = "mem", .what = "free the memory of a dying task at once",
	.since = "5.15", .class = INFO, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_process_mrelease,
	.lost = "memory of a dumped tree is freed a little later")

FEATURE(MADV_POPULATE_WRITE,
	.name = "madv_populate_write", .group = "mem", .what = "MADV_POPULATE_WRITE: make pages in one call",
	.since = "5.14", .commit = "4ca9b3859dac", .class = INFO, .scope = BOOT,
	.probe = probe_madvise, .arg = 23,
	.lost = "one fault a page while memory is filled", .instead = "faults")

FEATURE(MADV_GUARD,
	.name = "madv_guard", .group = "mem", .what = "MADV_GUARD_INSTALL: guard regions without a mapping",
	.since = "6.13", .commit = "662df3e5c376", .class = EXTRA, .scope = BOOT,
	.probe = probe_madvise, .arg = 102,
	.lost = "restoring tasks with guard regions")

FEATURE(MADV_WIPEONFORK,
	.name = "madv_wipeonfork", .group = "mem", .what = "MADV_WIPEONFORK",
	.since = "4.14", .class = INFO, .scope = BOOT,
	.probe = probe_madvise, .arg = 18,
	.lost = "mappings that are wiped on fork")

FEATURE(MADV_COLLAPSE,
	.name = "madv_collapse", .group = "mem", .what = "MADV_COLLAPSE: make huge pages now",
	.since = "6.1", .config = "TRANSPARENT_HUGEPAGE", .class = INFO, .scope = BOOT,
	.probe = probe_madvise, .arg = 25,
	.lost = "", .instead = "khugepaged, in time")

FEATURE(KSM,
	.name = "ksm", .group = "mem", .what = "MADV_MERGEABLE",
	.since = "2.6.32", .config = "KSM", .class = INFO, .scope = BOOT,
	.probe = probe_madvise, .arg = 12,
	.lost = "mappings marked mergeable")

FEATURE(THP,
	.name = "thp", .group = "mem", .what = "transparent huge pages; value 0 never, 1 madvise, 2 always",
	.since = "2.6.38", .config = "TRANSPARENT_HUGEPAGE", .class = INFO, .scope = LIVE,
	.probe = probe_thp,
	.lost = "madvise(MADV_HUGEPAGE) marks")

#define THP_SETTING(id, name_, file, since_, what_, lost_)                                              \
	FEATURE(id, .name = name_, .group = "mem", .what = what_ "; the value is the place of the word in force", \
		.since = since_, .config = "TRANSPARENT_HUGEPAGE", .class = INFO, .scope = LIVE,         \
		.probe = probe_bracketed, .path = "/sys/kernel/mm/transparent_hugepage/" file, .lost = lost_)
THP_SETTING(THP_DEFRAG, "thp_defrag", "defrag", "2.6.38", "who waits for huge pages", "")
THP_SETTING(THP_SHMEM, "thp_shmem", "shmem_enabled", "4.8", "huge pages of shared memory", "huge pages of shared memory come back as small ones")
#undef THP_SETTING
FEATURE(THP_ZERO_PAGE,
	.name = "thp_zero_page", .group = "mem", .what = "reads of huge memory get a huge page of zeros; the value is the setting",
	.since = "3.8", .config = "TRANSPARENT_HUGEPAGE", .class = INFO, .scope = LIVE,
	.probe = probe_number, .path = "/sys/kernel/mm/transparent_hugepage/use_zero_page", .lost = "")

/* --- placing mappings -------------------------------------------------------------------------------- */

FEATURE(MAP_FIXED_NOREPLACE,
	.name = "map_fixed_noreplace", .group = "mem", .what = "map at an address, or fail if it is taken",
	.since = "4.17", .class = INFO, .scope = BOOT,
	.probe = probe_fixed_noreplace,
	.lost = "a collision shows as an error", .instead = "/proc/self/maps is read first")

FEATURE(MAP_DROPPABLE,
	.name = "map_droppable", .group = "mem", .what = "MAP_DROPPABLE memory (vDSO getrandom)",
	.since = "6.11", .commit = "9651fcedf7b9", .class = EXTRA, .scope = BOOT,
	.probe = probe_map_droppable,
	.lost = "restoring tasks whose libc uses vDSO getrandom")

FEATURE(MREMAP_SPECIAL,
	.name = "mremap_special", .group = "mem", .what = "vdso and its like can be moved",
	.since = "4.8", .commit = "b059a453b1cf", .class = NEEDED, .scope = BOOT,
	.lab = MAIN, .probe = probe_mremap_special,
	.lost = "a vdso at the address it had")

FEATURE(AIO_REMAP,
	.name = "aio_remap", .group = "mem", .what = "AIO rings can be moved",
	.since = "3.19", .config = "AIO", .class = EXTRA, .scope = BOOT,
	.lab = MAIN, .probe = probe_aio_remap,
	.lost = "tasks with AIO contexts")

FEATURE(MREMAP_DONTUNMAP,
	.name = "mremap_dontunmap", .group = "mem", .what = "MREMAP_DONTUNMAP",
	.since = "5.7", .class = INFO, .scope = BOOT,
	.probe = probe_mremap_dontunmap,
	.lost = "")

FEATURE(MSEAL,
	.name = "mseal", .group = "mem", .what = "sealed mappings",
	.since = "6.10", .commit = "8be7258aad44", .config = "64BIT", .class = INFO, .scope = BOOT,
	.probe = probe_mseal,
	.lost = "")

FEATURE(ANON_VMA_NAME,
	.name = "anon_vma_name", .group = "mem", .what = "names of anonymous mappings",
	.since = "5.17", .config = "ANON_VMA_NAME", .class = INFO, .scope = BOOT,
	.probe = probe_anon_vma_name,
	.lost = "names that a task gave its anonymous memory")

FEATURE(PKEYS,
	.name = "pkeys", .group = "mem", .what = "memory protection keys",
	.since = "4.9", .class = INFO, .scope = BOOT,
	.probe = probe_pkeys,
	.lost = "restoring tasks that use protection keys", .helps = "a CPU with them")

/* --- memory files ------------------------------------------------------------------------------------ */

FEATURE(MEMFD,
	.name = "memfd", .group = "mem", .what = "memfd_create(2)",
	.since = "3.17", .config = "MEMFD_CREATE", .class = EXTRA, .scope = BOOT,
	.probe = probe_memfd, .arg = 0,
	.lost = "tasks with memory files")

FEATURE(MEMFD_HUGETLB,
	.name = "memfd_hugetlb", .group = "mem", .what = "memory files of huge pages",
	.since = "4.14", .config = "HUGETLBFS", .class = EXTRA, .scope = BOOT,
	.probe = probe_memfd, .arg = 4 /* MFD_HUGETLB */,
	.lost = "memory files of huge pages")

FEATURE(HUGETLB_SIZES,
	.name = "hugetlb_sizes", .group = "mem", .what = "huge page sizes; the value is their sum in bytes",
	.config = "HUGETLBFS", .class = INFO, .scope = BOOT,
	.probe = probe_hugetlb_sizes,
	.lost = "mappings of huge pages")

/* One row a size that some architecture has: asked of a memory file, and how many the pool has now. */
#define HUGETLB(id, size, log, kb)                                                                       \
	FEATURE(MEMFD_HUGETLB_##id, .name = "memfd_hugetlb_" size, .group = "mem",                       \
		.what = "memory files of huge pages of " size, .since = "4.14", .commit = "749df87bd7be", \
		.config = "HUGETLBFS", .class = INFO, .scope = BOOT, .probe = probe_memfd, .arg = 4 | (log) << 26, \
		.lost = "memory files and mappings of huge pages of " size)                              \
	FEATURE(HUGETLB_##id, .name = "hugetlb_" size, .group = "mem",                                   \
		.what = "a pool of huge pages of " size "; the value is how many it has", .since = "2.6.27", \
		.config = "HUGETLBFS", .class = INFO, .scope = LIVE, .probe = probe_number,              \
		.path = "/sys/kernel/mm/hugepages/hugepages-" kb "kB/nr_hugepages",                      \
		.lost = "mappings of huge pages of " size, .helps = "hugepagesz= at boot, or another CPU")
HUGETLB(64K, "64k", 16, "64")
HUGETLB(512K, "512k", 19, "512")
HUGETLB(1M, "1m", 20, "1024")
HUGETLB(2M, "2m", 21, "2048")
HUGETLB(8M, "8m", 23, "8192")
HUGETLB(16M, "16m", 24, "16384")
HUGETLB(32M, "32m", 25, "32768")
HUGETLB(256M, "256m", 28, "262144")
HUGETLB(512M, "512m", 29, "524288")
HUGETLB(1G, "1g", 30, "1048576")
HUGETLB(2G, "2g", 31, "2097152")
HUGETLB(16G, "16g", 34L, "16777216")
#undef HUGETLB

FEATURE(MEMFD_NOEXEC_SEAL,
	.name = "memfd_noexec_seal", .group = "mem", .what = "MFD_NOEXEC_SEAL: memory files that cannot become programs",
	.since = "6.3", .commit = "105ff5339f49", .config = "MEMFD_CREATE", .class = INFO, .scope = BOOT,
	.probe = probe_memfd, .arg = 8, .lost = "the seal on memory files that have it")

FEATURE(OVERLAYFS_MAPS,
	.name = "overlayfs_maps", .group = "mem", .what = "map_files shows the file of an overlayfs and not what is below",
	.since = "6.8", .config = "OVERLAY_FS", .class = EXTRA, .scope = CALLER,
	.lab = MAIN, .probe = probe_overlayfs_maps,
	.lost = "recognizing mapped files on overlayfs", .instead = "the path, checked by inode")

FEATURE(OVERLAYFS_DEV,
	.name = "overlayfs_dev", .group = "mem", .what = "files of an overlayfs over two file systems have its device number",
	.since = "4.17", .config = "OVERLAY_FS_XINO_AUTO", .class = INFO, .scope = CALLER,
	.lab = MAIN, .probe = probe_overlayfs_dev,
	.lost = "knowing a file of an overlayfs by its mount's device", .instead = "mnt_id in fdinfo, and the path",
	.helps = "overlayfs mounted with xino=on")
FEATURE(OVERLAYFS_HANDLES,
	.name = "overlayfs_handles", .group = "mem", .what = "files of an overlayfs have handles that open",
	.since = "4.16", .config = "OVERLAY_FS_NFS_EXPORT", .class = INFO, .scope = CALLER,
	.lab = MAIN, .probe = probe_overlayfs_handles,
	.lost = "finding watched files on overlayfs by handle", .instead = "a search by inode (--force-irmap)",
	.helps = "overlayfs mounted with nfs_export=on")

/* --- userfaultfd ------------------------------------------------------------------------------------- */

FEATURE(UFFD,
	.name = "uffd", .group = "mem", .what = "userfaultfd(2); the value is the mask of its features",
	.since = "4.3", .commit = "86039bd3b4e6", .config = "USERFAULTFD", .class = EXTRA, .scope = CALLER,
	.probe = probe_uffd,
	.lost = "lazy restore", .helps = "CAP_SYS_PTRACE, or vm.unprivileged_userfaultfd = 1")
FEATURE(UFFD_NONCOOP,
	.name = "uffd-noncoop", .group = "mem", .what = "userfaultfd tells of fork, mremap, unmap and madvise",
	.since = "4.11", .config = "USERFAULTFD", .class = EXTRA, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 6,
	.lost = "lazy restore of tasks that go on")
FEATURE(UFFD_DEV,
	.name = "uffd_dev", .group = "mem", .what = "/dev/userfaultfd",
	.since = "6.1", .config = "USERFAULTFD", .class = INFO, .scope = LIVE,
	.probe = probe_uffd_dev,
	.lost = "userfaultfd by file permission", .instead = "the system call")
FEATURE(UFFD_UNPRIVILEGED,
	.name = "uffd_unprivileged", .group = "mem", .what = "vm.unprivileged_userfaultfd; the value is the setting",
	.since = "5.2", .config = "USERFAULTFD", .class = INFO, .scope = LIVE,
	.probe = probe_number, .path = "/proc/sys/vm/unprivileged_userfaultfd", .lost = "")
FEATURE(UFFD_WP,
	.name = "uffd_wp", .group = "mem", .what = "userfaultfd write-protect faults",
	.since = "5.7", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 0, .lost = "copy-on-write dumps")
FEATURE(UFFD_WP_SHMEM,
	.name = "uffd_wp_shmem", .group = "mem", .what = "the same for shared and huge memory",
	.since = "5.19", .config = "PTE_MARKER_UFFD_WP", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 12, .lost = "copy-on-write dumps of shared memory")
FEATURE(UFFD_WP_UNPOPULATED,
	.name = "uffd_wp_unpopulated", .group = "mem", .what = "the same for pages not there yet",
	.since = "6.4", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 13, .lost = "")
FEATURE(UFFD_WP_ASYNC,
	.name = "uffd_wp_async", .group = "mem", .what = "write-protect faults resolved by the kernel",
	.since = "6.7", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 15, .lost = "dirty tracking without soft-dirty")
FEATURE(UFFD_MISSING_HUGETLB,
	.name = "uffd_missing_hugetlb", .group = "mem", .what = "missing-page faults of huge pages",
	.since = "4.11", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 4, .lost = "lazy restore of huge pages")
FEATURE(UFFD_MISSING_SHMEM,
	.name = "uffd_missing_shmem", .group = "mem", .what = "missing-page faults of shared memory",
	.since = "4.11", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 5, .lost = "lazy restore of shared memory")
FEATURE(UFFD_MINOR_HUGETLB,
	.name = "uffd_minor_hugetlb", .group = "mem", .what = "minor faults of huge pages",
	.since = "5.13", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 9, .lost = "")
FEATURE(UFFD_MINOR_SHMEM,
	.name = "uffd_minor_shmem", .group = "mem", .what = "minor faults of shared memory",
	.since = "5.14", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 10, .lost = "")
FEATURE(UFFD_MOVE,
	.name = "uffd_move", .group = "mem", .what = "UFFDIO_MOVE",
	.since = "6.8", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 16, .lost = "pages moved in without a copy")
FEATURE(UFFD_POISON,
	.name = "uffd_poison", .group = "mem", .what = "UFFDIO_POISON",
	.since = "6.6", .config = "USERFAULTFD", .class = INFO, .scope = CALLER,
	.probe = probe_uffd_bits, .arg = 1 << 14, .lost = "poisoned pages in a lazy restore")

#define UFFD_BIT(id, name_, since_, bit, what_, lost_)                                                    \
	FEATURE(UFFD_##id, .name = "uffd_" name_, .group = "mem", .what = what_, .since = since_,        \
		.config = "USERFAULTFD", .class = INFO, .scope = CALLER, .probe = probe_uffd_bits,       \
		.arg = 1 << (bit), .lost = lost_)
UFFD_BIT(EVENT_FORK, "event_fork", "4.11", 1, "userfaultfd tells of fork", "lazy restore of tasks that fork")
UFFD_BIT(EVENT_REMAP, "event_remap", "4.11", 2, "userfaultfd tells of mremap", "lazy restore of tasks that move mappings")
UFFD_BIT(EVENT_REMOVE, "event_remove", "4.11", 3, "userfaultfd tells of MADV_DONTNEED", "lazy restore of tasks that drop pages")
UFFD_BIT(EVENT_UNMAP, "event_unmap", "4.11", 6, "userfaultfd tells of munmap", "lazy restore of tasks that unmap")
UFFD_BIT(SIGBUS, "sigbus", "4.14", 7, "a signal for a fault instead of a wait", "")
UFFD_BIT(THREAD_ID, "thread_id", "4.14", 8, "a fault tells which thread waits", "")
UFFD_BIT(EXACT_ADDRESS, "exact_address", "5.18", 11, "a fault tells its address, not its page alone", "")
#undef UFFD_BIT
