// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a pipe to the outside is given anew by --inherit-fd",
     .peer = "restore: it opens the fifo that it is given a second time, and waits for a writer",
     .may_differ = "fd *, fdinfo *: it is another pipe, by our own wish");

/* The new one is a fifo, so that we find its other end by name. */
void test(void)
{
	char here[4000], key[64], c = 0;
	int fd[2], w;
	FILE *to;

	ok_zero(pipe(fd));
	close(fd[1]);
	snprintf(key, sizeof(key), "%s", link_of("/proc/self/fd/%d", fd[0]));
	ok_zero(mkfifo("fifo", 0600));
	to = fopen("opts.restore", "w");
	fprintf(to, "--inherit-fd\nfd[50]:%s\n", key);
	fclose(to);
	to = fopen("inherit", "w");
	fprintf(to, "50 %d %s/fifo\n", O_RDONLY | O_NONBLOCK, getcwd(here, sizeof(here)));
	fclose(to);
	checkpoint_and_restore();
	/* Undisturbed, or dumped and left running, it is still the first. */
	if (!strcmp(link_of("/proc/self/fd/%d", fd[0]), key))
		return;
	ok_eq(fcntl(fd[0], F_GETFL) & O_ACCMODE, O_RDONLY);
	w = ok_fd(open("fifo", O_WRONLY | O_NONBLOCK));
	ok_eq(write(w, "x", 1), 1);
	ok_eq(read(fd[0], &c, 1), 1);
	ok_eq(c, 'x');
}
