// SPDX-License-Identifier: LGPL-2.1-only
/*
 * A process as /proc shows it while it runs: who asks what a dump would meet neither stops nor traces anything.
 */
#include "compel/compel.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "base/proc.h"

static int view_threads(int proc, pid_t pid, struct victim *v)
{
	autofree pid_t *tids = NULL;
	size_t n;
	int r = proc_list_numbers(proc, "task", &tids, &n);

	if (r < 0)
		return r;
	v->threads = calloc(n ? n : 1, sizeof(*v->threads));
	if (!v->threads)
		return -ENOMEM;
	/* The leader first; the others are in order. */
	v->threads[v->nr_threads++].tid = pid;
	for (size_t i = 0; i < n && n > 1; i++) {
		if (tids[i] != pid)
			v->threads[v->nr_threads++].tid = tids[i];
	}
	return 0;
}

static int view(int proc, pid_t pid, struct victim *v)
{
	struct proc_stat st;
	char path[32];
	int r;

	snprintf(path, sizeof(path), "task/%d/stat", pid);
	r = proc_read_stat(proc, path, &st);
	if (r == 0)
		r = view_threads(proc, pid, v);
	if (r < 0)
		return r;

	v->threads[0].is_dead = st.state == 'Z' || toupper(st.state) == 'X';
	if (v->threads[0].is_dead && v->nr_threads == 1) {
		v->state = VICTIM_ZOMBIE;
		v->exit_code = st.exit_code;
	} else if (st.state == 'T') {
		v->state = VICTIM_STOPPED;
	}
	return 0;
}

int victim_view(pid_t pid, struct victim **ret_victim)
{
	struct victim *v = calloc(1, sizeof(*v));
	autofd int proc = -1;
	char path[32];
	int r;

	if (!v)
		return -ENOMEM;
	*v = (struct victim){ .pid = pid, .mem_fd = -1, .pid_fd = -1 };
	snprintf(path, sizeof(path), "/proc/%d", pid);
	proc = neg_errno(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	r = proc < 0 ? proc : view(proc, pid, v);
	if (r < 0) {
		victim_view_free(v);
		return r == -ENOENT ? -ESRCH : r;
	}
	*ret_victim = v;
	return 0;
}

void victim_view_free(struct victim *v)
{
	if (v)
		free(v->threads);
	free(v);
}
