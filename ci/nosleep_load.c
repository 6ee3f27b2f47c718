// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ci/nosleep checkpoints: three processes, one with threads, that share files and memory and wait without end. It
 * closes its output when all of it stands.
 */
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

static void *wait_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	const size_t size = 8 << 20;
	const int n_threads = 8;
	pthread_t t;
	int p[2];
	char *own = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (own == MAP_FAILED || shared == MAP_FAILED || pipe(p) < 0 || eventfd(7, 0) < 0)
		return 1;
	memset(own, 1, size);
	memset(shared, 2, size);
	if (write(p[1], "in the pipe", 11) != 11)
		return 1;
	for (int i = 0; i < 2; i++)
		if (fork() == 0) {
			close(STDOUT_FILENO);
			wait_for_ever(NULL);
		}
	for (int i = 0; i < n_threads; i++)
		if (pthread_create(&t, NULL, wait_for_ever, NULL))
			return 1;
	close(STDOUT_FILENO);
	wait_for_ever(NULL);
}
