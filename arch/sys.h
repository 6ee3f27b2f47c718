/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * System calls without libc, for code that runs inside a task and for whoever must not set errno
 * or take libc's locks. The result or -errno. Numbers come from the kernel's own headers;
 * what is newer than the headers has its number here.
 */
#pragma once

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

#include "syscall.h" /* arch/<name>/syscall.h */

#define SYS_ARG_(x) ((long)(x))
#define sys_call0(nr)			sys_call6(nr, 0, 0, 0, 0, 0, 0)
#define sys_call1(nr, a)		sys_call6(nr, SYS_ARG_(a), 0, 0, 0, 0, 0)
#define sys_call2(nr, a, b)		sys_call6(nr, SYS_ARG_(a), SYS_ARG_(b), 0, 0, 0, 0)
#define sys_call3(nr, a, b, c)		sys_call6(nr, SYS_ARG_(a), SYS_ARG_(b), SYS_ARG_(c), 0, 0, 0)
#define sys_call4(nr, a, b, c, d)	sys_call6(nr, SYS_ARG_(a), SYS_ARG_(b), SYS_ARG_(c), SYS_ARG_(d), 0, 0)
#define sys_call5(nr, a, b, c, d, e) \
	sys_call6(nr, SYS_ARG_(a), SYS_ARG_(b), SYS_ARG_(c), SYS_ARG_(d), SYS_ARG_(e), 0)

static inline long sys_read(int fd, void *buf, size_t n)
{
	return sys_call3(__NR_read, fd, buf, n);
}

static inline long sys_write(int fd, const void *buf, size_t n)
{
	return sys_call3(__NR_write, fd, buf, n);
}

static inline long sys_pread(int fd, void *buf, size_t n, uint64_t off)
{
	return sys_call4(__NR_pread64, fd, buf, n, off);
}

static inline long sys_pwrite(int fd, const void *buf, size_t n, uint64_t off)
{
	return sys_call4(__NR_pwrite64, fd, buf, n, off);
}

static inline long sys_preadv(int fd, const void *iov, unsigned long nr, uint64_t off)
{
	return sys_call5(__NR_preadv, fd, iov, nr, off, 0);
}

static inline long sys_openat(int dirfd, const char *path, int flags, unsigned int mode)
{
	return sys_call4(__NR_openat, dirfd, path, flags, mode);
}

static inline long sys_close(int fd)
{
	return sys_call1(__NR_close, fd);
}

static inline long sys_fcntl(int fd, int cmd, unsigned long arg)
{
	return sys_call3(__NR_fcntl, fd, cmd, arg);
}

static inline long sys_ioctl(int fd, unsigned long req, void *arg)
{
	return sys_call3(__NR_ioctl, fd, req, arg);
}

static inline long sys_dup3(int old, int new, int flags)
{
	return sys_call3(__NR_dup3, old, new, flags);
}

static inline long sys_lseek(int fd, int64_t off, int whence)
{
	return sys_call3(__NR_lseek, fd, off, whence);
}

static inline long sys_mmap(void *addr, size_t n, int prot, int flags, int fd, uint64_t off)
{
	return sys_call6(__NR_mmap, SYS_ARG_(addr), SYS_ARG_(n), prot, flags, fd, SYS_ARG_(off));
}

static inline long sys_munmap(void *addr, size_t n)
{
	return sys_call2(__NR_munmap, addr, n);
}

static inline long sys_mremap(void *old, size_t old_n, size_t n, int flags, void *to)
{
	return sys_call5(__NR_mremap, old, old_n, n, flags, to);
}

static inline long sys_mprotect(void *addr, size_t n, int prot)
{
	return sys_call3(__NR_mprotect, addr, n, prot);
}

static inline long sys_madvise(void *addr, size_t n, int advice)
{
	return sys_call3(__NR_madvise, addr, n, advice);
}

static inline long sys_mlock2(void *addr, size_t n, int flags)
{
	return sys_call3(__NR_mlock2, addr, n, flags);
}

static inline long sys_brk(unsigned long addr)
{
	return sys_call1(__NR_brk, addr);
}

static inline long sys_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	return sys_call5(__NR_prctl, op, a, b, c, d);
}

static inline int sys_getpid(void)
{
	return (int)sys_call0(__NR_getpid);
}

static inline int sys_gettid(void)
{
	return (int)sys_call0(__NR_gettid);
}

static inline long sys_tgkill(int tgid, int tid, int sig)
{
	return sys_call3(__NR_tgkill, tgid, tid, sig);
}

static inline __attribute__((noreturn)) void sys_exit(int code)
{
	for (;;)
		(void)sys_call1(__NR_exit, code);
}

static inline __attribute__((noreturn)) void sys_exit_group(int code)
{
	for (;;)
		(void)sys_call1(__NR_exit_group, code);
}

/* The kernel's struct sigaction and a 64-bit mask (size 8; mips: 16). */
static inline long sys_rt_sigaction(int sig, const void *act, void *old, size_t size)
{
	return sys_call4(__NR_rt_sigaction, sig, act, old, size);
}

static inline long sys_rt_sigprocmask(int how, const void *set, void *old, size_t size)
{
	return sys_call4(__NR_rt_sigprocmask, how, set, old, size);
}

static inline long sys_sigaltstack(const void *ss, void *old)
{
	return sys_call2(__NR_sigaltstack, ss, old);
}

static inline long sys_rt_sigqueueinfo(int tgid, int sig, void *info)
{
	return sys_call3(__NR_rt_sigqueueinfo, tgid, sig, info);
}

static inline long sys_rt_tgsigqueueinfo(int tgid, int tid, int sig, void *info)
{
	return sys_call4(__NR_rt_tgsigqueueinfo, tgid, tid, sig, info);
}

static inline long sys_set_tid_address(void *addr)
{
	return sys_call1(__NR_set_tid_address, addr);
}

static inline long sys_set_robust_list(void *head, size_t len)
{
	return sys_call2(__NR_set_robust_list, head, len);
}

static inline long sys_rseq(void *rseq, uint32_t len, int flags, uint32_t sig)
{
	return sys_call4(__NR_rseq, rseq, len, flags, sig);
}

/* @timeout: the kernel's 64-bit struct timespec, or NULL. */
static inline long sys_futex(uint32_t *word, int op, uint32_t val, const void *timeout)
{
	return sys_call4(__NR_futex, word, op, val, timeout);
}

static inline long sys_ppoll(void *fds, unsigned int nr, const void *timeout)
{
	return sys_call5(__NR_ppoll, fds, nr, timeout, 0, 0);
}

static inline long sys_sendto(int fd, const void *buf, size_t n, int flags)
{
	return sys_call6(__NR_sendto, fd, SYS_ARG_(buf), SYS_ARG_(n), flags, 0, 0);
}

static inline long sys_getitimer(int which, void *val)
{
	return sys_call2(__NR_getitimer, which, val);
}

static inline long sys_setitimer(int which, const void *val, void *old)
{
	return sys_call3(__NR_setitimer, which, val, old);
}

static inline long sys_timer_create(int clock, void *sigevent, int *id)
{
	return sys_call3(__NR_timer_create, clock, sigevent, id);
}

static inline long sys_timer_settime(int id, int flags, const void *val, void *old)
{
	return sys_call4(__NR_timer_settime, id, flags, val, old);
}

static inline long sys_timer_gettime(int id, void *val)
{
	return sys_call2(__NR_timer_gettime, id, val);
}

static inline long sys_timer_getoverrun(int id)
{
	return sys_call1(__NR_timer_getoverrun, id);
}

static inline long sys_timer_delete(int id)
{
	return sys_call1(__NR_timer_delete, id);
}

static inline long sys_membarrier(int cmd, unsigned int flags)
{
	return sys_call3(__NR_membarrier, cmd, flags, 0);
}

static inline long sys_pidfd_getfd(int pidfd, int fd)
{
	return sys_call3(__NR_pidfd_getfd, pidfd, fd, 0);
}

static inline long sys_seccomp(unsigned int op, unsigned int flags, void *args)
{
	return sys_call3(__NR_seccomp, op, flags, args);
}
