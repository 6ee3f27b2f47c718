// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel keeps of one terminal: modes, locked modes, window size, bytes on their way.
 * Modes and window size of both sides of a pseudo terminal are the slave's.
 */
#include "criu/fd/tty.h"

#include <asm/termbits.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "criu/image/image.h"

/* Words of c_cc in an image; the control characters are the first bytes of them. */
#define CC_WORDS 19

static TermiosEntry *new_termios(struct arena *a, const struct termios *t)
{
	TermiosEntry *te = image_new(a, TERMIOS_ENTRY, TermiosEntry);

	if (te)
		te->c_cc = arena_array(a, CC_WORDS, sizeof(*te->c_cc));
	if (!te || !te->c_cc)
		return NULL;
	te->n_c_cc = CC_WORDS;
	te->c_iflag = t->c_iflag;
	te->c_oflag = t->c_oflag;
	te->c_cflag = t->c_cflag;
	te->c_lflag = t->c_lflag;
	te->c_line = t->c_line;
	memcpy(te->c_cc, t->c_cc, sizeof(t->c_cc) < CC_WORDS ? sizeof(t->c_cc) : CC_WORDS);
	return te;
}

static void get_termios(const TermiosEntry *te, struct termios *t)
{
	*t = (struct termios){ .c_iflag = te->c_iflag, .c_oflag = te->c_oflag, .c_cflag = te->c_cflag,
			       .c_lflag = te->c_lflag, .c_line = te->c_line };
	memcpy(t->c_cc, te->c_cc, sizeof(t->c_cc) < CC_WORDS ? sizeof(t->c_cc) : CC_WORDS);
}

bool tty_state_ok(const TtyInfoEntry *ti)
{
	if (!ti->termios && !ti->termios_locked && !ti->winsize)
		return true;
	return ti->termios && ti->termios_locked && ti->winsize && ti->termios->n_c_cc >= CC_WORDS &&
	       ti->termios_locked->n_c_cc >= CC_WORDS;
}

int tty_state_get(struct arena *a, int fd, TtyInfoEntry *ti)
{
	struct termios t, locked;
	struct winsize w;

	if (ioctl(fd, TCGETS, &t) < 0)
		return errno == EIO ? 0 : -errno;
	if (ioctl(fd, TIOCGLCKTRMIOS, &locked) < 0 || ioctl(fd, TIOCGWINSZ, &w) < 0)
		return -errno;

	ti->termios = new_termios(a, &t);
	ti->termios_locked = new_termios(a, &locked);
	ti->winsize = image_new(a, WINSIZE_ENTRY, WinsizeEntry);
	if (!ti->termios || !ti->termios_locked || !ti->winsize)
		return -ENOMEM;
	ti->winsize->ws_row = w.ws_row;
	ti->winsize->ws_col = w.ws_col;
	ti->winsize->ws_xpixel = w.ws_xpixel;
	ti->winsize->ws_ypixel = w.ws_ypixel;
	return 0;
}

int tty_state_set(int fd, const TtyInfoEntry *ti)
{
	struct termios t, locked, none = { 0 };
	struct winsize w;

	if (!ti->termios)
		return 0;
	get_termios(ti->termios, &t);
	get_termios(ti->termios_locked, &locked);
	w.ws_row = ti->winsize->ws_row;
	w.ws_col = ti->winsize->ws_col;
	w.ws_xpixel = ti->winsize->ws_xpixel;
	w.ws_ypixel = ti->winsize->ws_ypixel;

	if (ioctl(fd, TCSETS, &t) < 0 || ioctl(fd, TIOCSWINSZ, &w) < 0)
		return -errno;
	/* Only with CAP_SYS_ADMIN, and nothing to do for nearly all. */
	if (memcmp(&locked, &none, sizeof(none)) && ioctl(fd, TIOCSLCKTRMIOS, &locked) < 0)
		return -errno;
	return 0;
}

/* --- bytes on their way ------------------------------------------------------------------------- */

/* Nothing is changed on the way, nobody gets a signal, nothing is echoed; lines stay lines. */
static void quiet(struct termios *t)
{
	t->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | INPCK | ISTRIP | INLCR | IGNCR | ICRNL | IUCLC | IXON | IXOFF | IMAXBEL);
	t->c_oflag &= ~OPOST;
	t->c_lflag &= ~(ISIG | ECHO | ECHOE | ECHOK | ECHONL | ECHOCTL | ECHOPRT | ECHOKE | IEXTEN);
	/* A byte that was quoted by VLNEXT when it was typed would edit the line now. */
	t->c_cc[VERASE] = t->c_cc[VKILL] = _POSIX_VDISABLE;
}

/* Write what fits: a queue that was full is no larger now. */
static int push(int to, const uint8_t *data, size_t n)
{
	return n ? io_write(to, data, n) : 0;
}

int tty_queue_set(int to, bool is_master, const uint8_t *data, size_t n)
{
	struct termios was, now;
	int r;

	if (ioctl(to, TCGETS, &was) < 0)
		return -errno;
	now = was;
	quiet(&now);
	if (ioctl(to, TCSETS, &now) < 0)
		return -errno;
	r = push(to, data, n);
	if (ioctl(to, TCSETS, &was) < 0 && r >= 0)
		r = -errno;
	return r;
}

/* All that is there now: *ret_n bytes are ours to put back, also when it fails half way. */
static int drain(int from, uint8_t *data, size_t *ret_n)
{
	int there;

	for (*ret_n = 0; *ret_n < TTY_DATA_MAX;) {
		ssize_t got;

		if (ioctl(from, FIONREAD, &there) < 0)
			return -errno;
		if (there <= 0)
			break;
		got = neg_errno(read(from, data + *ret_n, TTY_DATA_MAX - *ret_n));
		if (got == -EINTR) /* heeded when all is back in its place */
			continue;
		if (got < 0)
			return got;
		*ret_n += got;
	}
	return 0;
}

/*
 * The kernel has no look at a terminal's queue that leaves it there: between drain() and
 * tty_queue_set() its bytes are in our memory alone. Nothing in between can fail or wait.
 */
int tty_queue_get(struct arena *a, int from, int to, bool is_master, uint8_t **ret_data, size_t *ret_n)
{
	uint8_t *data = arena_alloc(a, TTY_DATA_MAX);
	struct termios was, raw;
	int packet = 0, off = 0, r, back;

	if (!data)
		return -ENOMEM;
	if (ioctl(from, TCGETS, &was) < 0)
		return -errno;
	/* In packet mode a read begins with a control byte, which is none of the bytes written. */
	if (is_master && (ioctl(from, TIOCGPKT, &packet) < 0 || (packet && ioctl(from, TIOCPKT, &off) < 0)))
		return -errno;
	/* Without ICANON a line that is not complete can be read, too. The master has no lines. */
	raw = was;
	quiet(&raw);
	raw.c_lflag &= ~ICANON;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (!is_master && ioctl(from, TCSETS, &raw) < 0)
		return -errno;
	r = drain(from, data, ret_n);
	back = !is_master && ioctl(from, TCSETS, &was) < 0 ? -errno : 0;

	if (*ret_n) {
		int put = tty_queue_set(to, is_master, data, *ret_n);

		back = back < 0 ? back : put;
	}
	if (packet && ioctl(from, TIOCPKT, &packet) < 0 && back >= 0)
		back = -errno;
	*ret_data = data;
	return r < 0 ? r : back;
}
