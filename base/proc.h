/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Readers of /proc/PID: one read, one parse, every line checked. What a task can put into these
 * files (its name, its many groups) is taken as hostile.
 *
 * @dir is an open /proc/PID and @path a file below it: "stat", "task/41/status". All return 0 or
 * -errno and log nothing: -ESRCH and -ENOENT when the task is gone, -EBADMSG for a text that
 * is not what the kernel writes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;

/* Longest thread name, the NUL included (TASK_COMM_LEN). */
#define PROC_COMM_MAX 16
/* Pid namespaces nest at most this deep, the first one included (MAX_PID_NS_LEVEL + 1). */
#define PROC_NS_LEVELS 33

/* /proc/PID/stat: field numbers as in proc(5). */
struct proc_stat {
	pid_t pid;
	char comm[PROC_COMM_MAX];
	char state;			/* R S D Z T t X I P */
	pid_t ppid, pgid, sid;
	uint32_t tty_nr;
	pid_t tpgid;
	uint32_t flags;			/* 9: PF_... */
	uint64_t start_time;		/* 22, clock ticks since boot */
	uint64_t start_code, end_code, start_stack;	/* 26..28 */
	uint64_t start_data, end_data, start_brk;	/* 45..47 */
	uint64_t arg_start, arg_end, env_start, env_end; /* 48..51 */
	int exit_signal;		/* 38: what the parent is sent at the end; 0: nothing */
	int exit_code;			/* 52: a wait status */
};

int proc_read_stat(int dir, const char *path, struct proc_stat *ret_st);

/* One pid as every namespace sees it, the reader's first, its own last. */
struct proc_nspid {
	unsigned int levels;	/* 0: the kernel does not tell (before 4.1) */
	pid_t pid[PROC_NS_LEVELS];
};

/* /proc/PID/status. */
struct proc_status {
	char comm[PROC_COMM_MAX];
	char state;
	pid_t tgid, pid, ppid, tracer;
	uid_t uid[4];			/* real, effective, saved, file system */
	gid_t gid[4];
	gid_t *groups;			/* in the arena; supplementary */
	size_t n_groups;
	struct proc_nspid nspid, nspgid, nssid;
	unsigned int threads;
	mode_t umask;
	bool has_umask;			/* Linux 4.7; not for zombies */
	uint64_t sig_blocked, sig_ignored, sig_caught;
	uint64_t cap_inh, cap_prm, cap_eff, cap_bnd, cap_amb;
	bool no_new_privs;
	unsigned int seccomp;		/* SECCOMP_MODE_... */
	unsigned int seccomp_filters;	/* how many, Linux 5.9 */
	bool has_seccomp_filters;
	bool thp_enabled;		/* Linux 5.0; true where it is not told */
};

int proc_read_status(int dir, const char *path, struct arena *a, struct proc_status *ret_st);

/*
 * The children of thread @tid (of the process behind @dir), oldest first, malloc()ed. The list is
 * complete only when thread and children do not run. -ENOENT also where the kernel has no such file
 * (CONFIG_PROC_CHILDREN).
 */
int proc_read_children(int dir, pid_t tid, pid_t **ret_pids, size_t *ret_n);

/* The numbers among the names of directory @path: the processes of /proc, the threads of
 * /proc/PID/task, the descriptors of /proc/PID/fd. malloc()ed, ascending. */
int proc_list_numbers(int dir, const char *path, pid_t **ret_numbers, size_t *ret_n);

/*
 * A short file, without its last newline, as a string in @buf. Returns its length, or -E2BIG when
 * it does not fit.
 */
int proc_read_text(int dir, const char *path, char *buf, size_t room);
