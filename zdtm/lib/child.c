// SPDX-License-Identifier: GPL-2.0-only
/* Children and threads of a test, with their set-up finished when the creator goes on. */
#include "zdtm.h"

#include <poll.h>
#include <sched.h>

void zdtm_set_child(int fd, bool own_files);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_ready, is_go;

/* A child has none of the threads that sleep on what it inherited. */
static void forget_threads(void)
{
	lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	is_ready = is_go = false;
}

static pid_t start(unsigned long flags, const int p[2], void (*fn)(void *), void *arg)
{
	/* A NULL stack: the child runs on a copy of ours, as with fork(). No CLONE_VM here. */
	pid_t pid = flags ? (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL) : fork();

	if (pid)
		return pid;
	forget_threads();
	if (!(flags & CLONE_FILES))
		close(p[0]);
	zdtm_set_child(p[1], !(flags & CLONE_FILES));
	fn(arg);
	_exit(0);
}

pid_t child_clone(unsigned long flags, void (*fn)(void *), void *arg)
{
	int p[2];
	pid_t pid;
	char c;

	ok_sys(pipe2(p, O_CLOEXEC));
	pid = ok_sys(start(flags, p, fn, arg));
	/* With CLONE_FILES there is one write end, and the child closes it. */
	if (!(flags & CLONE_FILES))
		close(p[1]);
	if (read(p[0], &c, 1) != 1)
		fail("child %d ended before it was set up", (int)pid);
	/* To the end: the pipe must be gone on the other side too before we are dumped. */
	ok_eq(read(p[0], &c, 1), 0);
	close(p[0]);
	return pid;
}

pid_t child(void (*fn)(void *), void *arg)
{
	return child_clone(0, fn, arg);
}

void child_go(pid_t pid)
{
	ok_sys(kill(pid, SIGTERM));
}

void child_ended(pid_t pid)
{
	int status;
	pid_t r;

	do {
		r = waitpid(pid, &status, __WALL);
	} while (r < 0 && errno == EINTR);
	if (r != pid)
		fail("waitpid(%d): %s", (int)pid, strerror(errno));
	if (status)
		fail("child %d ended with wait status %#x", (int)pid, status);
}

void child_ok(pid_t pid)
{
	child_go(pid);
	child_ended(pid);
}

void wait_state(pid_t tid, char state)
{
	char path[64], buf[512], *p;

	/* The one place that polls: the kernel tells nobody that a task fell asleep. */
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)tid);
	for (;;) {
		int fd = ok_fd(open(path, O_RDONLY | O_CLOEXEC));
		ssize_t n = ok_sys(read(fd, buf, sizeof(buf) - 1));

		close(fd);
		buf[n] = 0;
		p = strrchr(buf, ')');
		if (p && p[2] == state)
			return;
		poll(NULL, 0, 1);
	}
}

void wait_asleep(pid_t tid)
{
	wait_state(tid, 'S');
}

/* --- threads ---------------------------------------------------------------------------------- */

struct start {
	void (*fn)(void *);
	void *arg;
};

static void *thread_main(void *p)
{
	struct start s = *(struct start *)p;

	free(p);
	s.fn(s.arg);
	return NULL;
}

pthread_t thread(void (*fn)(void *), void *arg)
{
	struct start *s = malloc(sizeof(*s));
	pthread_attr_t attr;
	pthread_t t;

	s->fn = fn;
	s->arg = arg;
	is_ready = false;
	ok_pt(pthread_attr_init(&attr));
	ok_pt(pthread_attr_setstacksize(&attr, 128 << 10));
	ok_pt(pthread_create(&t, &attr, thread_main, s));
	pthread_mutex_lock(&lock);
	while (!is_ready)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return t;
}

void thread_ready(void)
{
	pthread_mutex_lock(&lock);
	is_ready = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void thread_wait(void)
{
	pthread_mutex_lock(&lock);
	is_ready = true;
	pthread_cond_broadcast(&changed);
	while (!is_go)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

void threads_go(void)
{
	pthread_mutex_lock(&lock);
	is_go = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void thread_ok(pthread_t t)
{
	ok_pt(pthread_join(t, NULL));
}
