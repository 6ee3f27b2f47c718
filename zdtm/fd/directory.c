// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <dirent.h>

TEST(.does = "a directory that is half read: the rest comes, each name once");

enum { N = 500 };

void test(void)
{
	bool seen[N] = {};
	struct dirent *e;
	int n = 0, nr;
	char name[32];
	DIR *d;

	ok_sys(mkdir("dir", 0700));
	for (int i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "dir/file %d", i);
		close(ok_fd(open(name, O_WRONLY | O_CREAT, 0600)));
	}
	d = opendir("dir");
	ok(d);
	while (n < N / 2 && (e = readdir(d)))
		if (sscanf(e->d_name, "file %d", &nr) == 1) {
			seen[nr] = true;
			n++;
		}
	checkpoint_and_restore();
	while ((e = readdir(d)))
		if (sscanf(e->d_name, "file %d", &nr) == 1) {
			ok(!seen[nr]);
			seen[nr] = true;
			n++;
		}
	ok_eq(n, N);
	ok_sys(openat(dirfd(d), "file 1", O_RDONLY));
}
