// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel keeps of one terminal: modes, locked modes, window size. What waits in it is in tty_queue.c.
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

int tty_state_lend(int fd, const TtyInfoEntry *ti)
{
	struct winsize w;
	struct termios t;

	if (!ti->termios || !isatty(fd))
		return 0;
	get_termios(ti->termios, &t);
	if (ioctl(fd, TCSETS, &t) < 0)
		return -errno;
	if (ioctl(fd, TIOCGWINSZ, &w) < 0 || w.ws_row || w.ws_col)
		return 0;
	w = (struct winsize){ .ws_row = ti->winsize->ws_row, .ws_col = ti->winsize->ws_col };
	return (int)neg_errno(ioctl(fd, TIOCSWINSZ, &w));
}
