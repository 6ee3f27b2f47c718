/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Kernel constants and structs newer than the oldest UAPI headers we build with (Linux 5.10).
 * Numbers of the generic table (>= 424) are the same on every architecture but alpha.
 */
#pragma once

#include <linux/ioctl.h>
#include <linux/types.h>
#include <sys/syscall.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef SYS_statmount
#define SYS_statmount 457
#endif
#ifndef SYS_listmount
#define SYS_listmount 458
#endif

/* PAGEMAP_SCAN, Linux 6.7 (52526ca7fdb9). */
struct k_pm_scan_arg {
	__u64 size, flags, start, end, walk_end, vec, vec_len, max_pages;
	__u64 category_inverted, category_mask, category_anyof_mask, return_mask;
};
struct k_page_region {
	__u64 start, end, categories;
};
#define K_PAGEMAP_SCAN_IOCTL _IOWR('f', 16, struct k_pm_scan_arg)
#define K_PAGE_IS_WRITTEN	(1 << 1)
#define K_PAGE_IS_PRESENT    (1 << 3)
#define K_PAGE_IS_SOFT_DIRTY (1 << 7)
#define K_PAGE_IS_GUARD      (1 << 8)

/* Others, with the Linux that brought them. */
#define K_PID_FS_MAGIC			   0x50494446	 /* 6.9 */
#define K_PR_TIMER_CREATE_RESTORE_IDS	   77		 /* 6.15 */
#define K_AT_RSEQ_FEATURE_SIZE		   27		 /* 6.3 */
#define K_PTRACE_O_SUSPEND_SECCOMP	   (1ul << 21)	 /* 4.3 */
#define K_PTRACE_SECCOMP_GET_FILTER	   0x420c	 /* 4.4 */
#define K_PTRACE_SECCOMP_GET_METADATA	   0x420d	 /* 4.16 */
#define K_PTRACE_GET_SYSCALL_INFO	   0x420e	 /* 5.3 */
#define K_PTRACE_GET_RSEQ_CONFIGURATION   0x420f	 /* 5.13 */
#define K_PTRACE_GET_SUD_CONFIG	   0x4211	 /* 6.4 */
#define K_PTRACE_SET_SYSCALL_INFO	   0x4212	 /* 6.16 */
#define K_MAP_DROPPABLE			  0x08		/* 6.11 */
#define K_PR_SET_VMA			  0x53564d41	/* 5.17 */
#define K_USERFAULTFD_IOC_NEW		  _IO(0xAA, 0)	/* 6.1 */
#define K_TFD_IOC_SET_TICKS		  _IOW('T', 0, __u64) /* 3.17 */
#define K_INOTIFY_IOC_SETNEXTWD		  _IOW('I', 0, __s32) /* 4.16 */
#define K_TUNGETDEVNETNS		  _IO('T', 227) /* 4.17 */
