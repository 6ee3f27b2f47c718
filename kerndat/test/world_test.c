/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Answers in worlds that hold something back. There an answer may become "cannot tell", with a reason, or be
 * one that the world makes true and its table has; it never turns from yes to no or back by itself.
 */
#include "kerndat/test/test.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "kerndat/kerndat.h"
#include "kerndat/test/worlds.h"

/* One by one, or @together as `criu check --all` asks, whose labs a world may kill or mislead. */
static void ask_all(bool together, struct kd_answer *answers)
{
	enum kd_row rows[KD_ROWS_END];
	struct kerndat *kd;
	size_t n = 0;

	ok(kerndat_open_uncached(&kd) == 0);
	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++)
		rows[n++] = row;
	if (together)
		kerndat_warm(kd, rows, n);
	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++)
		answers[row] = kerndat_ask(kd, row);
	kerndat_close(kd);
}

/* --- what is expected ------------------------------------------------------------------------------- */

/* Rows whose answer is a consequence of the world: @name (a * at its end: all that begin so) is @state there, or... */
struct expect {
	const char *name;
	unsigned states; /* ... one of these */
};

#define NO     (1u << KD_NO)
#define YES    (1u << KD_YES)
#define CANNOT (1u << KD_CANNOT_TELL)

#define KILLED (-1)

struct world {
	const char *name;
	void (*enter)(void);
	const struct expect *expect; /* a NULL name ends; NULL: nothing changes there */
	int because[3];		     /* errnos, or KILLED: what may make an answer "cannot tell" there; nothing: none may */
};

static bool is_named(const char *pattern, const char *name)
{
	size_t n = strlen(pattern);

	return n && pattern[n - 1] == '*' ? !strncmp(pattern, name, n - 1) : !strcmp(pattern, name);
}

static const struct expect *find_expect(const struct expect *e, const char *name)
{
	for (; e && e->name; e++)
		if (is_named(e->name, name))
			return e;
	return NULL;
}

static void say(const char *name, const struct kd_answer *a, const char *where)
{
	fprintf(stderr, "%s %s: %s %s %s", name, where, kd_state_name(a->state),
		a->err ? strerrorname_np(a->err) : "", a->why);
	if (a->has_value)
		fprintf(stderr, " %#lx", (unsigned long)a->value);
	fputc('\n', stderr);
}

/* Is what a question failed of something that the world holds back? A row made of others has their reason. */
static bool is_explained(const struct world *w, const struct kd_answer *in)
{
	for (size_t i = 0; i < sizeof(w->because) / sizeof(w->because[0]); i++) {
		if (w->because[i] == KILLED && !in->err && (strstr(in->why, "killed") || strstr(in->why, "cannot tell about")))
			return true;
		if (w->because[i] > 0 && in->err == w->because[i])
			return true;
	}
	return false;
}

/*
 * A row of the table has the answer of the table (or what it had outside, where that was no already).
 * All others: as outside, to the value where it is a fact of the kernel; or "cannot tell", as outside or for a reason that is
 * the world's.
 */
static bool is_right(const struct world *w, const struct kd_feature *f, const struct kd_answer *out,
		     const struct kd_answer *in)
{
	const struct expect *e = find_expect(w->expect, f->name);

	if (in->state == KD_CANNOT_TELL && out->state != KD_CANNOT_TELL && !is_explained(w, in))
		return false;
	if (e)
		return e->states & 1u << in->state || (out->state == KD_NO && in->state == KD_NO);
	if (in->state == KD_CANNOT_TELL)
		return in->err || *in->why;
	if (out->state == KD_CANNOT_TELL) /* a world may show more than ours: but then for good */
		return false;
	return in->state == out->state &&
	       (f->scope != KD_BOOT || (in->has_value == out->has_value && in->value == out->value));
}

static void compare(const struct world *w, const struct kd_answer *outside, const struct kd_answer *inside, const char *where)
{
	int wrong = 0;

	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++) {
		const struct kd_feature *f = kerndat_feature(row);

		ok(inside[row].state >= KD_YES && inside[row].state <= KD_CANNOT_TELL, "%s", f->name);
		if (is_right(w, f, &outside[row], &inside[row]))
			continue;
		say(f->name, &outside[row], "outside");
		say(f->name, &inside[row], where);
		wrong++;
	}
	ok(!wrong, "%d answers are wrong %s", wrong, where);
}

static void ask_in(const struct world *w)
{
	static struct kd_answer outside[KD_ROWS_END], inside[KD_ROWS_END];

	for (const struct expect *e = w->expect; e && e->name; e++) {
		bool known = false;

		for (int row = KD_NO_ROW + 1; row < KD_ROWS_END && !known; row++)
			known = is_named(e->name, kerndat_feature(row)->name);
		ok(known, "the table of %s has %s, which is no feature", w->name, e->name);
	}
	ask_all(false, outside);
	w->enter();
	for (int together = 0; together < 2; together++) {
		ask_all(together, inside);
		compare(w, outside, inside, together ? "here, with others" : "here");
	}
}

/* --- the worlds ----------------------------------------------------------------------------------- */

/* What every task may ask of its own kernel: answered wherever there is a /proc, no call is forbidden, or not these. */
#define PLAIN                                                                                              \
	{ "mnt_id", YES }, { "fdinfo_*", YES }, { "timerfd", YES }, { "pidfd_open", YES }, { "memfd", YES }, \
	{ "openat2", YES }, { "proc_stat", YES }, { "prctl_mm_map", YES }, { "rseq", YES }, { "seccomp", YES }

/* And what no file is needed for, and no privilege. */
#define CALLS                                                                                              \
	{ "kcmp*", YES }, { "clone3_set_tid", YES }, { "pidfd_getfd", YES }, { "process_vm_readv", YES },  \
	{ "statmount", YES }, { "peeksiginfo", YES }, { "get_rseq_conf", YES }

#define NO_NAMESPACES                                                                                          \
	{ "create_mntns", NO }, { "create_utsns", NO }, { "create_ipcns", NO }, { "create_pidns", NO },        \
	{ "create_netns", NO }, { "create_cgroupns", NO }, { "create_timens", NO }

/* Root's files are not for who has no capability over them. */
#define NO_CGROUPS { "cgroup_v1_writable", NO }, { "cgroup_v2_writable", NO }, { "freezer_v1", NO }

#define NO_CAPS { "cap_last_cap", YES | CANNOT }, { "cap_*", NO }, { "map_files", NO }, { "fhandles", NO }, NO_NAMESPACES

/* A user namespace may still be made by who has no privilege. */
static const struct expect no_capabilities[] = { PLAIN, CALLS, NO_CAPS, NO_CGROUPS, { 0 } };

/* All capabilities over itself, none over what is the host's; in one without a map no other can be made. */
static const struct expect user_namespace[] = {
	PLAIN, CALLS, NO_CGROUPS,
	{ "cap_last_cap", YES | CANNOT }, { "cap_*", YES }, { "initial_userns", NO }, { "create_userns", NO },
	{ "map_files", NO }, { "fhandles", NO }, { 0 },
};

static const struct expect pid_namespace[] = { PLAIN, CALLS, { 0 } };

/* Not even the kernel's own files; a chroot may not make a user namespace. */
static const struct expect empty_chroot[] = {
	{ "create_userns", NO }, { "uffd_dev", NO }, { "tun", NO }, { "tun_ns", NO }, { "kcmp*", YES },
	{ "pidfd_open", YES }, { "apparmor", CANNOT }, { 0 },
};

/* Mounts that a chroot cannot reach are not there for us. */
static const struct expect chroot_without_sys[] = {
	PLAIN, CALLS, NO_CGROUPS,
	{ "create_userns", NO }, { "uffd_dev", NO }, { "tun", NO }, { "tun_ns", NO }, { "cgroup_v1", NO },
	{ "cgroup_v2", NO }, { "cgroup_hybrid", NO }, { "freezer_v2", NO }, { "cgroup_kill", NO }, { "thp", CANNOT }, { "hugetlb_sizes", CANNOT }, { 0 },
};

/* Hidden, not missing: nobody can tell what is below. */
static const struct expect no_proc_sys[] = {
	PLAIN, CALLS,
	{ "ns_last_pid", CANNOT }, { "pid_max", CANNOT }, { "sysvipc_next_id", CANNOT }, { "max_pid_namespaces", CANNOT },
	{ "conntrack", CANNOT }, { 0 },
};

static const struct expect no_sys[] = {
	PLAIN, CALLS,
	{ "thp", CANNOT }, { "hugetlb_sizes", CANNOT }, { "uprobes", CANNOT }, { "cgroup_v1_writable", CANNOT },
	{ "cgroup_v2_writable", CANNOT }, { "freezer_v1", CANNOT }, { 0 },
};

static const struct expect no_proc[] = {
	CALLS,
	{ "map_files", CANNOT }, { "pagemap*", CANNOT }, { "fdinfo_*", CANNOT }, { "ns_last_pid", CANNOT }, { "cgroup_v1", CANNOT }, { 0 },
};

static const struct expect read_only_run[] = { PLAIN, CALLS, { 0 } };

/* EPERM may come from a filter: of other tasks, and of the kernel, that says nothing. */
#define FILTERED { "seccomp_on_us", YES }, { "io_uring", CANNOT }, { "io_uring_entries", CANNOT }, { "perf", CANNOT }, { "bpf", CANNOT }

static const struct expect seccomp_eperm[] = { FILTERED, NO_NAMESPACES, { "create_userns", NO }, { "kcmp", CANNOT }, { 0 } };
static const struct expect seccomp_other[] = { FILTERED, { "kcmp", CANNOT }, { 0 } };

#define CONTAINED                                                                                           \
	FILTERED, PLAIN, { "kcmp*", CANNOT }, { "clone3_set_tid", CANNOT }, { "pidfd_getfd", CANNOT },      \
	{ "process_vm_readv", CANNOT }, { "statmount", CANNOT }, { "mseal", CANNOT }, { "uffd", CANNOT },   \
	{ "peeksiginfo", CANNOT }, { "get_rseq_conf", CANNOT }, { "seccomp_filters", CANNOT }

static const struct expect container_errno[] = { CONTAINED, NO_NAMESPACES, { "create_userns", NO }, { "fhandles", NO }, { 0 } };
static const struct expect container_kill[] = { CONTAINED, { "create_*", CANNOT }, { "fhandles", CANNOT }, { 0 } };

static const struct world worlds[] = {
	{ "no_capabilities", enter_no_capabilities, no_capabilities, { EPERM, EACCES } },
	{ "nobody", enter_nobody, no_capabilities, { EPERM, EACCES } },
	{ "user_namespace", enter_user_namespace, user_namespace, { EPERM, EACCES } },
	{ "pid_namespace", enter_pid_namespace, pid_namespace, { 0 } },
	{ "pid_namespace_old_proc", enter_pid_namespace_old_proc, NULL, { 0 } },
	{ "empty_chroot", enter_empty_chroot, empty_chroot, { ENOENT, EPERM } },
	{ "chroot_without_sys", enter_chroot_without_sys, chroot_without_sys, { ENOENT, EPERM } },
	{ "no_proc_sys", enter_no_proc_sys, no_proc_sys, { ENOENT } },
	{ "no_sys", enter_no_sys, no_sys, { ENOENT } },
	{ "no_proc", enter_no_proc, no_proc, { ENOENT } },
	{ "hidepid", enter_hidepid, no_capabilities, { EPERM, EACCES } },
	{ "read_only_run", enter_read_only_run, read_only_run, { 0 } },
	{ "seccomp_eperm", enter_seccomp_eperm, seccomp_eperm, { EPERM } },
	{ "seccomp_enosys", enter_seccomp_enosys, seccomp_other, { ENOSYS, EPERM, EINVAL } },
	{ "seccomp_kill", enter_seccomp_kill, seccomp_other, { KILLED, EPERM } },
	{ "container_eperm", enter_container_eperm, container_errno, { EPERM, ENOSYS } },
	{ "container_enosys", enter_container_enosys, container_errno, { EPERM, ENOSYS } },
	{ "container_kill", enter_container_kill, container_kill, { KILLED, ENOSYS } },
	{ 0 },
};

static const struct world *find_world(const char *name)
{
	for (const struct world *w = worlds; w->name; w++)
		if (!strcmp(w->name, name))
			return w;
	return NULL;
}

void world_test(const char *name)
{
	ask_in(find_world(name));
}

const char *world_name(int i)
{
	return worlds[i].name;
}

int world_exec(const char *name, char **argv)
{
	const struct world *w = find_world(name);

	if (!w) {
		fprintf(stderr, "there is no world %s\n", name);
		return 2;
	}
	w->enter();
	execv(argv[0], argv);
	perror(argv[0]);
	return 126;
}
