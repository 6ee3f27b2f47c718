// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "file names of blanks, newlines, bytes that are no text, and the word (deleted)");

static const char *const names[] = { "a b", "new\nline", "\xff\xfe\x80", "quote\"s'", "file (deleted)", " ", "back\\slash" };

enum { N = sizeof(names) / sizeof(*names) };

void test(void)
{
	int fd[N];
	char c;

	for (int i = 0; i < N; i++) {
		fd[i] = ok_fd(open(names[i], O_RDWR | O_CREAT, 0600));
		ok_eq(write(fd[i], &"0123456789"[i], 1), 1);
	}
	checkpoint_and_restore();
	for (int i = 0; i < N; i++) {
		ok_eq(pread(fd[i], &c, 1, 0), 1);
		ok_eq(c, '0' + i);
		ok_sys(access(names[i], F_OK));
	}
}
