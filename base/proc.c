/* SPDX-License-Identifier: LGPL-2.1-only */
#include "base/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/own.h"

/*
 * Read once into @buf and end it with a NUL. stat and status are made in one piece (seq_file's
 * single_open), so a read that does not fill the buffer has got all of it.
 */
static ssize_t read_once(int dir, const char *path, char *buf, size_t room)
{
	autofd int fd = neg_errno(openat(dir, path, O_RDONLY | O_CLOEXEC));
	ssize_t r;

	if (fd < 0)
		return fd;
	do
		r = read(fd, buf, room - 1);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	if ((size_t)r == room - 1)
		return -E2BIG;

	buf[r] = 0;
	return r;
}

int proc_read_text(int dir, const char *path, char *buf, size_t room)
{
	ssize_t r = read_once(dir, path, buf, room);

	if (r < 0)
		return (int)r;
	if (r && buf[r - 1] == '\n')
		buf[--r] = 0;
	return (int)r;
}

/* --- stat ------------------------------------------------------------------------------------ */

/* The next decimal number of *@p, which moves behind it. */
static bool next_number(char **p, int base, uint64_t *ret_v)
{
	char *end;

	errno = 0;
	/* Negative fields (tty_nr, nice, priorities) wrap; who reads one casts it back. */
	*ret_v = strtoull(*p, &end, base);
	if (end == *p || errno)
		return false;
	*p = end;
	return true;
}

#define STAT_LAST_FIELD 52

int proc_read_stat(int dir, const char *path, struct proc_stat *ret_st)
{
	uint64_t f[STAT_LAST_FIELD + 1] = {};
	struct proc_stat st = {};
	char buf[4096], *open_paren, *close_paren, *p;
	size_t n;
	ssize_t r = read_once(dir, path, buf, sizeof(buf));

	if (r < 0)
		return (int)r;

	/* The name may hold anything, parentheses and newlines too: it ends at the last ')'. */
	open_paren = strchr(buf, '(');
	close_paren = strrchr(buf, ')');
	if (!open_paren || !close_paren || close_paren < open_paren)
		return -EBADMSG;
	st.pid = (pid_t)strtol(buf, NULL, 10);

	n = (size_t)(close_paren - open_paren - 1);
	if (n >= sizeof(st.comm))
		n = sizeof(st.comm) - 1; /* kernel threads only */
	memcpy(st.comm, open_paren + 1, n);

	p = close_paren + 1;
	if (p[0] != ' ' || !p[1])
		return -EBADMSG;
	st.state = p[1];
	p += 2;
	for (size_t i = 4; i <= STAT_LAST_FIELD; i++)
		if (!next_number(&p, 10, &f[i]))
			return -EBADMSG;

	st.ppid = (pid_t)f[4];
	st.pgid = (pid_t)f[5];
	st.sid = (pid_t)f[6];
	st.tty_nr = (uint32_t)f[7];
	st.tpgid = (pid_t)f[8];
	st.flags = (uint32_t)f[9];
	st.start_time = f[22];
	st.start_code = f[26];
	st.end_code = f[27];
	st.start_stack = f[28];
	st.exit_signal = (int)f[38];
	st.start_data = f[45];
	st.end_data = f[46];
	st.start_brk = f[47];
	st.arg_start = f[48];
	st.arg_end = f[49];
	st.env_start = f[50];
	st.env_end = f[51];
	st.exit_code = (int)f[52];
	*ret_st = st;
	return 0;
}

/* --- status ---------------------------------------------------------------------------------- */

/* status escapes newline and backslash, so a name cannot forge a line. */
static void unescape_comm(char comm[PROC_COMM_MAX], const char *text)
{
	size_t n = 0;

	while (*text && n < PROC_COMM_MAX - 1) {
		if (text[0] == '\\' && text[1] == 'n') {
			comm[n++] = '\n';
			text += 2;
		} else if (text[0] == '\\' && text[1] == '\\') {
			comm[n++] = '\\';
			text += 2;
		} else {
			comm[n++] = *text++;
		}
	}
	comm[n] = 0;
}

static bool parse_u64(char *text, int base, uint64_t *ret_v)
{
	return next_number(&text, base, ret_v);
}

static bool parse_u32(char *text, int base, unsigned int *ret_v)
{
	uint64_t v;

	if (!next_number(&text, base, &v) || v > UINT_MAX)
		return false;
	*ret_v = (unsigned int)v;
	return true;
}

static bool parse_pid(char *text, pid_t *ret_pid)
{
	unsigned int v;

	if (!parse_u32(text, 10, &v) || v > INT_MAX)
		return false;
	*ret_pid = (pid_t)v;
	return true;
}

static bool parse_four(char *text, uint32_t ret_v[4])
{
	for (int i = 0; i < 4; i++) {
		uint64_t v;

		if (!next_number(&text, 10, &v))
			return false;
		ret_v[i] = (uint32_t)v;
	}
	return true;
}

static bool parse_nspid(char *text, struct proc_nspid *ret)
{
	uint64_t v;

	ret->levels = 0;
	while (next_number(&text, 10, &v)) {
		if (ret->levels == PROC_NS_LEVELS)
			return false;
		ret->pid[ret->levels++] = (pid_t)v;
	}
	return true;
}

static bool parse_groups(char *text, struct arena *a, struct proc_status *st)
{
	size_t n = 0;
	uint64_t v;

	for (char *p = text; next_number(&p, 10, &v);)
		n++;
	st->groups = arena_array(a, n ? n : 1, sizeof(gid_t));
	if (!st->groups)
		return false;
	for (st->n_groups = 0; st->n_groups < n && next_number(&text, 10, &v);)
		st->groups[st->n_groups++] = (gid_t)v;
	return true;
}

/* One line "Key:\tvalue"; unknown keys are for others. False: known, but not what it should be. */
static bool parse_status_line(const char *key, char *v, struct arena *a, struct proc_status *st)
{
	unsigned int u;

	switch (key[0]) {
	case 'C':
		if (!strcmp(key, "CapInh"))
			return parse_u64(v, 16, &st->cap_inh);
		if (!strcmp(key, "CapPrm"))
			return parse_u64(v, 16, &st->cap_prm);
		if (!strcmp(key, "CapEff"))
			return parse_u64(v, 16, &st->cap_eff);
		if (!strcmp(key, "CapBnd"))
			return parse_u64(v, 16, &st->cap_bnd);
		if (!strcmp(key, "CapAmb"))
			return parse_u64(v, 16, &st->cap_amb);
		break;
	case 'G':
		if (!strcmp(key, "Gid"))
			return parse_four(v, st->gid);
		if (!strcmp(key, "Groups"))
			return parse_groups(v, a, st);
		break;
	case 'N':
		if (!strcmp(key, "Name"))
			return unescape_comm(st->comm, v), true;
		if (!strcmp(key, "NSpid"))
			return parse_nspid(v, &st->nspid);
		if (!strcmp(key, "NSpgid"))
			return parse_nspid(v, &st->nspgid);
		if (!strcmp(key, "NSsid"))
			return parse_nspid(v, &st->nssid);
		if (!strcmp(key, "NoNewPrivs"))
			return parse_u32(v, 10, &u) && (st->no_new_privs = u, true);
		break;
	case 'P':
		if (!strcmp(key, "Pid"))
			return parse_pid(v, &st->pid);
		if (!strcmp(key, "PPid"))
			return parse_pid(v, &st->ppid);
		break;
	case 'S':
		if (!strcmp(key, "State"))
			return (st->state = *v) != 0;
		if (!strcmp(key, "SigBlk"))
			return parse_u64(v, 16, &st->sig_blocked);
		if (!strcmp(key, "SigIgn"))
			return parse_u64(v, 16, &st->sig_ignored);
		if (!strcmp(key, "SigCgt"))
			return parse_u64(v, 16, &st->sig_caught);
		if (!strcmp(key, "Seccomp"))
			return parse_u32(v, 10, &st->seccomp);
		if (!strcmp(key, "Seccomp_filters"))
			return st->has_seccomp_filters = parse_u32(v, 10, &st->seccomp_filters);
		break;
	case 'T':
		if (!strcmp(key, "Tgid"))
			return parse_pid(v, &st->tgid);
		if (!strcmp(key, "TracerPid"))
			return parse_pid(v, &st->tracer);
		if (!strcmp(key, "Threads"))
			return parse_u32(v, 10, &st->threads);
		if (!strcmp(key, "THP_enabled"))
			return parse_u32(v, 10, &u) && (st->thp_enabled = u, true);
		break;
	case 'U':
		if (!strcmp(key, "Uid"))
			return parse_four(v, st->uid);
		if (!strcmp(key, "Umask"))
			return parse_u32(v, 8, &u) && (st->umask = u, st->has_umask = true);
		break;
	}
	return true;
}

static int parse_status(char *text, struct arena *a, struct proc_status *ret_st)
{
	struct proc_status st = { .thp_enabled = true };
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *colon = strchr(line, ':'), *v;

		if (!colon)
			return -EBADMSG;
		*colon = 0;
		v = colon + 1;
		if (*v == '\t')
			v++;
		if (!parse_status_line(line, v, a, &st))
			return -EBADMSG;
	}

	if (!st.state || !st.tgid)
		return -EBADMSG;
	*ret_st = st;
	return 0;
}

int proc_read_status(int dir, const char *path, struct arena *a, struct proc_status *ret_st)
{
	autofree char *big = NULL;
	char buf[8192];
	ssize_t r = read_once(dir, path, buf, sizeof(buf));

	if (r >= 0)
		return parse_status(buf, a, ret_st);
	if (r != -E2BIG)
		return (int)r;

	/* Up to 65536 supplementary groups. */
	r = io_slurp_at(dir, path, &big, NULL);
	if (r < 0)
		return (int)r;
	return parse_status(big, a, ret_st);
}

/* --- lists of numbers ------------------------------------------------------------------------ */

static int push_number(pid_t **list, size_t *n, size_t *room, pid_t v)
{
	if (*n == *room) {
		size_t more = *room ? 2 * *room : 64;
		pid_t *p = realloc(*list, more * sizeof(pid_t));

		if (!p)
			return -ENOMEM;
		*list = p;
		*room = more;
	}
	(*list)[(*n)++] = v;
	return 0;
}

int proc_read_children(int dir, pid_t tid, pid_t **ret_pids, size_t *ret_n)
{
	autofree pid_t *pids = NULL;
	size_t n = 0, room = 0;
	char path[64], buf[4096];
	pid_t v = 0;
	bool in_number = false;
	autofd int fd = -1;
	ssize_t r;

	snprintf(path, sizeof(path), "task/%d/children", tid);
	fd = neg_errno(openat(dir, path, O_RDONLY | O_CLOEXEC));
	if (fd < 0)
		return fd;

	/* Records come a page at a time: the end is only where a read gives nothing. */
	while ((r = read(fd, buf, sizeof(buf))) != 0) {
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		for (ssize_t i = 0; i < r; i++) {
			if (buf[i] >= '0' && buf[i] <= '9') {
				if (v > (INT_MAX - 9) / 10)
					return -EBADMSG;
				v = v * 10 + (buf[i] - '0');
				in_number = true;
			} else if (in_number) {
				int e = push_number(&pids, &n, &room, v);

				if (e < 0)
					return e;
				v = 0;
				in_number = false;
			}
		}
	}

	*ret_pids = take_ptr(pids);
	*ret_n = n;
	return 0;
}

static void own_closedir(DIR **d)
{
	if (*d)
		closedir(*d);
}

static int compare_numbers(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

int proc_list_numbers(int dir, const char *path, pid_t **ret_numbers, size_t *ret_n)
{
	__attribute__((cleanup(own_closedir))) DIR *d = NULL;
	autofd int fd = neg_errno(openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	autofree pid_t *numbers = NULL;
	size_t n = 0, room = 0;
	struct dirent *e;
	int r;

	if (fd < 0)
		return fd;
	d = fdopendir(fd);
	if (!d)
		return -errno;
	(void)take_fd(&fd);

	while (errno = 0, (e = readdir(d))) {
		char *end;
		long v = strtol(e->d_name, &end, 10);

		if (*end || end == e->d_name || v < 0 || v > INT_MAX)
			continue;
		r = push_number(&numbers, &n, &room, (pid_t)v);
		if (r < 0)
			return r;
	}
	if (errno)
		return -errno;

	if (n)
		qsort(numbers, n, sizeof(pid_t), compare_numbers);
	*ret_numbers = take_ptr(numbers);
	*ret_n = n;
	return 0;
}
