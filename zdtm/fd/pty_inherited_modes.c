// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <termios.h>

TEST(.does = "the terminal given by --inherit-fd gets the modes, and a size where it has none, of the one it stands for",
     .once = "what is given has the number that the one before has by then",
     .may_differ = "fd *, fdinfo *: it is another terminal, by our own wish");

/* What is given is the master of a new pair: it speaks for both sides. */
static void expect_one_in_the_old_place(const char *key)
{
	FILE *to;

	to = fopen("opts.dump", "w");
	fprintf(to, "--external\n%s\n", key);
	fclose(to);
	to = fopen("opts.restore", "w");
	fprintf(to, "--inherit-fd\nfd[50]:%s\n", key);
	fclose(to);
	to = fopen("inherit", "w");
	fprintf(to, "50 %d /dev/ptmx\n", O_RDWR | O_NOCTTY);
	fclose(to);
}

void test(void)
{
	int low = posix_openpt(O_RDWR | O_NOCTTY), m = posix_openpt(O_RDWR | O_NOCTTY), s;
	struct winsize w = { .ws_row = 33, .ws_col = 77 };
	struct termios t, now;
	char key[64];
	struct stat st;

	if (low < 0 || m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	/* The given one is made before ours is made again: it is to have another number. */
	close(low);
	ok_zero(unlockpt(m));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY));
	ok_sys(fstat(s, &st));
	ok_sys(tcgetattr(s, &t));
	cfmakeraw(&t);
	t.c_cc[VINTR] = 'Q';
	ok_sys(tcsetattr(s, TCSANOW, &t));
	ok_sys(ioctl(s, TIOCSWINSZ, &w));
	snprintf(key, sizeof(key), "tty[%lx:%lx]", (long)st.st_rdev, (long)st.st_dev);
	expect_one_in_the_old_place(key);
	checkpoint_and_restore();
	ok_sys(tcgetattr(s, &now));
	ok_eq(now.c_lflag, t.c_lflag);
	ok_eq(now.c_iflag, t.c_iflag);
	ok_eq(now.c_oflag, t.c_oflag);
	ok_eq(now.c_cc[VINTR], 'Q');
	w = (struct winsize){ 0 };
	ok_sys(ioctl(s, TIOCGWINSZ, &w));
	ok_eq(w.ws_row, 33);
	ok_eq(w.ws_col, 77);
}
