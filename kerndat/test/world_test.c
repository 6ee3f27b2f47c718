/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Worlds that hold something back: no capabilities, seccomp filters, no /proc or /sys. There an
 * answer about the kernel may become "cannot tell", and never turn from yes to no or back.
 */
#include "kerndat/test/test.h"

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

#include "kerndat/kerndat.h"

static void ask_all(struct kd_answer *answers)
{
	struct kerndat *kd;

	ok(kerndat_open_uncached(&kd) == 0);
	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++)
		answers[row] = kerndat_ask(kd, row);
	kerndat_close(kd);
}

/* Facts of the kernel, which no world changes; the others may answer for their world. */
static void compare(const struct kd_answer *outside, const struct kd_answer *inside)
{
	int wrong = 0;

	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++) {
		const struct kd_feature *f = kerndat_feature(row);

		ok(inside[row].state >= KD_YES && inside[row].state <= KD_CANNOT_TELL, "%s", f->name);
		if (f->scope != KD_BOOT || inside[row].state == KD_CANNOT_TELL ||
		    outside[row].state == KD_CANNOT_TELL || inside[row].state == outside[row].state)
			continue;
		fprintf(stderr, "%s: outside %s, here %s (%s %s)\n", f->name, kd_state_name(outside[row].state),
			kd_state_name(inside[row].state),
			inside[row].err ? strerrorname_np(inside[row].err) : "", inside[row].why);
		wrong++;
	}
	ok(!wrong, "%d answers are wrong here", wrong);
}

static void in_world(void (*enter)(void))
{
	static struct kd_answer outside[KD_ROWS_END], inside[KD_ROWS_END];

	ask_all(outside);
	enter();
	ask_all(inside);
	compare(outside, inside);
}

/* --- privileges ------------------------------------------------------------------------------------- */

static void drop_caps(void)
{
	if (cap_set_proc(cap_init()) < 0)
		skip("capabilities stay: %s", strerror(errno));
}

static void become_nobody(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
		skip("not root");
	/* A change of ids makes /proc/self root's; a program run by nobody would be its own. */
	prctl(PR_SET_DUMPABLE, 1);
}

static void user_namespace(void)
{
	if (unshare(CLONE_NEWUSER) < 0)
		skip("no user namespace");
}

static void pid_namespace(void)
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

static void world_no_caps(void)
{
	in_world(drop_caps);
}

static void world_nobody(void)
{
	in_world(become_nobody);
}

static void world_user_namespace(void)
{
	in_world(user_namespace);
}

static void world_pid_namespace(void)
{
	in_world(pid_namespace);
}

/* --- files ------------------------------------------------------------------------------------------- */

static void empty_chroot(void)
{
	private_tmpfs("/mnt");
	ok(chroot("/mnt") == 0 && chdir("/") == 0);
}

static void hide(const char *dir)
{
	private_tmpfs(dir);
}

static void no_proc_sys(void)
{
	hide("/proc/sys");
}

static void no_sys(void)
{
	hide("/sys");
}

static void no_proc(void)
{
	hide("/proc");
}

static void hidepid(void)
{
	private_tmpfs("/mnt");
	if (mount("proc", "/proc", "proc", 0, "hidepid=2") < 0)
		skip("no /proc of our own: %s", strerror(errno));
	become_nobody();
}

static void read_only_run(void)
{
	private_tmpfs("/run");
	ok(mount(NULL, "/run", NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0);
}

static void world_empty_chroot(void)
{
	in_world(empty_chroot);
}

static void world_no_proc_sys(void)
{
	in_world(no_proc_sys);
}

static void world_no_sys(void)
{
	in_world(no_sys);
}

static void world_no_proc(void)
{
	in_world(no_proc);
}

static void world_hidepid(void)
{
	in_world(hidepid);
}

static void world_read_only_run(void)
{
	in_world(read_only_run);
}

/* --- seccomp ------------------------------------------------------------------------------------------ */

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
	struct sock_fprog prog;

	insn[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		insn[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)usual[i],
							 (unsigned char)(count - i), 0);
	insn[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict);
	insn[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	prog = (struct sock_fprog){ .len = (unsigned short)n, .filter = insn };
	ok(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) < 0)
		skip("no seccomp filters");
}

static void eperm(void)
{
	filter(SECCOMP_RET_ERRNO | EPERM);
}

static void enosys(void)
{
	filter(SECCOMP_RET_ERRNO | ENOSYS);
}

static void killer(void)
{
	filter(SECCOMP_RET_KILL_PROCESS);
}

static void world_seccomp_eperm(void)
{
	in_world(eperm);
}

static void world_seccomp_enosys(void)
{
	in_world(enosys);
}

static void world_seccomp_kill(void)
{
	in_world(killer);
}

const struct test world_tests[] = {
	{ "world_no_capabilities", world_no_caps },
	{ "world_nobody", world_nobody },
	{ "world_user_namespace", world_user_namespace },
	{ "world_pid_namespace_old_proc", world_pid_namespace },
	{ "world_empty_chroot", world_empty_chroot },
	{ "world_no_proc_sys", world_no_proc_sys },
	{ "world_no_sys", world_no_sys },
	{ "world_no_proc", world_no_proc },
	{ "world_hidepid", world_hidepid },
	{ "world_read_only_run", world_read_only_run },
	{ "world_seccomp_eperm", world_seccomp_eperm },
	{ "world_seccomp_enosys", world_seccomp_enosys },
	{ "world_seccomp_kill", world_seccomp_kill },
	{ 0 },
};
