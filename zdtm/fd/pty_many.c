// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "five pseudo terminals keep their numbers, one of them without its slave");

void test(void)
{
	int m[5], s[5];
	char name[5][64], buf[8];

	for (int i = 0; i < 5; i++) {
		m[i] = posix_openpt(O_RDWR | O_NOCTTY);
		if (m[i] < 0)
			skip("no pseudo terminals here: %s", strerror(errno));
		ok_zero(grantpt(m[i]));
		ok_zero(unlockpt(m[i]));
		strcpy(name[i], ptsname(m[i]));
		s[i] = i == 2 ? -1 : ok_fd(open(name[i], O_RDWR | O_NOCTTY));
	}
	checkpoint_and_restore();
	for (int i = 0; i < 5; i++) {
		ok_str(ptsname(m[i]), name[i]);
		if (i == 2)
			s[i] = ok_fd(open(name[i], O_RDWR | O_NOCTTY));
		ok_eq(write(m[i], "x\n", 2), 2);
		ok_eq(read(s[i], buf, 8), 2);
	}
}
