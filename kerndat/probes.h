/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Every probe that a row of features.h names, by the file that has it. A third place beside row
 * and probe, the price of rows that share one probe; the compiler insists on it.
 */
#pragma once

#include "arch/facts.h"
#include "kerndat/kernel_new.h"
#include "kerndat/probe.h"

/* generic.c: one probe for many rows */
PROBE(probe_all_of);   /* path: names of rows that must all be there */
PROBE(probe_syscall);  /* arg: a system call that garbage does not harm */
PROBE(probe_file);     /* path: a file of /proc or /sys */
PROBE(probe_file_has); /* path: "FILE\nTEXT" */
PROBE(probe_number);   /* path: a file with a number, which is the value */

/* task.c */
PROBE(probe_clone3_set_tid);
PROBE(probe_clone_into_cgroup);
PROBE(probe_ns_last_pid);
PROBE(probe_pidfd_open);
PROBE(probe_pidfs);
PROBE(probe_pidfd_ns); /* arg: number of the ioctl */
PROBE(probe_kcmp); /* arg: KCMP_... */
PROBE(probe_kcmp_epoll);
PROBE(probe_proc_stat);
PROBE(probe_prctl_mm_map);
PROBE(probe_sigqueueinfo);
PROBE(probe_fcntl_owner);
PROBE(probe_timer_cr_ids);
PROBE(probe_membarrier); /* arg: the command */
PROBE(probe_close_range);
PROBE(probe_rseq);
PROBE(probe_loginuid);
PROBE(probe_prlimit_others);

/* ptrace.c */
PROBE(probe_seccomp_suspend);
PROBE(probe_seccomp_filters);
PROBE(probe_seccomp_metadata);
PROBE(probe_get_rseq_conf);
PROBE(probe_peeksiginfo);
PROBE(probe_ptrace_sigmask);
PROBE(probe_ptrace_syscall_info);
PROBE(probe_ptrace_set_syscall_info);
PROBE(probe_ptrace_sud);
PROBE(probe_breakpoints);

/* mem.c */
PROBE(probe_map_files);
PROBE(probe_soft_dirty);
PROBE(probe_pagemap_scan);
PROBE(probe_pagemap);
PROBE(probe_pagemap_category); /* arg: PAGE_IS_... */
PROBE(probe_pagemap_categories);
PROBE(probe_process_vm_readv);
PROBE(probe_vmsplice);
PROBE(probe_madvise); /* arg: MADV_... */
PROBE(probe_thp);
PROBE(probe_bracketed); /* path: a file of words, one of them in [] */

/* map.c */
PROBE(probe_fixed_noreplace);
PROBE(probe_map_droppable);
PROBE(probe_mremap_dontunmap);
PROBE(probe_mseal);
PROBE(probe_anon_vma_name);
PROBE(probe_pkeys);
PROBE(probe_mremap_special);
PROBE(probe_aio_remap);
PROBE(probe_memfd); /* arg: MFD_... */
PROBE(probe_hugetlb_sizes);

/* overlay.c */
PROBE(probe_overlayfs_maps);
PROBE(probe_overlayfs_dev);
PROBE(probe_overlayfs_handles);

/* uffd.c */
PROBE(probe_uffd);
PROBE(probe_uffd_bits); /* arg: UFFD_FEATURE_... */
PROBE(probe_uffd_dev);

/* fd.c */
PROBE(probe_fdinfo); /* path: "KIND\nTEXT" */
PROBE(probe_timerfd);
PROBE(probe_inotify_setnextwd);
PROBE(probe_fhandles);
PROBE(probe_fanotify);
PROBE(probe_tty_ioctls);
PROBE(probe_openat2);
PROBE(probe_statx); /* arg: STATX_... */
PROBE(probe_seek_hole);
PROBE(probe_io_uring);
PROBE(probe_io_uring_entries);
PROBE(probe_bpf);
PROBE(probe_bpf_map_dump);

/* ns.c */
PROBE(probe_unshare); /* arg: CLONE_NEW... */
PROBE(probe_initial_userns);
PROBE(probe_move_mount); /* arg: a flag */
PROBE(probe_msg_copy);
PROBE(probe_autofs);
PROBE(probe_binfmt_userns);

/* timens.c */
PROBE(probe_timens_clock); /* path: the clock */

/* net.c */
PROBE(probe_diag);    /* arg: family | protocol << 8 */
PROBE(probe_sockopt); /* path: kind of socket, arg: level << 16 | option */
PROBE(probe_sk_ns);
PROBE(probe_sk_unix_file);
PROBE(probe_mptcp);
PROBE(probe_vsock);
PROBE(probe_ipv6);

/* tcp.c */
PROBE(probe_tcp_repair);
PROBE(probe_tcp_window);
PROBE(probe_tcp_timestamp);
PROBE(probe_tcp_off_no_wp);
PROBE(probe_tcp_half_closed);

/* netdev.c */
PROBE(probe_nsid);
PROBE(probe_link_nsid);
PROBE(probe_newifindex);
PROBE(probe_link_kind); /* path: the kind */
PROBE(probe_tun);
PROBE(probe_tun_ns);

/* netfilter.c */
PROBE(probe_nftables);
PROBE(probe_nft_lock);
PROBE(probe_nft_concat); /* arg: more flags of the set */
PROBE(probe_iptables);
PROBE(probe_ip6tables);
PROBE(probe_iptables_nft);
PROBE(probe_ipt_tools);
PROBE(probe_conntrack_netlink);

/* cgroup.c */
PROBE(probe_cgroup_v1);
PROBE(probe_cgroup_v2);
PROBE(probe_cgroup_hybrid);
PROBE(probe_cgroup_writable); /* path: "cgroup" or "cgroup2" */
PROBE(probe_cgroup_file);     /* path: a file of every v2 group but the root */
PROBE(probe_freezer_v1);

/* security.c */
PROBE(probe_seccomp);
PROBE(probe_seccomp_flag);   /* arg: SECCOMP_FILTER_FLAG_... */
PROBE(probe_seccomp_action); /* arg: SECCOMP_RET_... */
PROBE(probe_seccomp_on_us);
PROBE(probe_lsm);
PROBE(probe_lsm_named); /* path: "NAME\nFILE" */
PROBE(probe_lsm_set); /* arg: the row of the module, path: where a label is set */
PROBE(probe_apparmor_stacking);
PROBE(probe_landlock);
PROBE(probe_securebits);
PROBE(probe_no_new_privs);
PROBE(probe_cap); /* arg: CAP_... */

/* host.c */
PROBE(probe_auxv); /* arg: AT_... */
PROBE(probe_address_bits);
PROBE(probe_vdso); /* path: the name of the mapping */
PROBE(probe_arch_fact); /* arg: ARCH_FACT_... */
PROBE(probe_compat);
