// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The program that the tests freeze: compel-victim MODE [N]. It says "ready" by a byte on fd 101, and
 * counts and complains in shared memory, the memfd 100 (struct victim_board).
 */
#include <errno.h>
#include <fcntl.h>
#include <immintrin.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compel/test/board.h"

static struct victim_board *board;

#define check(cond)                                                                       \
	do {                                                                              \
		if (!(cond)) {                                                            \
			board->errnum = errno;                                            \
			snprintf(board->failed, sizeof(board->failed), "%s", #cond);      \
			_exit(1);                                                         \
		}                                                                         \
	} while (0)

static void beat(int i)
{
	__atomic_fetch_add(&board->beats[i], 1, __ATOMIC_SEQ_CST);
}

static void ready(void)
{
	if (write(101, "r", 1) != 1)
		_exit(2);
	close(101);
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ll + ts.tv_nsec / 1000;
}

/* ---- registers ---------------------------------------------------------------------------------- */

struct vectors {
	_Alignas(64) uint8_t z[32][64];
};

/* All general registers, flags, the red zone and the stack pointer stay as they were for a while. */
static __attribute__((noinline)) int spin_regs(long loops)
{
	long bad;

	__asm__ volatile(
		"subq $512, %%rsp\n\t"
		"pushq %%rbp\n\t pushq %%rbx\n\t"
		"pushq %1\n\t"			/* (rsp): loops left */
		"movabsq $0x0101010101010101, %%rax\n\t"
		"movq %%rax, -8(%%rsp)\n\t movq %%rax, -128(%%rsp)\n\t movq %%rax, -64(%%rsp)\n\t"
		"movq %%rsp, -16(%%rsp)\n\t"
		"movabsq $0x1102030405060708, %%rbx\n\t movabsq $0x1202030405060708, %%rcx\n\t"
		"movabsq $0x1302030405060708, %%rdx\n\t movabsq $0x1402030405060708, %%rsi\n\t"
		"movabsq $0x1502030405060708, %%rdi\n\t movabsq $0x1602030405060708, %%rbp\n\t"
		"movabsq $0x1702030405060708, %%r8\n\t movabsq $0x1802030405060708, %%r9\n\t"
		"movabsq $0x1902030405060708, %%r10\n\t movabsq $0x1a02030405060708, %%r11\n\t"
		"movabsq $0x1b02030405060708, %%r12\n\t movabsq $0x1c02030405060708, %%r13\n\t"
		"movabsq $0x1d02030405060708, %%r14\n\t movabsq $0x1e02030405060708, %%r15\n\t"
		"std\n"
		"1:\t cmpq %%rax, -8(%%rsp)\n\t"	/* sets ZF: a lost flag is a lost loop */
		"jne 9f\n\t"
		"stc\n\t"
		"nop\n\t nop\n\t nop\n\t nop\n\t nop\n\t nop\n\t"
		"jnc 9f\n\t"
		"decq (%%rsp)\n\t"
		"jnz 1b\n\t"
		"pushfq\n\t testq $0x400, (%%rsp)\n\t leaq 8(%%rsp), %%rsp\n\t jz 9f\n\t"
		"movabsq $0x0101010101010101, %%rax\n\t"
		"cmpq %%rax, -128(%%rsp)\n\t jne 9f\n\t cmpq %%rax, -64(%%rsp)\n\t jne 9f\n\t"
		"cmpq %%rsp, -16(%%rsp)\n\t jne 9f\n\t"
#define SAME(reg, top) "movabsq $0x" top "02030405060708, %%rax\n\t cmpq %%rax, %%" reg "\n\t jne 9f\n\t"
		SAME("rbx", "11") SAME("rcx", "12") SAME("rdx", "13") SAME("rsi", "14") SAME("rdi", "15")
		SAME("rbp", "16") SAME("r8", "17") SAME("r9", "18") SAME("r10", "19") SAME("r11", "1a")
		SAME("r12", "1b") SAME("r13", "1c") SAME("r14", "1d") SAME("r15", "1e")
		"xorl %%eax, %%eax\n\t"
		"jmp 8f\n"
		"9:\t movl $1, %%eax\n"
		"8:\t cld\n\t"
		"popq %%rcx\n\t popq %%rbx\n\t popq %%rbp\n\t"
		"addq $512, %%rsp"
		: "=&a"(bad)
		: "c"(loops)
		: "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
	return (int)bad;
}

__attribute__((target("avx512f,avx512bw"), noinline)) static void spin_zmm(struct vectors *v, long loops)
{
#define Z(n) "vmovdqu64 " #n "*64(%0), %%zmm" #n "\n\t"
#define S(n) "vmovdqu64 %%zmm" #n ", " #n "*64(%0)\n\t"
#define ALL(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) \
	X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)
	__asm__ volatile(ALL(Z) "1: decq %1\n\t jnz 1b\n\t" ALL(S) : : "r"(v), "r"(loops) : "memory", "cc");
}

__attribute__((noinline)) static void spin_xmm(struct vectors *v, long loops)
{
	__asm__ volatile("movups (%0), %%xmm7\n\t movups 16(%0), %%xmm15\n\t"
			 "1: decq %1\n\t jnz 1b\n\t"
			 "movups %%xmm7, (%0)\n\t movups %%xmm15, 16(%0)"
			 : : "r"(v), "r"(loops) : "memory", "cc", "xmm7", "xmm15");
}

static void spin_once(void)
{
	static struct vectors want, got;
	long double ld = 1.0L / 3.0L;

	for (int i = 0; i < 32; i++)
		memset(want.z[i], i + 1, 64);
	got = want;
	if (__builtin_cpu_supports("avx512bw"))
		spin_zmm(&got, 20000);
	else
		spin_xmm(&got, 20000);
	check(memcmp(&want, &got, sizeof(want)) == 0);
	check(ld * 3.0L == 1.0L);
	check(spin_regs(20000) == 0);
	beat(0);
}

/* ---- threads in interrupted calls --------------------------------------------------------------- */

static void *in_nanosleep(void *arg)
{
	for (;;) {
		int64_t from = now_us();
		const struct timespec ts = { .tv_nsec = 8000000 };

		check(nanosleep(&ts, NULL) == 0);
		check(now_us() - from >= 8000);
		beat(1);
	}
	return NULL;
}

static void *in_futex(void *arg)
{
	static uint32_t word;
	const struct timespec ts = { .tv_nsec = 7000000 };

	for (;;) {
		check(syscall(SYS_futex, &word, FUTEX_WAIT, 0, &ts, NULL, 0) == -1 && errno == ETIMEDOUT);
		beat(2);
	}
	return NULL;
}

static void *in_poll(void *arg)
{
	for (;;) {
		check(poll(NULL, 0, 6) == 0);
		beat(3);
	}
	return NULL;
}

static int ring[2];

static void *in_read(void *arg)
{
	char c;

	for (;;) {
		check(read(ring[0], &c, 1) == 1);
		beat(4);
	}
	return NULL;
}

static void *in_write(void *arg)
{
	const struct timespec ts = { .tv_nsec = 5000000 };

	for (;;) {
		check(clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL) == 0);
		check(write(ring[1], "x", 1) == 1);
		beat(5);
	}
	return NULL;
}

static void start(void *(*fn)(void *), void *arg)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN + 16384);
	check(pthread_create(&t, &attr, fn, arg) == 0);
	pthread_attr_destroy(&attr);
}

static void mode_spin(long n)
{
	check(pipe(ring) == 0);
	start(in_nanosleep, NULL);
	start(in_futex, NULL);
	start(in_poll, NULL);
	start(in_read, NULL);
	start(in_write, NULL);
	ready();
	for (;;)
		spin_once();
}

static void *in_pause(void *arg)
{
	for (;;)
		pause();
	return NULL;
}

static void mode_threads(long n)
{
	for (long i = 1; i < n; i++)
		start(in_pause, NULL);
	ready();
	in_pause(NULL);
}

static void mode_dead_leader(long n)
{
	start(in_nanosleep, NULL);
	start(in_pause, NULL);
	ready();
	pthread_exit(NULL);
}

/* No stack at all: the stack pointer points nowhere. */
static void mode_stackless(long n)
{
	ready();
	__asm__ volatile("movq $0x10, %%rsp\n"
			 "1: lock incq (%0)\n\t"
			 "cmpq $0x10, %%rsp\n\t"
			 "je 1b\n\t"
			 "ud2"
			 : : "r"(&board->beats[0]) : "memory", "cc");
}

static void mode_sleep(long n)
{
	struct timespec ts = { .tv_nsec = n * 1000000 };
	int64_t from;

	ready();
	from = now_us();
	check(nanosleep(&ts, NULL) == 0);
	board->slept_us = now_us() - from;
	beat(0);
	in_pause(NULL);
}

static void count(int sig)
{
	beat(6);
}

/* read() without SA_RESTART: EINTR if a handler ran, and only then. */
static void mode_eintr(long n)
{
	struct sigaction sa = { .sa_handler = count };
	int fds[2];
	char c;

	sigaction(SIGUSR1, &sa, NULL);
	check(pipe(fds) == 0);
	ready();
	for (;;) {
		int64_t before = board->beats[6];

		check(read(fds[0], &c, 1) == -1 && errno == EINTR);
		check(board->beats[6] > before);
		beat(0);
	}
}

static void mode_signals(long n)
{
	struct sigaction sa = { .sa_handler = count, .sa_flags = SA_RESTART };

	sigaction(SIGRTMIN, &sa, NULL);
	ready();
	for (;;)
		spin_once();
}

static void mode_suspend(long n)
{
	struct sigaction sa = { .sa_handler = count };
	sigset_t block, none, now;

	sigaction(SIGUSR1, &sa, NULL);
	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, NULL);
	ready();
	for (;;) {
		check(sigsuspend(&none) == -1 && errno == EINTR);
		sigprocmask(SIG_SETMASK, NULL, &now);
		check(sigismember(&now, SIGUSR1) == 1 && sigismember(&now, SIGUSR2) == 0);
		beat(0);
	}
}

static void mode_stop(long n)
{
	ready();
	raise(SIGSTOP);
	for (;;)
		spin_once();
}

#define DENY(nr) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)

static void mode_seccomp(long n)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		DENY(__NR_mmap), DENY(__NR_socketpair), DENY(__NR_close), DENY(__NR_munmap), DENY(__NR_getpid),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(f) / sizeof(*f), f };

	ready();
	check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0);
	for (;;)
		spin_once();
}

static void mode_fds(long hard)
{
	struct rlimit rl = { 64, (rlim_t)hard };

	check(setrlimit(RLIMIT_NOFILE, &rl) == 0);
	ready();
	while (dup(0) >= 0)
		;
	beat(0);
	for (;;)
		spin_once();
}

static void mode_vfork(long ms)
{
	char us[16];
	pid_t pid;

	snprintf(us, sizeof(us), "%ld", ms);
	ready();
	pid = vfork();
	if (pid == 0) {
		const struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL);
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	check(waitpid(pid, NULL, 0) == pid);
	for (;;)
		spin_once();
}

static int in_shared(void *arg)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		spin_once();
	return 0;
}

/* Two tasks in one memory, with separate descriptors. */
static void mode_shared(long n)
{
	char *stack = malloc(65536);

	ready();
	board->child = clone(in_shared, stack + 65536, CLONE_VM | SIGCHLD, NULL);
	check(board->child > 0);
	in_pause(NULL);
}

static void mode_zombie(long n)
{
	ready();
	_exit(5);
}

static const struct {
	const char *name;
	void (*fn)(long);
} modes[] = {
	{ "spin", mode_spin },	     { "threads", mode_threads }, { "dead_leader", mode_dead_leader },
	{ "sleep", mode_sleep },     { "eintr", mode_eintr },	  { "signals", mode_signals },
	{ "suspend", mode_suspend }, { "stop", mode_stop },	  { "seccomp", mode_seccomp },
	{ "fds", mode_fds },	     { "vfork", mode_vfork },	  { "zombie", mode_zombie },
	{ "stackless", mode_stackless },
	{ "shared", mode_shared },
};

int main(int argc, char **argv)
{
	long n = argc > 2 ? atol(argv[2]) : 0;

	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, 100, 0);
	if (argc < 2 || board == MAP_FAILED)
		return 2;
	close(100);

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(modes[i].name, argv[1]))
			modes[i].fn(n);

	return 2;
}
