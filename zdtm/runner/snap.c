// SPDX-License-Identifier: GPL-2.0-only
/*
 * What /proc shows of a tree, as sorted lines "KEY\tVALUE". Only what must come back is taken:
 * no times, no counters of work done, no numbers that the kernel gives anew (inodes of pipes).
 *
 * Keys: "PID WHAT", "PID fd N", "PID/TID WHAT".
 */
#include "run.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void snap_add(struct snap *sn, const char *value, const char *key, ...)
{
	char *k, *line;
	va_list ap;

	va_start(ap, key);
	if (vasprintf(&k, key, ap) < 0 || asprintf(&line, "%s\t%s", k, value) < 0)
		abort();
	va_end(ap);
	free(k);
	if (sn->n == sn->size) {
		sn->size = sn->size ? sn->size * 2 : 256;
		sn->lines = realloc(sn->lines, sn->size * sizeof(*sn->lines));
	}
	sn->lines[sn->n++] = line;
}

void snap_free(struct snap *sn)
{
	for (size_t i = 0; i < sn->n; i++)
		free(sn->lines[i]);
	free(sn->lines);
}

/* The file, whole, to be freed; NULL when it cannot be read. */
static char *slurp(size_t *ret_size, const char *fmt, ...)
{
	size_t n = 0, size = 4096;
	char *path, *buf;
	va_list ap;
	ssize_t r;
	int fd;

	va_start(ap, fmt);
	r = vasprintf(&path, fmt, ap);
	va_end(ap);
	if (r < 0)
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return NULL;
	buf = malloc(size);
	while ((r = read(fd, buf + n, size - 1 - n)) > 0) {
		n += r;
		if (size - n < 2048)
			buf = realloc(buf, size *= 2);
	}
	close(fd);
	buf[n] = 0;
	if (ret_size)
		*ret_size = n;
	return buf;
}

static void cut(char *text, const char *what)
{
	char *p = strstr(text, what);

	if (p)
		*p = 0;
}

/* A path as it is before and after: a ghost may keep the suffix of its temporary name. */
static void same_name(char *path)
{
	char *dot = strstr(path, ".cr."), *ghost = dot ? strstr(dot, ".ghost") : NULL;

	if (ghost)
		memmove(dot, ghost + 6, strlen(ghost + 6) + 1);
	dot = strstr(path, ".cr_link");
	if (dot)
		memmove(dot, dot + 8, strlen(dot + 8) + 1);
}

static bool is_deleted(const char *path)
{
	size_t n = strlen(path);

	return n > 10 && !strcmp(path + n - 10, " (deleted)");
}

/* --- status, stat, and files that are compared whole ---------------------------------------------- */

static const char *const status_keys[] = {
	"Name", "Umask", "Tgid", "Uid", "Gid", "Groups", "Threads", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt",
	"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters", "THP_enabled",
	"TracerPid", "VmLck", "Speculation_Store_Bypass", NULL,
};

/* Of a dead task only name, place in the tree and exit code mean something. */
static bool is_of_dead(const char *key)
{
	return !strcmp(key, "Name") || !strcmp(key, "State") || !strcmp(key, "Tgid");
}

static void take_status(struct snap *sn, int pid, int tid)
{
	char *text = slurp(NULL, "/proc/%d/task/%d/status", pid, tid), *line, *save;
	bool is_dead = text && strstr(text, "\nState:\tZ");

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
		char *colon = strchr(line, ':');

		if (!colon)
			continue;
		*colon++ = 0;
		colon += strspn(colon, " \t");
		/* SIGTERM is the word of the runner; a task that waits for it has it unblocked for that time. */
		if (!strcmp(line, "SigBlk"))
			sprintf(colon, "%016llx", strtoull(colon, NULL, 16) & ~(1ull << (SIGTERM - 1)));
		for (int i = 0; status_keys[i]; i++)
			if (!strcmp(status_keys[i], line) && (!is_dead || is_of_dead(line)))
				snap_add(sn, colon, "%d/%d %s", pid, tid, line);
		/* Running, asleep: a matter of moments. Stopped, dead, traced: a state. */
		if (!strcmp(line, "State"))
			snap_add(sn, strchr("TtZX", *colon) ? colon : "lives", "%d/%d State", pid, tid);
	}
	free(text);
}

static const struct { int nr; const char *name; bool of_process; } stat_fields[] = {
	{ 5, "pgrp", true }, { 6, "session", true }, { 7, "tty", true }, { 8, "tpgid", true },
	{ 19, "nice", false }, { 26, "start_code", true }, { 27, "end_code", true }, { 28, "start_stack", true },
	{ 38, "exit_signal", false }, { 40, "rt_priority", false }, { 41, "policy", false },
	{ 45, "start_data", true }, { 46, "end_data", true }, { 47, "start_brk", true }, { 48, "arg_start", true },
	{ 49, "arg_end", true }, { 50, "env_start", true }, { 51, "env_end", true }, { 52, "exit_code", true },
};

static void take_stat(struct snap *sn, int pid, int tid, bool is_root)
{
	char *text = slurp(NULL, "/proc/%d/task/%d/stat", pid, tid), *p, *save;
	int nr = 3;

	p = text ? strrchr(text, ')') : NULL;
	for (p = p ? strtok_r(p + 2, " \n", &save) : NULL; p; p = strtok_r(NULL, " \n", &save), nr++) {
		if (nr == 4 && pid == tid && !is_root)
			snap_add(sn, p, "%d ppid", pid);
		for (size_t i = 0; i < sizeof(stat_fields) / sizeof(*stat_fields); i++)
			if (stat_fields[i].nr == nr && (pid == tid || !stat_fields[i].of_process))
				snap_add(sn, p, "%d/%d %s", pid, tid, stat_fields[i].name);
	}
	free(text);
}

static void take_whole(struct snap *sn, int pid, const char *name)
{
	size_t n;
	char *text = slurp(&n, "/proc/%d/%s", pid, name);

	if (!text)
		return;
	for (size_t i = 0; i < n; i++)
		if (!isprint((unsigned char)text[i]) && strcmp(name, "auxv"))
			text[i] = text[i] == '\n' && i + 1 < n ? '|' : ' ';
	if (!strcmp(name, "auxv")) {
		char *hex = malloc(n * 2 + 1);

		/* The end mark and what follows it are the kernel's padding. */
		for (size_t i = 0; i < n; i++)
			sprintf(hex + 2 * i, "%02x", (unsigned char)text[i]);
		hex[n * 2] = 0;
		snap_add(sn, hex, "%d auxv", pid);
		free(hex);
	} else {
		snap_add(sn, text, "%d %s", pid, name);
	}
	free(text);
}

static void take_link(struct snap *sn, int pid, const char *name)
{
	char path[64], to[4096];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		return;
	to[n] = 0;
	same_name(to);
	snap_add(sn, to, "%d %s", pid, name);
}

/* --- memory --------------------------------------------------------------------------------------- */

struct vma {
	unsigned long long start, end, off;
	char perms[8], dev[16], flags[160], path[4200];
	unsigned long long ino;
	bool has_file;
};

static void put_vma(struct snap *sn, int pid, const struct vma *v)
{
	char *text;

	/* Not in the address space: the kernel shows it by how the program was started, which for a restored 32-bit one is as criu. */
	if (!strcmp(v->path, "[vsyscall]"))
		return;
	if (asprintf(&text, "-%llx %s %llx %s %llu %s%s", v->end, v->perms, v->off, v->dev, v->ino, v->path, v->flags) < 0)
		abort();
	snap_add(sn, text, "%d maps %016llx", pid, v->start);
	free(text);
}

static void read_vma(const char *line, struct vma *v)
{
	int at = 0;

	memset(v, 0, sizeof(*v));
	sscanf(line, "%llx-%llx %7s %llx %15s %llu %n", &v->start, &v->end, v->perms, &v->off, v->dev, &v->ino, &at);
	snprintf(v->path, sizeof(v->path), "%s", at ? line + at : "");
	v->has_file = v->ino != 0;
	same_name(v->path);
	/* Shared anonymous memory is a memfd in the image format; what was one by name is told apart by its fd. */
	if (!strncmp(v->path, "/memfd:/dev/zero", 16))
		memmove(v->path, v->path + 7, strlen(v->path + 7) + 1);
	/* Objects without a name get a new inode. */
	if (is_deleted(v->path) || !strncmp(v->path, "/[aio]", 6) || !strcmp(v->path, "/dev/zero") || !strncmp(v->path, "/memfd:", 7)) {
		v->ino = 0;
		strcpy(v->dev, "-");
	}
	/* Anonymous memory of other names is a file to the kernel, and only the number tells it. */
	if (!v->has_file)
		v->off = 0;
}

static void read_flags(const char *text, struct vma *v)
{
	/*
	 * Not the state of the thing but how it came: "sd" soft-dirty, "ac" accounted, "mm" and "nr"
	 * mixed and overcommit by its file; "??" what the kernel has no name for.
	 */
	static const char skip[] = "sd ac ?? mm ";
	char word[3];
	int at;

	for (; sscanf(text, " %2s%n", word, &at) == 1; text += at)
		if (!strstr(skip, word)) {
			strcat(v->flags, " ");
			strcat(v->flags, word);
		}
}

/* The kernel may merge after the restore what it kept apart before, and the other way round. */
static bool joins(const struct vma *a, const struct vma *b)
{
	if (a->end != b->start || strcmp(a->perms, b->perms) || strcmp(a->path, b->path) || strcmp(a->flags, b->flags) ||
	    a->ino != b->ino || a->has_file != b->has_file)
		return false;
	return !a->has_file || a->off + (a->end - a->start) == b->off;
}

static void take_maps(struct snap *sn, int pid)
{
	char *text = slurp(NULL, "/proc/%d/smaps", pid), *line, *save;
	struct vma last = {}, v = {};

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
		char *sp = strchr(line, ' '), *colon = strchr(line, ':');

		/* "Rss:  4 kB" has its colon before the first blank; a mapping line has not. */
		if (sp && (!colon || sp < colon)) {
			read_vma(line, &v);
		} else if (!strncmp(line, "VmFlags:", 8)) {
			read_flags(line + 8, &v);
			if (last.end && joins(&last, &v)) {
				last.end = v.end;
			} else {
				if (last.end)
					put_vma(sn, pid, &last);
				last = v;
			}
		}
	}
	if (last.end)
		put_vma(sn, pid, &last);
	free(text);
}

/* --- descriptors ----------------------------------------------------------------------------------- */

/* Words of fdinfo that the kernel gives anew or that run on. */
static const char *const fdinfo_skip[] = { "eventfd-id:", "it_value:", "mnt_id:", "scm_fds:", NULL };

/* A watch of an epoll. They stand in fdinfo in the order of kernel addresses. */
static void take_watch(struct snap *sn, int pid, const char *nr, const char *line)
{
	unsigned long long data = 0;
	unsigned events = 0;
	int tfd = 0;

	sscanf(line, "tfd: %d events: %x data: %llx", &tfd, &events, &data);
	/* EPOLL_CTL_ADD always adds EPOLLERR and EPOLLHUP; a one-shot watch that fired has lost them. */
	snap_add(sn, "", "%d fdinfo %s tfd %d events %x data %llx", pid, nr, tfd, events & ~0x18u, data);
}

static void take_fdinfo(struct snap *sn, int pid, const char *nr, bool has_name)
{
	char *text = slurp(NULL, "/proc/%d/fdinfo/%s", pid, nr), *line, *save, *out;
	size_t size;
	FILE *f;

	if (!text)
		return;
	f = open_memstream(&out, &size);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		bool skip = false;

		for (int i = 0; fdinfo_skip[i]; i++)
			skip |= !strncmp(line, fdinfo_skip[i], strlen(fdinfo_skip[i]));
		if (!strncmp(line, "ino:", 4) && !has_name)
			skip = true;
		/* These act at open() and never again. */
		if (!strncmp(line, "flags:", 6))
			sprintf(line + 6, "\t%lo", strtoul(line + 6, NULL, 8) & ~(unsigned long)O_TMPFILE);
		if (!strncmp(line, "tfd:", 4)) {
			take_watch(sn, pid, nr, line);
			skip = true;
		}
		if (!skip)
			fprintf(f, "%s|", line);
	}
	fclose(f);
	for (char *c = out; *c; c++)
		if (*c == '\t')
			*c = ' ';
	snap_add(sn, out, "%d fdinfo %s", pid, nr);
	free(out);
	free(text);
}

static void take_fds(struct snap *sn, int pid)
{
	char dir[64], path[400], to[4096];
	struct dirent *e;
	DIR *d;

	snprintf(dir, sizeof(dir), "/proc/%d/fd", pid);
	d = opendir(dir);
	while (d && (e = readdir(d))) {
		ssize_t n;
		bool has_name;

		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		n = readlink(path, to, sizeof(to) - 1);
		if (n < 0)
			continue;
		to[n] = 0;
		has_name = to[0] == '/' && !is_deleted(to) && strncmp(to, "/dev/", 5) && strncmp(to, "/memfd:", 7);
		same_name(to);
		cut(to, ":[");		/* pipe:[4711] */
		snap_add(sn, to, "%d fd %s", pid, e->d_name);
		take_fdinfo(sn, pid, e->d_name, has_name);
	}
	if (d)
		closedir(d);
}

/* --- sharing: one description stays one ------------------------------------------------------------ */

struct ref {
	int pid, fd, class;
};

static int compare_tasks(int a, int b, int type, unsigned long x, unsigned long y)
{
	return (int)syscall(SYS_kcmp, a, b, type, x, y);
}

static int collect_refs(const int *pids, int n, struct ref *refs, int max)
{
	int n_refs = 0;

	for (int i = 0; i < n; i++) {
		char dir[64];
		struct dirent *e;
		DIR *d;

		snprintf(dir, sizeof(dir), "/proc/%d/fd", pids[i]);
		d = opendir(dir);
		while (d && (e = readdir(d)) && n_refs < max)
			if (isdigit((unsigned char)e->d_name[0]))
				refs[n_refs++] = (struct ref){ pids[i], atoi(e->d_name), -1 };
		if (d)
			closedir(d);
	}
	return n_refs;
}

static int by_place(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	return x->pid != y->pid ? x->pid - y->pid : x->fd - y->fd;
}

/* Each descriptor names the first that shares its description. Pairs are compared, so not for crowds. */
static void take_sharing(struct snap *sn, const int *pids, int n)
{
	enum { MAX = 120 };
	struct ref refs[MAX];
	int n_refs = collect_refs(pids, n, refs, MAX);
	char text[64];

	if (n_refs == MAX)
		return;
	qsort(refs, n_refs, sizeof(*refs), by_place);
	for (int i = 0; i < n_refs; i++)
		for (int j = 0; j < i; j++)
			if (!compare_tasks(refs[i].pid, refs[j].pid, KCMP_FILE, refs[i].fd, refs[j].fd)) {
				snprintf(text, sizeof(text), "%d fd %d", refs[j].pid, refs[j].fd);
				snap_add(sn, text, "%d same-as fd %d", refs[i].pid, refs[i].fd);
				break;
			}
	for (int i = 0; i < n && n <= 40; i++)
		for (int j = 0; j < i; j++)
			if (!compare_tasks(pids[i], pids[j], KCMP_FILES, 0, 0)) {
				snprintf(text, sizeof(text), "%d", pids[j]);
				snap_add(sn, text, "%d same-as files", pids[i]);
				break;
			}
}

/* --- the tree -------------------------------------------------------------------------------------- */

static int parent_of(int pid)
{
	char *text = slurp(NULL, "/proc/%d/stat", pid), *p;
	int ppid = 0;

	p = text ? strrchr(text, ')') : NULL;
	if (p)
		sscanf(p + 2, "%*c %d", &ppid);
	free(text);
	return ppid;
}

static int by_int(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* All tasks below @root, in order of their numbers. */
static int *tree_of(pid_t root, int *ret_n)
{
	int *all = NULL, *parent = NULL, n = 0, kept = 0;
	DIR *d = opendir("/proc");
	struct dirent *e;
	bool *in, more = true;

	while (d && (e = readdir(d)))
		if (isdigit((unsigned char)e->d_name[0])) {
			all = realloc(all, (n + 1) * sizeof(int));
			parent = realloc(parent, (n + 1) * sizeof(int));
			all[n] = atoi(e->d_name);
			parent[n] = parent_of(all[n]);
			n++;
		}
	if (d)
		closedir(d);
	in = calloc(n + 1, sizeof(*in));
	while (more) {
		more = false;
		for (int i = 0; i < n; i++)
			for (int j = 0; j < n && !in[i]; j++)
				if (all[i] == root || (in[j] && all[j] == parent[i]))
					in[i] = more = true;
	}
	for (int i = 0; i < n; i++)
		if (in[i])
			all[kept++] = all[i];
	free(in);
	free(parent);
	qsort(all, kept, sizeof(int), by_int);
	*ret_n = kept;
	return all;
}

static void take_threads(struct snap *sn, int pid, bool is_root)
{
	char dir[64];
	struct dirent *e;
	DIR *d;

	snprintf(dir, sizeof(dir), "/proc/%d/task", pid);
	d = opendir(dir);
	while (d && (e = readdir(d)))
		if (isdigit((unsigned char)e->d_name[0])) {
			take_status(sn, pid, atoi(e->d_name));
			take_stat(sn, pid, atoi(e->d_name), is_root);
		}
	if (d)
		closedir(d);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void snap_sort(struct snap *sn)
{
	qsort(sn->lines, sn->n, sizeof(*sn->lines), by_text);
}

int snap_take(pid_t root, struct snap *ret)
{
	static const char *const files[] = { "limits", "oom_score_adj", "loginuid", "personality", "timers", "cgroup",
					     "cmdline", "environ", "auxv", NULL };
	static const char *const links[] = { "exe", "cwd", "root", NULL };
	int n, *pids = tree_of(root, &n);

	memset(ret, 0, sizeof(*ret));
	if (!n) {
		free(pids);
		return -ESRCH;
	}
	for (int i = 0; i < n; i++) {
		take_threads(ret, pids[i], pids[i] == root);
		for (int k = 0; files[k]; k++)
			take_whole(ret, pids[i], files[k]);
		for (int k = 0; links[k]; k++)
			take_link(ret, pids[i], links[k]);
		take_maps(ret, pids[i]);
		take_fds(ret, pids[i]);
	}
	take_sharing(ret, pids, n);
	free(pids);
	snap_sort(ret);
	return 0;
}
