/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libFuzzer: whatever stands in a file of /proc, its reader ends with an answer or an error. The first byte of the
 * input picks the reader, the rest is the file. The parsers of single kinds are static: their sources are
 * included, and the linker takes the rest of the engine from its objects.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/proc.h"
#include "criu/mem/smaps.h"

#include "criu/fd/epoll.c"
#include "criu/fd/info.c"
/* A static function of this name is in more than one of them. */
#define has_number locks_has_number
#include "criu/fd/locks.c"
#undef has_number
#include "criu/task/cgroup.c"
#include "criu/task/timer.c"

/* One file under the names that readers look for; gone with the process. */
static int the_file, the_dir;
static char the_path[64];

static void remove_dir(void)
{
	unlinkat(the_dir, "smaps", 0);
	unlinkat(the_dir, "task/7/children", 0);
	unlinkat(the_dir, "task/7", AT_REMOVEDIR);
	unlinkat(the_dir, "task", AT_REMOVEDIR);
	rmdir(the_path);
}

static void must(int r)
{
	if (r < 0) {
		perror("a directory to read from");
		_exit(1);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	log_init(open("/dev/null", O_WRONLY | O_CLOEXEC), LOG_DEBUG);
	strcpy(the_path, "/dev/shm/fuzz_proc.XXXXXX");
	must(mkdtemp(the_path) ? 0 : -1);
	must(the_dir = open(the_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	must(the_file = openat(the_dir, "smaps", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
	must(mkdirat(the_dir, "task", 0700));
	must(mkdirat(the_dir, "task/7", 0700));
	must(linkat(the_dir, "smaps", the_dir, "task/7/children", 0));
	atexit(remove_dir);
	return 0;
}

static void put(const void *data, size_t size)
{
	must(ftruncate(the_file, 0));
	must(pwrite(the_file, data, size, 0) == (ssize_t)size ? 0 : -1);
}

/* --- the readers ------------------------------------------------------------------------------ */

static void read_stat(struct arena *a, char *text)
{
	struct proc_stat st;

	if (proc_read_stat(the_dir, "smaps", &st) == 0 && strnlen(st.comm, sizeof(st.comm)) == sizeof(st.comm))
		abort();
}

static void read_status(struct arena *a, char *text)
{
	struct proc_status st;

	if (proc_read_status(the_dir, "smaps", a, &st) < 0)
		return;
	if (st.nspid.levels > PROC_NS_LEVELS || strnlen(st.comm, sizeof(st.comm)) == sizeof(st.comm))
		abort();
	for (size_t i = 0; i < st.n_groups; i++)
		*(volatile gid_t *)&st.groups[i] = st.groups[i];
}

static void read_children(struct arena *a, char *text)
{
	pid_t *pids;
	size_t n;

	if (proc_read_children(the_dir, 7, &pids, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (pids[i] < 0)
			abort();
	free(pids);
}

static void read_smaps(struct arena *a, char *text)
{
	struct smaps *s;
	struct smap m;

	if (smaps_open(the_dir, &s) < 0)
		return;
	while (smaps_next(s, &m) == 1)
		if (m.start >= m.end || strlen(m.name) > 8192)
			abort();
	smaps_close(s);
}

static void read_timers(struct arena *a, char *text)
{
	struct task_look l = { 0 };

	if (parse_timers(text, a, &l) < 0)
		return;
	for (size_t i = 0; i < l.n_timers; i++)
		*(volatile int *)&l.timers[i].id = l.timers[i].id;
}

static void read_cgroup(struct arena *a, char *text)
{
	struct dump d = { .arena = a };
	struct cg_set set = { .text = text };

	if (parse_set(&d, &set) < 0)
		return;
	for (size_t i = 0; i < set.n_members; i++)
		if (!strlen(set.members[i].path) || strlen(set.members[i].name) > strlen(set.text))
			abort();
}

static void read_fdinfo(struct arena *a, char *text)
{
	static const char *const keys[] = { "pos", "flags", "mnt_id", "eventfd-count", "sigmask", "clockid" };
	struct dump d = { .arena = a };
	struct task t = { .pid = 1 };
	struct fd_info fi = { .task = &t, .number = 3, .link = "anon_inode:[x]", .text = text };
	EventpollTfdEntry te = EVENTPOLL_TFD_ENTRY__INIT;
	const char *line = NULL;
	struct dlock l = { 0 };
	uint64_t v;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		(void)fdinfo_get(&fi, keys[i], i == 1 ? 8 : 0, &v);
	while ((line = fdinfo_next(&fi, line, "tfd")))
		(void)parse_target(&fi, line, &te);
	while ((line = fdinfo_next(&fi, line, "lock")))
		if (parse_lock(&d, &fi, line, &l) == 0 && (l.start < 0 || l.len < 0))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct arena *a, char *text) = {
		read_stat, read_status, read_children, read_smaps, read_timers, read_cgroup, read_fdinfo,
	};
	unsigned int which;
	struct arena *a;
	char *text;

	if (!size)
		return 0;
	which = data[0] % (sizeof(readers) / sizeof(readers[0]));
	if (which < 4)
		put(data + 1, size - 1);
	a = arena_new();
	text = strndup((const char *)data + 1, size - 1);
	if (a && text)
		readers[which](a, text);
	free(text);
	arena_free(a);
	return 0;
}
