/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Ask by names, or for all that a dump cannot do without. Build and use:
 *
 *	cc ask.c $(pkg-config --cflags --libs libkerndat) -o ask
 *	./ask kcmp pidfd_getfd
 */
#include <libkerndat.h>
#include <stdio.h>
#include <string.h>

static int tell(struct libkerndat *kd, const char *name)
{
	struct libkerndat_feature f;
	struct libkerndat_answer a;
	int r = libkerndat_find(name, &f);

	if (r == 0)
		r = libkerndat_ask(kd, name, &a);
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", name, strerror(-r));
		return 1;
	}

	printf("%s: %s", name, libkerndat_state_name(a.state));
	if (a.has_value)
		printf(", value %llu", (unsigned long long)a.value);
	if (a.state != LIBKERNDAT_YES && *f.lost)
		printf("; lost: %s", f.lost);
	putchar('\n');
	return a.state != LIBKERNDAT_YES;
}

int main(int argc, char **argv)
{
	struct libkerndat_feature f;
	struct libkerndat *kd;
	const char *way;
	int r, bad = 0;

	r = libkerndat_open(0, &kd);
	if (r < 0) {
		fprintf(stderr, "libkerndat: %s\n", strerror(-r));
		return 2;
	}

	for (int i = 1; i < argc; i++)
		bad |= tell(kd, argv[i]);
	if (argc == 1) {
		for (size_t i = 0; libkerndat_feature(i, &f) == 0; i++)
			if (f.importance == LIBKERNDAT_NEEDED)
				bad |= tell(kd, f.name);
		if (libkerndat_way(kd, "task_pid", &way) == 0)
			printf("a task gets its pid by %s\n", way);
	}

	libkerndat_close(kd);
	return bad;
}
