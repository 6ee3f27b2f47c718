// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/ioctl.h>
#include <termios.h>

TEST(.does = "a pseudo terminal, master and slave: settings, size, and the line between them");

static void open_pty(int *ret_master, int *ret_slave)
{
	*ret_master = posix_openpt(O_RDWR | O_NOCTTY);
	if (*ret_master < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(grantpt(*ret_master));
	ok_zero(unlockpt(*ret_master));
	*ret_slave = ok_fd(open(ptsname(*ret_master), O_RDWR | O_NOCTTY));
}

void test(void)
{
	struct winsize size = { 33, 77, 330, 770 }, got_size;
	struct termios t, got;
	char name[64], buf[16];
	int m, s;

	open_pty(&m, &s);
	strcpy(name, ptsname(m));
	ok_sys(tcgetattr(s, &t));
	cfmakeraw(&t);
	t.c_cc[VINTR] = 'X' & 31;
	t.c_cc[VMIN] = 3;
	t.c_iflag |= IXOFF;
	ok_sys(tcsetattr(s, TCSANOW, &t));
	ok_sys(ioctl(m, TIOCSWINSZ, &size));
	checkpoint_and_restore();
	ok_str(ptsname(m), name);
	ok_sys(tcgetattr(s, &got));
	ok_eq(got.c_iflag, t.c_iflag);
	ok_eq(got.c_oflag, t.c_oflag);
	ok_eq(got.c_cflag, t.c_cflag);
	ok_eq(got.c_lflag, t.c_lflag);
	ok_mem(got.c_cc, t.c_cc, NCCS);
	ok_sys(ioctl(s, TIOCGWINSZ, &got_size));
	ok_mem(&got_size, &size, sizeof(size));
	ok_eq(write(m, "abcd", 4), 4);
	ok_eq(read(s, buf, 16), 4);
	ok_mem(buf, "abcd", 4);
	ok_eq(write(s, "back", 4), 4);
	ok_eq(read(m, buf, 16), 4);
	ok_mem(buf, "back", 4);
}
