/* SPDX-License-Identifier: LGPL-2.1-only */
/* Worlds that hold something back: entered for good, by a process that ends there. */
#include "kerndat/test/worlds.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kerndat/test/test.h"

/* --- privileges ------------------------------------------------------------------------------------- */

void enter_no_capabilities(void)
{
	/* And none to come by exec, which gives root all of the bounding set. */
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		(void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	if (cap_set_proc(cap_init()) < 0)
		skip("capabilities stay: %s", strerror(errno));
}

void enter_nobody(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
		skip("not root");
	/* A change of ids makes /proc/self root's; a program run by nobody would be its own. */
	prctl(PR_SET_DUMPABLE, 1);
}

void enter_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER) < 0)
		skip("no user namespace");
}

void enter_pid_namespace_old_proc(void)
{
	int status;
	pid_t pid;

	if (unshare(CLONE_NEWPID) < 0)
		skip("no pid namespace");
	/* /proc stays the old one, as in a careless container. */
	pid = fork();
	if (pid) {
		waitpid(pid, &status, 0);
		exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
}

/* --- files ------------------------------------------------------------------------------------------- */

void enter_empty_chroot(void)
{
	private_tmpfs("/mnt");
	ok(chroot("/mnt") == 0 && chdir("/") == 0);
}

/* All of the root file system, and a /proc; no /sys, and no devices but three. */
void enter_chroot_without_sys(void)
{
	static const char *const devices[] = { "null", "ptmx", "tty" };
	char from[64], to[64];

	private_tmpfs("/mnt");
	ok(mount("/", "/mnt", NULL, MS_BIND, NULL) == 0, "%s", strerror(errno));
	ok(mount("proc", "/mnt/proc", "proc", 0, NULL) == 0 || mount("/proc", "/mnt/proc", NULL, MS_BIND | MS_REC, NULL) == 0);
	ok(mount("kerndat-test", "/mnt/sys", "tmpfs", 0, NULL) == 0);
	ok(mount("kerndat-test", "/mnt/dev", "tmpfs", 0, NULL) == 0);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		snprintf(from, sizeof(from), "/dev/%s", devices[i]);
		snprintf(to, sizeof(to), "/mnt/dev/%s", devices[i]);
		ok(close(open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0);
		ok(mount(from, to, NULL, MS_BIND, NULL) == 0);
	}
	ok(chroot("/mnt") == 0 && chdir("/") == 0);
}

static void hide(const char *dir)
{
	private_tmpfs(dir);
}

/* As a container has it. */
void enter_pid_namespace(void)
{
	private_tmpfs("/mnt");
	enter_pid_namespace_old_proc();
	if (mount("proc", "/proc", "proc", 0, NULL) < 0)
		skip("no /proc of our own: %s", strerror(errno));
}

void enter_no_proc_sys(void)
{
	hide("/proc/sys");
}

void enter_no_sys(void)
{
	hide("/sys");
}

void enter_no_proc(void)
{
	hide("/proc");
}

void enter_hidepid(void)
{
	private_tmpfs("/mnt");
	if (mount("proc", "/proc", "proc", 0, "hidepid=2") < 0)
		skip("no /proc of our own: %s", strerror(errno));
	enter_nobody();
}

void enter_read_only_run(void)
{
	private_tmpfs("/run");
	ok(mount(NULL, "/run", NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0);
}

/* --- seccomp ------------------------------------------------------------------------------------------ */

static void install(const struct sock_filter *insn, size_t n)
{
	struct sock_fprog prog = { .len = (unsigned short)n, .filter = (struct sock_filter *)insn };

	ok(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) < 0)
		skip("no seccomp filters");
}

/* What every program does; the rest gets @verdict. */
static const int usual[] = {
	SYS_read, SYS_write, SYS_openat, SYS_close, SYS_newfstatat, SYS_fstat, SYS_lseek, SYS_mmap, SYS_munmap,
	SYS_mprotect, SYS_brk, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_ioctl, SYS_pread64,
	SYS_pwrite64, SYS_getpid, SYS_getppid, SYS_gettid, SYS_exit, SYS_exit_group, SYS_wait4, SYS_kill, SYS_tgkill,
	SYS_clone, SYS_prctl, SYS_pipe2, SYS_fcntl, SYS_faccessat, SYS_clock_gettime, SYS_getdents64, SYS_statfs,
	SYS_fstatfs, SYS_uname, SYS_prlimit64, SYS_geteuid, SYS_getuid, SYS_ppoll, SYS_socket, SYS_futex,
#ifdef SYS_access
	SYS_access, SYS_poll, SYS_open, SYS_stat, SYS_readlink, SYS_getpgrp,
#endif
	SYS_readlinkat, SYS_getrandom, SYS_rseq, SYS_set_robust_list, SYS_capget,
};

static void filter(unsigned verdict)
{
	struct sock_filter insn[4 + sizeof(usual) / sizeof(usual[0])];
	size_t n = 0, count = sizeof(usual) / sizeof(usual[0]);

	insn[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		insn[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)usual[i],
							 (unsigned char)(count - i), 0);
	insn[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict);
	insn[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	install(insn, n);
}

void enter_seccomp_eperm(void)
{
	filter(SECCOMP_RET_ERRNO | EPERM);
}

void enter_seccomp_enosys(void)
{
	filter(SECCOMP_RET_ERRNO | ENOSYS);
}

void enter_seccomp_kill(void)
{
	filter(SECCOMP_RET_KILL_PROCESS);
}

/*
 * A container's profile: an allow-list, of what was known when it was made (Linux 5.16), without what reaches
 * beyond a container by its man page (modules, swap, clocks, other tasks' memory and keys, kexec, bpf, perf, faults,
 * mounts, namespaces, io_uring). Namespaces by clone as well; clone3, whose flags no filter can see, is not there.
 */
static const int beyond[] = {
	SYS_acct, SYS_add_key, SYS_bpf, SYS_clock_adjtime, SYS_clock_settime, SYS_delete_module, SYS_fanotify_init,
	SYS_finit_module, SYS_fsconfig, SYS_fsmount, SYS_fsopen, SYS_fspick, SYS_get_mempolicy, SYS_init_module,
	SYS_io_uring_enter, SYS_io_uring_register, SYS_io_uring_setup, SYS_kcmp, SYS_kexec_load, SYS_keyctl,
	SYS_lookup_dcookie, SYS_mbind, SYS_migrate_pages, SYS_mount, SYS_mount_setattr, SYS_move_mount, SYS_move_pages,
	SYS_nfsservctl, SYS_open_by_handle_at, SYS_open_tree, SYS_perf_event_open, SYS_personality, SYS_pidfd_getfd,
	SYS_pivot_root, SYS_process_madvise, SYS_process_vm_readv, SYS_process_vm_writev, SYS_ptrace, SYS_quotactl,
	SYS_reboot, SYS_request_key, SYS_set_mempolicy, SYS_setdomainname, SYS_sethostname, SYS_setns, SYS_settimeofday,
	SYS_swapoff, SYS_swapon, SYS_syslog, SYS_umount2, SYS_unshare, SYS_userfaultfd, SYS_vhangup,
};

#define NEWEST_KNOWN 449 /* futex_waitv */
#define NEW_NS	     (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP)

#define JUMP(op, k, yes, no) (struct sock_filter)BPF_JUMP(BPF_JMP | (op) | BPF_K, (unsigned)(k), (yes), (no))
#define RETURN(verdict)	     (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (verdict))

static void container(unsigned denied, unsigned unknown)
{
	const size_t count = sizeof(beyond) / sizeof(beyond[0]);
	struct sock_filter insn[16 + 2 * count];
	size_t n = 0;

	insn[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	insn[n++] = JUMP(BPF_JGT, NEWEST_KNOWN, 0, 1);
	insn[n++] = RETURN(unknown);
	insn[n++] = JUMP(BPF_JEQ, SYS_clone3, 0, 1);
	insn[n++] = RETURN(SECCOMP_RET_ERRNO | ENOSYS);
	for (size_t i = 0; i < count; i++) {
		insn[n++] = JUMP(BPF_JEQ, beyond[i], 0, 1);
		insn[n++] = RETURN(denied);
	}
	insn[n++] = JUMP(BPF_JEQ, SYS_clone, 1, 0);
	insn[n++] = RETURN(SECCOMP_RET_ALLOW);
	insn[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]));
	insn[n++] = JUMP(BPF_JSET, NEW_NS, 0, 1);
	insn[n++] = RETURN(denied);
	insn[n++] = RETURN(SECCOMP_RET_ALLOW);
	install(insn, n);
}

void enter_container_eperm(void)
{
	container(SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ERRNO | EPERM);
}

void enter_container_enosys(void)
{
	container(SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ERRNO | ENOSYS);
}

void enter_container_kill(void)
{
	container(SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_PROCESS);
}
