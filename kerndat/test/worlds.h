/* SPDX-License-Identifier: LGPL-2.1-only */
/* Worlds that hold something back; each skips where it cannot be made. */
#pragma once

void enter_no_capabilities(void);
void enter_nobody(void);
void enter_user_namespace(void);
void enter_pid_namespace(void);
void enter_pid_namespace_old_proc(void); /* /proc of outside: getpid() is somebody else there */
void enter_empty_chroot(void);
void enter_chroot_without_sys(void);
void enter_no_proc_sys(void);
void enter_no_sys(void);
void enter_no_proc(void);
void enter_hidepid(void);
void enter_read_only_run(void);
void enter_seccomp_eperm(void);
void enter_seccomp_enosys(void);
void enter_seccomp_kill(void);
void enter_container_eperm(void);
void enter_container_enosys(void);
void enter_container_kill(void);
