// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel has no look at a terminal's queue that leaves it there, so dump reads it out and writes it again. In
 * between the bytes are in memory alone, and this memory outlives each of two processes: criu waits for a child that
 * shares its memory (as after vfork(2)) and has a session of its own. If criu is killed the child goes on; if the child is
 * killed criu puts back what it finds. Nothing in between waits for anybody.
 *
 * What is written at one side passes a buffer and a worker of the kernel before it is in the other's queue, where the modes of
 * that moment work on it: it is waited for before the modes are set back.
 *
 * Not saved: that a control character was quoted (^V^D, ^V^S); what packet mode has to tell.
 */
#include "criu/fd/tty_queue.h"

#include <asm/termbits.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/image/fault.h"

#define ROOM (4 * TTY_DATA_MAX)
/* The line discipline's share (N_TTY_BUF_SIZE - 1). */
#define LDISC_MAX 4095
/*
 * What the kernel has no room for in the line discipline it keeps in buffers of twice the size of what was written first, and
 * makes no more of them when they are above 8192. In pieces of 512, of which two fit, more than 18000 bytes go in, more
 * than an image has.
 */
#define PIECE 512
/* So much is in one buffer (TTY_BUFFER_PAGE with pages of 4096), and the worker holds the lock of the modes for all of it. */
#define WHOLE 1792
/* ms. What never comes was read by somebody outside of the tree: there is nothing to wait for. */
#define BOUND 10000
#define HELPER_STACK (64 << 10)

/* The modes of a pair are the slave's, and both sides tell and set them. */
static bool has_lines(const struct termios *t)
{
	return (t->c_lflag & ICANON) && !(t->c_lflag & EXTPROC);
}

static bool is_char(const struct termios *t, int which, uint8_t c)
{
	return t->c_cc[which] != _POSIX_VDISABLE && t->c_cc[which] == c;
}

/*
 * Nothing is changed on the way, nobody gets a signal, nothing is echoed; lines stay lines. IXON stays: without it a
 * terminal that ^S has stopped would go on.
 */
static void set_quiet(struct termios *t)
{
	t->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | INPCK | ISTRIP | INLCR | IGNCR | ICRNL | IUCLC | IXANY);
	t->c_oflag &= ~OPOST;
	t->c_lflag &= ~(ISIG | ECHO | ECHOE | ECHOK | ECHONL | ECHOCTL | ECHOPRT | ECHOKE);
	/* A byte that was quoted by VLNEXT when it was typed would edit the line now. IEXTEN stays for VEOL2. */
	t->c_cc[VERASE] = t->c_cc[VKILL] = t->c_cc[VWERASE] = t->c_cc[VLNEXT] = t->c_cc[VREPRINT] = _POSIX_VDISABLE;
	/* Who polls is told of each byte. */
	if (!has_lines(t)) {
		t->c_cc[VMIN] = 1;
		t->c_cc[VTIME] = 0;
	}
}

/* Without ICANON a line that is not complete can be read, too. */
static void set_raw(struct termios *t)
{
	t->c_lflag &= ~ICANON;
	set_quiet(t);
}

static bool ends_line(const struct termios *t, uint8_t c)
{
	return c == '\n' || is_char(t, VEOF, c) || is_char(t, VEOL, c) || ((t->c_lflag & IEXTEN) && is_char(t, VEOL2, c));
}

/* If nothing is there to be read, poll() waits until all that was written before has passed the worker (flush_to_ldisc). */
static int can(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };
	int r = neg_errno(poll(&p, 1, 0));

	return r < 0 ? r : !!(p.revents & events);
}

/* --- writing ------------------------------------------------------------------------------------ */

/* A quoted ^S or ^Q that does not wait to be read: IXON takes it out. */
static bool is_taken(const struct termios *t, uint8_t c)
{
	return (t->c_iflag & IXON) && (is_char(t, VSTOP, c) || is_char(t, VSTART, c));
}

/*
 * Bytes that FIONREAD counts when all of @data is there: those of whole lines, without the marks that end some. @ret_last is
 * where the last of them is, and @n if none of them is in a line.
 */
static size_t countable(const struct termios *t, const uint8_t *data, size_t n, size_t *ret_last)
{
	size_t all = 0, at = 0, whole = 0;

	*ret_last = n;
	for (size_t i = 0; i < n; i++) {
		if (!is_taken(t, data[i]) && !(has_lines(t) && is_char(t, VEOF, data[i]))) {
			all++;
			at = i;
		}
		if (has_lines(t) && ends_line(t, data[i])) {
			whole = all;
			*ret_last = at;
		}
	}
	return has_lines(t) ? whole : all;
}

/*
 * Until the worker has put the @n bytes of @data that were written where they can be read, or has no room for more. If nothing can be
 * read poll() knows; else the worker wakes who polls at every line or, without lines, every buffer, and FIONREAD waits for the
 * lock of the modes, which the worker has until all of that buffer is in.
 */
static int wait_for_worker(const struct tty_queue *q, const struct termios *t, const uint8_t *data, size_t n)
{
	size_t last;
	/* The rest comes when somebody reads. */
	const size_t want = countable(t, data, n < LDISC_MAX ? n : LDISC_MAX, &last);
	/* Once for each wake-up, whatever can be read. */
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };
	autofd int ep = neg_errno(epoll_create1(EPOLL_CLOEXEC));
	int there, r = ep < 0 ? ep : neg_errno(epoll_ctl(ep, EPOLL_CTL_ADD, q->from, &e));

	while (r >= 0) {
		r = can(q->from, POLLIN);
		if (r > 0)
			r = neg_errno(ioctl(q->from, FIONREAD, &there)) ?: 1;
		if (r <= 0 || (size_t)there >= want)
			return r < 0 ? r : 0;
		r = neg_errno(epoll_wait(ep, &e, 1, BOUND));
		if (r == 0)
			return 0;
		if (r == -EINTR)
			r = 0;
	}
	return r;
}

/*
 * @patient: until somebody reads, who wakes us before the worker has made room; the worker wakes nobody. So poll() looks
 * at the reading side first: if nothing is there to be read, it waits for the worker. Else the reader comes back.
 */
static int can_write(const struct tty_queue *q, const struct termios *t, const uint8_t *data, size_t done, bool patient)
{
	struct pollfd p[] = { { .fd = q->from }, { .fd = q->to, .events = POLLOUT } };
	int r = can(q->to, POLLOUT);

	if (r == 0 && patient)
		r = neg_errno(poll(p, 2, -1));
	else if (r == 0)
		r = wait_for_worker(q, t, data, done) ?: can(q->to, POLLOUT);
	return r ? r : -EAGAIN;
}

/*
 * The end of the last whole line goes with what follows it, if one buffer has room: of the part of a line nothing tells when
 * it is in, but that the worker is done with the buffer.
 * Not so: of a part of more than WHOLE behind a line the end may come under the old modes, and be echoed again.
 */
static size_t next_piece(const struct termios *t, const uint8_t *data, size_t n, size_t done)
{
	size_t end = n < LDISC_MAX ? n : LDISC_MAX, part = n - done < PIECE ? n - done : PIECE, last;

	(void)countable(t, data, end, &last);
	if (done < last)
		return last - done < part ? last - done : part;
	if (done == last && last < end)
		return end - last < WHOLE ? end - last : WHOLE;
	return part;
}

/* From *@done on. The modes are quiet. When it returns all is in its place, but for what has no room: it comes later, as it did. */
static int put(const struct tty_queue *q, const struct termios *t, const uint8_t *data, size_t n, size_t *done, bool patient)
{
	while (*done < n) {
		size_t part = next_piece(t, data, n, *done);
		ssize_t r = can_write(q, t, data, *done, patient);

		if (r >= 0)
			r = neg_errno(write(q->to, data + *done, part));
		if (r == -EINTR || (r == -EAGAIN && patient))
			continue;
		if (r < 0)
			return r;
		*done += r;
	}
	/* The modes are no master's; and of what a reader takes meanwhile nothing tells how much it was. */
	return q->of_master || patient ? 0 : wait_for_worker(q, t, data, n);
}

int tty_queue_fill(const struct tty_queue *q, const uint8_t *data, size_t n)
{
	struct termios was, quiet;
	size_t done = 0;
	int r;

	if (!n)
		return 0;
	if (ioctl(q->to, TCGETS, &was) < 0)
		return -errno;
	quiet = was;
	set_quiet(&quiet);
	if (ioctl(q->to, TCSETS, &quiet) < 0)
		return -errno;
	r = put(q, &quiet, data, n, &done, false);
	if (ioctl(q->to, TCSETS, &was) < 0 && r >= 0)
		r = -errno;
	return r;
}

/* --- reading ------------------------------------------------------------------------------------ */

/* One queue, while it is saved. */
struct work {
	struct tty_queue *q;
	struct termios was;
	int packet;
	bool changed; /* modes are not what they were */
	bool out;     /* the bytes are in q->data from @back on, and nowhere else */
	size_t back;
	bool done;
};

static int read_some(struct tty_queue *q)
{
	ssize_t n;

	do
		n = neg_errno(read(q->from, q->data + q->n, ROOM - 1 - q->n));
	while (n == -EINTR); /* heeded when all is back in its place */
	if (n > 0)
		q->n += n;
	return n;
}

/* A line that ends otherwise than by a character was ended by VEOF, which no read shows. */
static int drain_lines(struct tty_queue *q, const struct termios *t)
{
	int r;

	while ((r = can(q->from, POLLIN)) > 0 && q->n < ROOM - 1) {
		r = read_some(q);
		if (r < 0)
			return r;
		if ((!r || !ends_line(t, q->data[q->n - 1])) && t->c_cc[VEOF] != _POSIX_VDISABLE)
			q->data[q->n++] = t->c_cc[VEOF];
	}
	return r;
}

static int drain(struct tty_queue *q)
{
	int r;

	while ((r = can(q->from, POLLIN)) > 0 && q->n < ROOM - 1) {
		r = read_some(q);
		if (r <= 0)
			return r;
	}
	return r;
}

static int set_modes(struct work *w, const struct termios *t)
{
	w->changed = true;
	return neg_errno(ioctl(w->q->to, TCSETS, t));
}

static int take_out(struct work *w, const struct termios *quiet)
{
	struct tty_queue *q = w->q;
	struct termios raw = *quiet;
	int r;

	w->out = true;
	if (q->of_master)
		return drain(q);
	r = has_lines(quiet) ? drain_lines(q, quiet) : 0;
	set_raw(&raw);
	if (r >= 0)
		r = set_modes(w, &raw);
	return r < 0 ? r : drain(q);
}

/* A terminal that is stopped takes no byte. TCOOFF first, for TCOON heeds no other stop. */
static int let_go_on(const struct tty_queue *q)
{
	return ioctl(q->to, TCXONC, TCOOFF) < 0 || ioctl(q->to, TCXONC, TCOON) < 0 ? -errno : 0;
}

/* What was stopped by ^S goes on by ^Q, and by nothing else. */
static void stop_again(const struct work *w)
{
	const struct tty_queue *q = w->q;
	uint8_t stop = w->was.c_cc[VSTOP];

	if (q->of_master && (w->was.c_iflag & IXON) && stop != _POSIX_VDISABLE)
		(void)!write(q->from, &stop, 1);
	else
		(void)ioctl(q->to, TCXONC, TCOOFF);
}

static int put_rest(struct work *w, bool patient)
{
	struct termios quiet = w->was;
	struct tty_queue *q = w->q;
	int r;

	set_quiet(&quiet);
	r = set_modes(w, &quiet);
	if (r >= 0 && q->is_stopped)
		r = let_go_on(q);
	return r < 0 ? r : put(q, &quiet, q->data, q->n, &w->back, patient);
}

static int set_back(struct work *w)
{
	const struct tty_queue *q = w->q;
	int r = w->changed ? neg_errno(ioctl(q->to, TCSETS, &w->was)) : 0;

	if (w->back && q->is_stopped)
		stop_again(w);
	if (w->packet && ioctl(q->from, TIOCPKT, &w->packet) < 0 && r >= 0)
		r = -errno;
	w->changed = w->out = false;
	w->packet = 0;
	return r;
}

/*
 * A queue that was full to the brim by other pieces than ours may not take all at once. A process that stays behind
 * writes the rest as soon as the reader makes room.
 */
static int leave_behind(struct work *w)
{
	pid_t pid = neg_errno(_Fork());

	if (pid == 0) {
		struct tty_queue q = *w->q;

		/* Nothing else of criu is kept open. */
		q.from = neg_errno(dup2(q.from, 0));
		q.to = neg_errno(dup2(q.to, 1));
		(void)close_range(2, ~0u, 0);
		w->q = &q;
		(void)put_rest(w, true);
		(void)set_back(w);
		_exit(0);
	}
	if (pid < 0)
		return pid;
	w->changed = w->out = false; /* they are the other's by now */
	w->packet = 0;
	return -EMSGSIZE;
}

/* Also what a child that was killed has left. */
static int put_back(struct work *w)
{
	int r = w->out && w->q->n ? put_rest(w, false) : 0, back;

	if (r == -EAGAIN)
		return leave_behind(w);
	back = set_back(w);
	return r < 0 ? r : back;
}

/* Can there be anything in it? A part of a line cannot be seen from here. */
static int may_have_bytes(const struct work *w)
{
	int there, r = can(w->q->from, POLLIN);

	if (r || (!w->q->of_master && has_lines(&w->was)))
		return r < 0 ? r : 1;
	/* VMIN may be more than there is. */
	return ioctl(w->q->from, FIONREAD, &there) < 0 ? -errno : there > 0;
}

/*
 * A terminal that takes no more can hold more than an image, and more than goes in again: that is seen before anything is
 * taken out. Of a slave in lines it is not known how much of a line there is.
 */
static int is_full(const struct work *w)
{
	const struct tty_queue *q = w->q;
	const int full = !q->of_master && has_lines(&w->was) ? 1 : LDISC_MAX;
	int there, r = can(q->to, POLLOUT);

	if (r)
		return r < 0 ? r : 0;
	return ioctl(q->from, FIONREAD, &there) < 0 ? -errno : there >= full;
}

static int save(struct work *w, pid_t criu)
{
	struct tty_queue *q = w->q;
	struct termios quiet;
	int off = 0, r, back;

	if (ioctl(q->to, TCGETS, &w->was) < 0)
		return -errno;
	r = is_full(w);
	if (r)
		return r < 0 ? r : -EMSGSIZE;
	r = may_have_bytes(w);
	if (r > 0) {
		/* In packet mode a read begins with a control byte, which is none of the bytes written. */
		if (q->of_master && (ioctl(q->from, TIOCGPKT, &w->packet) < 0 || (w->packet && ioctl(q->from, TIOCPKT, &off) < 0)))
			return -errno;
		quiet = w->was;
		set_quiet(&quiet);
		r = set_modes(w, &quiet);
		if (r >= 0)
			r = take_out(w, &quiet);
		if (r >= 0 && q->n)
			r = fault_of(FAULT_DUMP_TTY_QUEUE, criu);
	}
	/* Empty, it has room: what cannot write now is stopped. */
	q->is_stopped = can(q->to, POLLOUT) == 0;
	back = put_back(w);
	return r < 0 ? r : back;
}

/* --- two processes ------------------------------------------------------------------------------ */

struct helper {
	struct work *works;
	size_t n;
	pid_t criu;
};

static int helper_main(void *arg)
{
	const struct helper *h = arg;

	/* Out of reach of what is sent to our group or terminal, and nobody's background process. */
	(void)setsid();
	for (size_t i = 0; i < h->n; i++) {
		h->works[i].q->r = save(&h->works[i], h->criu);
		h->works[i].done = true;
	}
	_exit(0);
}

static int run_helper(struct helper *h)
{
	void *stack = mmap(NULL, HELPER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	sigset_t all, was;
	int status = 0, r;
	pid_t pid;

	if (stack == MAP_FAILED)
		return -errno;
	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &was);
	pid = neg_errno(clone(helper_main, (char *)stack + HELPER_STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, h));
	do
		r = pid < 0 ? pid : neg_errno(waitpid(pid, &status, 0));
	while (r == -EINTR);
	(void)sigprocmask(SIG_SETMASK, &was, NULL);
	munmap(stack, HELPER_STACK);
	return r < 0 ? r : status ? -ESRCH : 0;
}

/* What has been saved, in memory that stays. */
static int keep(struct arena *a, struct tty_queue *q)
{
	if (q->r >= 0 && q->n > TTY_DATA_MAX)
		q->r = -EMSGSIZE;
	if (q->r >= 0 && q->n) {
		q->data = arena_dup(a, q->data, q->n);
		if (!q->data)
			q->r = -ENOMEM;
	}
	return q->r;
}

int tty_queues_save(struct arena *a, struct tty_queue *q, size_t n)
{
	struct work *works = arena_array(a, n, sizeof(*works));
	struct helper h = { .works = works, .n = n, .criu = getpid() };
	uint8_t *room;
	int r;

	if (!n)
		return 0;
	if (!works)
		return -ENOMEM;
	room = mmap(NULL, n * ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED)
		return -errno;
	for (size_t i = 0; i < n; i++) {
		works[i].q = &q[i];
		q[i].data = room + i * ROOM;
	}
	r = run_helper(&h);
	for (size_t i = 0; i < n; i++) {
		if (!works[i].done) {
			(void)put_back(&works[i]); /* r says that it was needed */
			q[i].r = r;
		}
		if (keep(a, &q[i]) < 0 && r >= 0)
			r = q[i].r;
	}
	munmap(room, n * ROOM);
	return r;
}
