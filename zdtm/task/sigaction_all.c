// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the action of every signal comes back: handler, flags, mask, ignore and default");

static void handler(int sig)
{
}

static void info_handler(int sig, siginfo_t *si, void *ctx)
{
}

static bool is_fixed(int sig)
{
	/* 32 and 33 belong to the C library, which hides them. */
	return sig == SIGKILL || sig == SIGSTOP || sig == 32 || sig == 33 || sig == SIGTERM || sig == SIGCHLD;
}

static const int flag_sets[] = { 0, SA_RESTART, SA_NODEFER | SA_RESTART, SA_ONSTACK, SA_RESETHAND, SA_ONSTACK | SA_RESETHAND };

static void wanted(int sig, struct sigaction *sa)
{
	memset(sa, 0, sizeof(*sa));
	sigemptyset(&sa->sa_mask);
	sa->sa_flags = flag_sets[sig % 6];
	if (sig % 4 == 0)
		sa->sa_handler = SIG_IGN;
	else if (sig % 4 == 1)
		sa->sa_handler = SIG_DFL;
	else if (sig % 4 == 2)
		sa->sa_handler = handler;
	else {
		sa->sa_sigaction = info_handler;
		sa->sa_flags |= SA_SIGINFO;
	}
	for (int m = 1; m < 65; m++)
		if (m != 32 && m != 33 && m != SIGKILL && m != SIGSTOP && (m * sig) % 5 == 1)
			sigaddset(&sa->sa_mask, m);
}

void test(void)
{
	struct sigaction sa, got, set[65];

	for (int sig = 1; sig < 65; sig++)
		if (!is_fixed(sig)) {
			wanted(sig, &sa);
			ok_sys(sigaction(sig, &sa, NULL));
			/* As the kernel tells it: some architectures add a flag for the restorer. */
			ok_sys(sigaction(sig, NULL, &set[sig]));
		}
	checkpoint_and_restore();
	for (int sig = 1; sig < 65; sig++)
		if (!is_fixed(sig)) {
			ok_sys(sigaction(sig, NULL, &got));
			ok_ptr(got.sa_handler, set[sig].sa_handler);
			ok_eq(got.sa_flags, set[sig].sa_flags);
			for (int m = 1; m < 65; m++)
				ok_eq(sigismember(&got.sa_mask, m), sigismember(&set[sig].sa_mask, m));
		}
}
