// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ci/bench checkpoints:
 *	bench_load small		a process that sleeps
 *	bench_load mem MIB		the same with so much anonymous memory, every page different
 *	bench_load children N		a process with N children that sleep
 * It says "ready" and closes its output, when all of it stands.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int fill(size_t bytes)
{
	uint64_t *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	for (size_t i = 0; i < bytes / sizeof(*p); i++)
		p[i] = i * 0x9e3779b97f4a7c15ull;
	return 0;
}

static int breed(long n)
{
	while (n--) {
		pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (pid == 0) {
			close(STDOUT_FILENO);
			for (;;)
				pause();
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "small";
	long n = argc > 2 ? atol(argv[2]) : 0;

	if ((!strcmp(what, "mem") && fill((size_t)n << 20) < 0) || (!strcmp(what, "children") && breed(n) < 0)) {
		perror("bench_load");
		return 1;
	}
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 1;
	close(STDOUT_FILENO);
	for (;;)
		pause();
}
