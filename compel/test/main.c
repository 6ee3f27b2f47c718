// SPDX-License-Identifier: LGPL-2.1-only
/*
 * compel VICTIM [ROUNDS]: each test starts the victim program in one of its modes, freezes it,
 * runs code in it, lets it go, and compares what /proc shows before and after. A test is a process
 * of its own: exit 0 pass, 77 skip, else fail.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "compel/compel.h"
#include "compel/test/board.h"
#include "compel/test/test.h"
#include "compel/test/tests.h"

struct view {
	char *maps, *status;
	char fds[16384];
};

static const char *victim_path;
static long rounds = 200;

static void nap(long us)
{
	const struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&ts, NULL);
}

int seize(pid_t pid, struct victim **ret_victim)
{
	static int signals = -1;
	sigset_t set;

	if (signals < 0) {
		sigemptyset(&set);
		sigaddset(&set, SIGCHLD);
		sigaddset(&set, SIGALRM);
		sigprocmask(SIG_BLOCK, &set, NULL);
		signals = signalfd(-1, &set, SFD_CLOEXEC);
		ok(signals >= 0);
	}
	return victim_seize(pid, signals, ret_victim);
}

/* ---- the subject ---------------------------------------------------------------------------- */

static struct subject start_quiet(const char *mode, const char *n)
{
	struct subject s;
	int board = memfd_create("board", 0), rdy[2];
	char c;

	ok(board >= 0 && ftruncate(board, sizeof(*s.board)) == 0 && pipe(rdy) == 0);
	s.board = mmap(NULL, sizeof(*s.board), PROT_READ | PROT_WRITE, MAP_SHARED, board, 0);
	ok(s.board != MAP_FAILED);

	s.pid = fork();
	ok(s.pid >= 0);
	if (s.pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(board, 100);
		dup2(rdy[1], 101);
		for (int fd = 3; fd < 100; fd++)
			close(fd);
		execl(victim_path, "compel-victim", mode, n, NULL);
		_exit(3);
	}

	close(rdy[1]);
	ok(read(rdy[0], &c, 1) == 1);
	/* It closes its end right after: the end of file shows that it has done so. */
	ok(read(rdy[0], &c, 1) == 0);
	close(rdy[0]);
	close(board);
	return s;
}

struct subject start(const char *mode, const char *n)
{
	struct subject s = start_quiet(mode, n);

	nap(50000);
	return s;
}

void ok_lives(const struct subject *s)
{
	if (s->board->failed[0])
		printf("# the victim complains: %s (errno %d)\n", s->board->failed, s->board->errnum);
	ok(!s->board->failed[0]);
	ok(waitpid(s->pid, NULL, WNOHANG) == 0);
}

/* Beats of clock @i go on. */
void ok_beats(const struct subject *s, int i)
{
	int64_t from = __atomic_load_n(&s->board->beats[i], __ATOMIC_SEQ_CST);

	for (int n = 0; n < 2000 && __atomic_load_n(&s->board->beats[i], __ATOMIC_SEQ_CST) < from + 2; n++) {
		ok_lives(s);
		nap(5000);
	}
	ok(__atomic_load_n(&s->board->beats[i], __ATOMIC_SEQ_CST) >= from + 2);
	ok_lives(s);
}

void finish(const struct subject *s)
{
	int status;

	ok_lives(s);
	kill(s->pid, SIGKILL);
	ok(waitpid(s->pid, &status, 0) == s->pid);
}

/* ---- before and after ----------------------------------------------------------------------- */

static char *slurp(pid_t pid, const char *name)
{
	char path[128], *text;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	ok(io_slurp_at(AT_FDCWD, path, &text, NULL) == 0);
	return text;
}

/* Lines of status that may move by themselves. */
static void drop_line(char *text, const char *key)
{
	char *p = strstr(text, key);

	if (p)
		memmove(p, strchr(p, '\n'), strlen(strchr(p, '\n')) + 1);
}

static struct view look(pid_t pid)
{
	static const char *const moving[] = { "VmRSS", "RssAnon", "RssFile", "RssShmem", "VmHWM", "VmPTE",
					      "voluntary_ctxt", "nonvoluntary_ctxt", "State", "TracerPid",
					      "VmPeak", "VmLib", "SigQ", "Cpus_allowed", "Speculation" };
	struct view view = { slurp(pid, "maps"), slurp(pid, "status"), "" };
	char path[64];
	struct dirent *e;
	DIR *dir;

	for (size_t i = 0; i < sizeof(moving) / sizeof(*moving); i++)
		drop_line(view.status, moving[i]);

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	ok(dir);
	while ((e = readdir(dir))) {
		char link[400], target[256];
		ssize_t n;

		snprintf(link, sizeof(link), "%s/%s", path, e->d_name);
		n = readlink(link, target, sizeof(target) - 1);
		snprintf(view.fds + strlen(view.fds), sizeof(view.fds) - strlen(view.fds), "%s %.*s\n", e->d_name,
			 n > 0 ? (int)n : 0, target);
	}
	closedir(dir);
	return view;
}

static void ok_same(const struct view *a, const struct view *b)
{
	if (strcmp(a->maps, b->maps))
		printf("# before:\n%s# after:\n%s", a->maps, b->maps);
	ok(!strcmp(a->maps, b->maps));
	if (strcmp(a->status, b->status))
		printf("# before:\n%s# after:\n%s", a->status, b->status);
	ok(!strcmp(a->status, b->status));
	if (strcmp(a->fds, b->fds))
		printf("# before:\n%s# after:\n%s", a->fds, b->fds);
	ok(!strcmp(a->fds, b->fds));
}

/* ---- the round that most tests make ----------------------------------------------------------- */

static void calls(struct victim *v)
{
	struct test_args *each = calloc(v->nr_threads, sizeof(*each)), one = { .pid = 1 };
	const uint64_t none[6] = { 0 };
	long ret;

	ok(victim_call(v, TEST_WORD, &one, sizeof(one)) == 1);
	ok(one.tid == 'o');
	ok(victim_call(v, TEST_FAIL, NULL, 0) == -ENODATA);
	ok(victim_call(v, 4711, NULL, 0) == -ENOSYS);

	ok(victim_call_threads(v, TEST_WHO, each, sizeof(*each)) == 0);
	for (size_t i = 0; i < v->nr_threads; i++) {
		if (v->threads[i].is_dead)
			continue;
		ok(each[i].tid == v->threads[i].tid);
		ok(each[i].pid == v->pid);
		ok(each[i].home_sp == arch_regs_sp(&v->threads[i].regs));
	}

	ok(victim_syscall(v, NULL, SYS_getppid, none, &ret) == 0 && ret == getpid());
	for (size_t i = 0; i < v->nr_threads && i < 5; i++)
		if (!v->threads[i].is_dead)
			ok(victim_syscall(v, &v->threads[i], SYS_gettid, none, &ret) == 0 &&
			   ret == v->threads[i].tid);
	free(each);
}

static void one_round(const struct subject *s)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	const uint64_t none[6] = { 0 };
	struct victim *v;
	long ret;

	ok(seize(s->pid, &v) == 0);
	for (size_t i = 0; i < v->nr_threads && i < 3; i++)
		if (!v->threads[i].is_dead)
			ok(victim_syscall(v, &v->threads[i], SYS_getppid, none, &ret) == 0 && ret == getpid());
	ok(victim_infect(v, &blob, sizeof(struct test_args)) == 0);
	calls(v);
	ok(victim_cure(v) == 0);
	ok(victim_release(v, VICTIM_RUN) == 0);
}

static void rounds_of(const struct subject *s, int n)
{
	struct view before = look(s->pid), after;

	for (int i = 0; i < n; i++) {
		one_round(s);
		ok_lives(s);
	}
	after = look(s->pid);
	ok_same(&before, &after);
}

/* ---- tests ------------------------------------------------------------------------------------ */

static int test_registers(void)
{
	struct subject s = start("spin", NULL);

	rounds_of(&s, 100);
	for (int i = 0; i < 6; i++)
		ok_beats(&s, i);
	finish(&s);
	return 0;
}

static int test_stackless(void)
{
	struct subject s = start("stackless", NULL);

	rounds_of(&s, 20);
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

static int test_threads(void)
{
	struct subject s = start("threads", "300");

	rounds_of(&s, 5);
	finish(&s);
	return 0;
}

static int test_dead_leader(void)
{
	struct subject s = start("dead_leader", NULL);
	struct victim *v;

	ok(seize(s.pid, &v) == 0);
	ok(v->nr_threads == 3 && v->threads[0].is_dead && v->state == VICTIM_ALIVE);
	ok(victim_release(v, VICTIM_RUN) == 0);
	for (int i = 0; i < 5; i++)
		one_round(&s);
	ok_beats(&s, 1);
	finish(&s);
	return 0;
}

static int test_nanosleep(void)
{
	struct subject s = start("sleep", "400");

	rounds_of(&s, 3);
	for (int n = 0; n < 400 && !s.board->slept_us; n++)
		nap(5000);
	ok(s.board->slept_us >= 400000 && s.board->slept_us < 600000);
	finish(&s);
	return 0;
}

static int test_eintr(void)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	struct subject s = start("eintr", NULL);

	for (int i = 0; i < 20; i++) {
		int64_t handled = s.board->beats[6], returned = s.board->beats[0];
		struct victim *v;

		/* No signal: no EINTR. */
		one_round(&s);
		nap(3000);
		ok(s.board->beats[0] == returned);

		/* A signal while the parasite is in: its handler runs once, read() ends. */
		ok(seize(s.pid, &v) == 0);
		ok(victim_infect(v, &blob, 0) == 0);
		kill(s.pid, SIGUSR1);
		ok(victim_call(v, TEST_FAIL, NULL, 0) == -ENODATA);
		ok(victim_release(v, VICTIM_RUN) == 0);
		for (int n = 0; n < 200 && s.board->beats[0] == returned; n++)
			nap(5000);
		ok_lives(&s);
		ok(s.board->beats[0] == returned + 1 && s.board->beats[6] == handled + 1);
		nap(3000);
	}
	finish(&s);
	return 0;
}

static int test_sigsuspend(void)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	struct subject s = start("suspend", NULL);

	for (int i = 0; i < 30; i++) {
		int64_t returned = s.board->beats[0];
		struct victim *v;

		ok(seize(s.pid, &v) == 0);
		if (i & 1)
			kill(s.pid, SIGUSR1);
		ok(victim_infect(v, &blob, 0) == 0);
		if (!(i & 1))
			kill(s.pid, SIGUSR1);
		ok(victim_release(v, VICTIM_RUN) == 0);
		for (int n = 0; n < 200 && s.board->beats[0] == returned; n++)
			nap(2000);
		ok_lives(&s);
		ok(s.board->beats[0] == returned + 1);
		nap(2000);
	}
	finish(&s);
	return 0;
}

/* Signals that race with the freeze: none is lost, none comes twice. */
static int test_signals(void)
{
	struct subject s = start("signals", NULL);
	int64_t sent = 0;
	pid_t sender = fork();

	if (sender == 0) {
		for (int i = 0; i < 5000; i++) {
			while (sigqueue(s.pid, SIGRTMIN, (union sigval){ .sival_int = i }) < 0)
				nap(1000);
			if (i % 4 == 0)
				nap(100);
		}
		_exit(0);
	}
	while (waitpid(sender, NULL, WNOHANG) == 0)
		one_round(&s);
	sent = 5000;
	for (int n = 0; n < 400 && s.board->beats[6] < sent; n++)
		nap(5000);
	nap(20000);
	ok(s.board->beats[6] == sent);
	finish(&s);
	return 0;
}

static int test_pending(void)
{
	struct subject s = start("suspend", NULL);
	siginfo_t *infos;
	struct victim *v;
	size_t nr;

	ok(seize(s.pid, &v) == 0);
	for (int i = 0; i < 70; i++)
		ok(sigqueue(s.pid, SIGRTMIN + 1, (union sigval){ .sival_int = i }) == 0);
	ok(victim_pending(v, 0, &infos, &nr) == 0 && nr == 70);
	ok(infos[69].si_value.sival_int == 69 && infos[0].si_signo == SIGRTMIN + 1);
	free(infos);
	ok(victim_pending(v, s.pid, &infos, &nr) == 0 && nr == 0);
	ok(victim_release(v, VICTIM_KILL) == 0);
	return 0;
}

static char state_of(pid_t pid)
{
	autofree char *text = slurp(pid, "stat");
	char state = '?';

	ok(sscanf(text, "%*d (%*[^)]) %c", &state) == 1);
	return state;
}

static int test_stopped(void)
{
	struct subject s = start("stop", NULL);
	struct victim *v;
	int status;

	ok(waitpid(s.pid, &status, WUNTRACED) == s.pid && WIFSTOPPED(status));
	ok(seize(s.pid, &v) == 0);
	ok(v->state == VICTIM_STOPPED && v->stop_signal == SIGSTOP);
	ok(victim_release(v, VICTIM_RUN) == 0);
	rounds_of(&s, 5);
	nap(5000);
	ok(state_of(s.pid) == 'T' && s.board->beats[0] == 0);
	kill(s.pid, SIGCONT);
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

/* SIGSTOP while the parasite is in takes effect at release; and left stopped means stopped. */
static int test_stop_meanwhile(void)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	struct subject s = start("signals", NULL);
	struct victim *v;
	int64_t beats;

	ok(seize(s.pid, &v) == 0);
	ok(victim_infect(v, &blob, sizeof(struct test_args)) == 0);
	kill(s.pid, SIGSTOP);
	nap(5000);
	calls(v);
	ok(victim_release(v, VICTIM_RUN) == 0);
	nap(20000);
	ok(state_of(s.pid) == 'T');
	kill(s.pid, SIGCONT);
	ok_beats(&s, 0);

	ok(seize(s.pid, &v) == 0);
	ok(victim_infect(v, &blob, 0) == 0);
	beats = s.board->beats[0];
	ok(victim_release(v, VICTIM_LEAVE_STOPPED) == 0);
	nap(20000);
	ok(state_of(s.pid) == 'T' && s.board->beats[0] == beats);
	kill(s.pid, SIGCONT);
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

static int test_seccomp(void)
{
	struct subject s = start("seccomp", NULL);

	for (int i = 0; i < 10; i++) {
		one_round(&s);
		ok_lives(&s);
	}
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

static int test_seccomp_unprivileged(void)
{
	struct subject s = start("seccomp", NULL);
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	struct __user_cap_header { uint32_t version; int pid; } h = { 0x20080522, 0 };
	uint32_t caps[6] = { 0 };
	struct victim *v;

	ok(syscall(SYS_capget, &h, caps) == 0);
	caps[0] &= ~(1u << 21); /* CAP_SYS_ADMIN */
	ok(syscall(SYS_capset, &h, caps) == 0);
	ok(seize(s.pid, &v) == 0 && !v->seccomp_suspended);
	ok(victim_infect(v, &blob, 0) == -EPERM);
	ok(victim_release(v, VICTIM_RUN) == 0);
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

static int test_fds_soft(void)
{
	struct subject s = start("fds", "128");
	struct view before = look(s.pid), after;

	for (int i = 0; i < 5; i++)
		one_round(&s);
	after = look(s.pid);
	ok(!strcmp(before.fds, after.fds));
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

static int test_fds_hard(void)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	struct subject s = start("fds", "64");
	struct view before = look(s.pid), after;
	struct victim *v;

	ok(seize(s.pid, &v) == 0);
	ok(victim_infect(v, &blob, 0) == -EMFILE);
	ok(victim_release(v, VICTIM_RUN) == 0);
	after = look(s.pid);
	ok_same(&before, &after);
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

/* Two trampolines and two parasites in one memory, cured in either order. */
static int test_shared_memory(void)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	struct subject s = start("shared", NULL);
	struct view before = look(s.pid), after;

	for (int i = 0; i < 20; i++) {
		struct victim *a, *b;
		const uint64_t none[6] = { 0 };
		long ret;

		ok(seize(s.pid, &a) == 0);
		ok(seize(s.board->child, &b) == 0);
		ok(victim_syscall(a, NULL, SYS_getpid, none, &ret) == 0 && ret == s.pid);
		ok(victim_syscall(b, NULL, SYS_getpid, none, &ret) == 0 && ret == s.board->child);
		ok(victim_infect(a, &blob, sizeof(struct test_args)) == 0);
		ok(victim_infect(b, &blob, sizeof(struct test_args)) == 0);
		ok(victim_call(a, TEST_FAIL, NULL, 0) == -ENODATA);
		ok(victim_call(b, TEST_FAIL, NULL, 0) == -ENODATA);
		ok(victim_release(i & 1 ? a : b, VICTIM_RUN) == 0);
		ok(victim_release(i & 1 ? b : a, VICTIM_RUN) == 0);
	}
	after = look(s.pid);
	ok_same(&before, &after);
	ok_beats(&s, 0);
	kill(s.board->child, SIGKILL);
	finish(&s);
	return 0;
}

static int test_vfork(void)
{
	struct subject s;
	struct victim *v;
	int status;
	pid_t us;

	s = start("vfork", "200");
	one_round(&s);
	ok_beats(&s, 0);
	finish(&s);

	/* The child takes longer than we have: told, and nothing is harmed when we end. */
	s = start("vfork", "2500");
	us = fork();
	if (us == 0) {
		alarm(1);
		_exit(seize(s.pid, &v) == -EINTR && s.board->beats[0] == 0 ? 0 : 1);
	}
	ok(waitpid(us, &status, 0) == us && status == 0);
	ok(s.board->beats[0] == 0);
	ok_beats(&s, 0);
	one_round(&s);
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

/* An alarm may end our waiting anywhere: what we began is undone, the task is as before. */
static int test_alarm_anywhere(void)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	const struct timespec now = { 0 };
	struct subject s = start("spin", NULL);
	struct view before = look(s.pid), after;
	sigset_t alrm;
	int ended = 0;

	sigemptyset(&alrm);
	sigaddset(&alrm, SIGALRM);
	for (int i = 0; i < 400; i++) {
		const struct itimerval it = { { 0, 0 }, { 0, 1 + random() % 3000 } }, off = { 0 };
		struct test_args args[16];
		struct victim *v = NULL;
		int r;

		setitimer(ITIMER_REAL, &it, NULL);
		r = seize(s.pid, &v);
		if (r == 0)
			r = victim_infect(v, &blob, sizeof(args[0]));
		if (r == 0)
			r = victim_call_threads(v, TEST_WHO, args, sizeof(args[0]));
		setitimer(ITIMER_REAL, &off, NULL);
		ok(r == 0 || r == -EINTR);
		ended += r == -EINTR;
		/* What ended a wait is still pending, and does not hinder letting go. */
		ok(victim_release(v, VICTIM_RUN) == 0);
		ok((sigtimedwait(&alrm, NULL, &now) == SIGALRM) || r == 0);
		ok_lives(&s);
	}
	ok(ended > 0);
	after = look(s.pid);
	ok_same(&before, &after);
	for (int i = 0; i < 6; i++)
		ok_beats(&s, i);
	finish(&s);
	return 0;
}

static int test_zombie(void)
{
	struct subject s = start_quiet("zombie", NULL);
	struct victim *v;

	nap(50000);
	ok(seize(s.pid, &v) == 0);
	ok(v->state == VICTIM_ZOMBIE && v->exit_code == 5 << 8);
	ok(victim_release(v, VICTIM_RUN) == 0);
	ok(waitpid(s.pid, NULL, 0) == s.pid);
	ok(seize(s.pid, &v) == -ESRCH);
	return 0;
}

static int test_traced(void)
{
	struct subject s = start("signals", NULL);
	pid_t other = fork();
	struct victim *v;

	if (other == 0) {
		ptrace(PTRACE_SEIZE, s.pid, 0, 0);
		pause();
		_exit(0);
	}
	nap(50000);
	ok(seize(s.pid, &v) == -EBUSY);
	ok(strstr(log_first_error(), "traces it"));
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

static int test_crash(void)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	struct subject s = start("spin", NULL);
	struct view before = look(s.pid), after;
	struct victim *v;

	for (int i = 0; i < 10; i++) {
		ok(seize(s.pid, &v) == 0);
		ok(victim_infect(v, &blob, 0) == 0);
		if (i & 1)
			ok(victim_call(v, TEST_CRASH, NULL, 0) == -EFAULT);
		else
			ok(victim_call_thread(v, v->threads[2].tid, TEST_CRASH, NULL, 0) == -EFAULT);
		ok(victim_release(v, VICTIM_RUN) == 0);
	}
	after = look(s.pid);
	ok_same(&before, &after);
	for (int i = 0; i < 6; i++)
		ok_beats(&s, i);
	finish(&s);
	return 0;
}

static int test_killed(void)
{
	const struct compel_blob blob = COMPEL_BLOB(compeltest);
	struct subject s = start("spin", NULL);
	struct victim *v;
	pid_t killer;

	ok(seize(s.pid, &v) == 0);
	ok(victim_infect(v, &blob, 0) == 0);
	killer = fork();
	if (killer == 0) {
		nap(50000);
		kill(s.pid, SIGKILL);
		_exit(0);
	}
	ok(victim_call(v, TEST_PAUSE, NULL, 0) < 0);
	(void)victim_release(v, VICTIM_RUN);
	waitpid(killer, NULL, 0);
	return 0;
}

/* ---- dying in the middle ------------------------------------------------------------------------ */

static size_t lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* No thread has a signal blocked. */
static void ok_masks(pid_t pid)
{
	char path[64];
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	ok(dir);
	while ((e = readdir(dir))) {
		char name[64];
		autofree char *text = NULL;

		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "task/%.20s/status", e->d_name);
		text = slurp(pid, name);
		ok(strstr(text, "SigBlk:\t0000000000000000"));
	}
	closedir(dir);
}

static pid_t start_worker(const struct subject *s)
{
	pid_t pid = fork();

	if (pid == 0) {
		const struct compel_blob blob = COMPEL_BLOB(compeltest);
		struct test_args args[128];
		struct victim *v;

		for (;;) {
			if (seize(s->pid, &v) < 0)
				_exit(1);
			if (victim_infect(v, &blob, sizeof(args[0])) < 0 ||
			    victim_call_threads(v, TEST_WHO, args, sizeof(args[0])) < 0 ||
			    victim_release(v, VICTIM_RUN) < 0)
				_exit(1);
		}
	}
	ok(pid > 0);
	return pid;
}

static int torture(const char *mode, int nr_beats)
{
	struct subject s = start(mode, "100");
	struct view before = look(s.pid), after;
	int status;

	srandom((unsigned int)time(NULL));
	for (long i = 0; i < rounds; i++) {
		int64_t beats[8];
		pid_t worker = start_worker(&s);

		nap(random() % 4000);
		memcpy(beats, s.board->beats, sizeof(beats));
		kill(worker, SIGKILL);
		ok(waitpid(worker, &status, 0) == worker);
		ok(WIFSIGNALED(status));
		for (int b = 0; b < nr_beats; b++)
			if (i % 20 == 0 || b == 0)
				ok_beats(&s, b);
		ok_lives(&s);
	}

	for (int b = 0; b < nr_beats; b++)
		ok_beats(&s, b);
	after = look(s.pid);
	ok(!strcmp(before.fds, after.fds));
	printf("# %ld times killed: %zd mappings left behind\n", rounds,
	       (ssize_t)(lines(after.maps) - lines(before.maps)));
	ok_masks(s.pid);
	one_round(&s);
	finish(&s);
	return 0;
}

static int test_kill_us(void)
{
	return torture("spin", 6);
}

static int test_kill_us_many(void)
{
	return torture("threads", 0);
}

static int test_kill_us_single(void)
{
	return torture("signals", 1);
}

/* ---- all ---------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*fn)(void);
} tests[] = {
	{ "registers_and_interrupted_calls", test_registers },
	{ "no_stack", test_stackless },
	{ "300_threads", test_threads },
	{ "dead_leader", test_dead_leader },
	{ "nanosleep_remainder", test_nanosleep },
	{ "eintr_only_by_handlers", test_eintr },
	{ "sigsuspend", test_sigsuspend },
	{ "racing_signals", test_signals },
	{ "pending_signals", test_pending },
	{ "stopped", test_stopped },
	{ "stopped_meanwhile", test_stop_meanwhile },
	{ "seccomp", test_seccomp },
	{ "seccomp_unprivileged", test_seccomp_unprivileged },
	{ "fds_at_soft_limit", test_fds_soft },
	{ "fds_at_hard_limit", test_fds_hard },
	{ "two_tasks_one_memory", test_shared_memory },
	{ "vfork", test_vfork },
	{ "alarm_anywhere", test_alarm_anywhere },
	{ "zombie", test_zombie },
	{ "traced_by_another", test_traced },
	{ "parasite_crashes", test_crash },
	{ "victim_is_killed", test_killed },
	{ "thread_image_and_back", test_thread_image },
	{ "hostile_thread_images", test_hostile_image },
	{ "vdso_symbols", test_vdso },
	{ "vdso_jump", test_vdso_jump },
	{ "sigframe", test_sigframe },
	{ "we_are_killed_single_thread", test_kill_us_single },
	{ "we_are_killed_100_threads", test_kill_us_many },
	{ "we_are_killed", test_kill_us },
};

static int run_one(int (*fn)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		log_init(open("/dev/null", O_WRONLY), getenv("COMPEL_LOG") ? LOG_DEBUG : LOG_ERROR);
		if (getenv("COMPEL_LOG"))
			log_init(2, LOG_DEBUG);
		status = fn();
		fflush(stdout);
		_exit(status);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	int passed = 0, failed = 0, skipped = 0;
	const char *only = getenv("COMPEL_TEST");

	if (argc < 2)
		return 2;
	victim_path = argv[1];
	if (argc > 2)
		rounds = atol(argv[2]);

	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		int r;

		if (only && strcmp(only, tests[i].name))
			continue;
		r = run_one(tests[i].fn);
		printf("%s %s\n", r == 0 ? "pass" : r == SKIP ? "skip" : "FAIL", tests[i].name);
		passed += r == 0;
		skipped += r == SKIP;
		failed += r != 0 && r != SKIP;
	}

	printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
	return failed != 0;
}
