/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cgroups of a tree that is not in criu's own.
 * Saved:     for each hierarchy the directories its tasks are in and all below, their owners and modes, and
 *            the settings that the tables here name.
 * Not saved: usage, statistics, other settings.
 *
 * Every hierarchy is mounted once more, without a place in the tree (fsmount): the host's own mounts
 * may be missing, read-only, or show a part only.
 */
#include "criu/ns/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "base/proc.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/cgroup.h"
#include "criu/task/dump.h"
#include "proto/cgroup.pb-c.h"

/* Deeper than any real host; a hostile one must not end our stack. */
#define DEPTH_MAX 64
/* A longer value is cut, as the format has it. */
#define VALUE_MAX 1023

struct controller {
	const char *name;
	const char *props[11];
};

static const struct controller controllers[] = {
	{ "cpu", { "cpu.shares", "cpu.cfs_period_us", "cpu.cfs_quota_us", "cpu.rt_period_us", "cpu.rt_runtime_us" } },
	{ "memory", { "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.swappiness",
		      "memory.soft_limit_in_bytes", "memory.move_charge_at_immigrate", "memory.oom_control",
		      "memory.use_hierarchy", "memory.kmem.limit_in_bytes", "memory.kmem.tcp.limit_in_bytes" } },
	{ "cpuset", { "cpuset.cpus", "cpuset.mems", "cpuset.memory_migrate", "cpuset.cpu_exclusive",
		      "cpuset.mem_exclusive", "cpuset.mem_hardwall", "cpuset.memory_spread_page",
		      "cpuset.memory_spread_slab", "cpuset.sched_load_balance",
		      "cpuset.sched_relax_domain_level" } },
	{ "blkio", { "blkio.weight" } },
	{ "net_cls", { "net_cls.classid" } },
	{ "net_prio", { "net_prio.ifpriomap" } },
	{ "pids", { "pids.max" } },
	{ "devices", { "devices.list" } },
};

static const struct controller every_v1 = { NULL, {
	"cgroup.clone_children", "notify_on_release", "cgroup.procs", "tasks" } };
static const struct controller every_v2 = { NULL, {
	"cgroup.subtree_control", "cgroup.max.descendants", "cgroup.max.depth", "cgroup.freeze", "cgroup.type" } };

/* --- a hierarchy ------------------------------------------------------------------------------- */

/* Tell fsopen which v1 hierarchy: its controllers, or its name. */
static int choose_hierarchy(struct dump *d, int fs, const char *name)
{
	char *words = arena_strdup(d->arena, name), *save = NULL;
	long r = 0;

	if (!words)
		return -ENOMEM;
	if (!strncmp(words, "name=", 5)) {
		r = neg_errno(syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "none", NULL, 0));
		if (r == 0)
			r = neg_errno(syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "name", words + 5, 0));
		return (int)r;
	}
	for (char *w = strtok_r(words, ",", &save); w && r == 0; w = strtok_r(NULL, ",", &save))
		r = neg_errno(syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, w, NULL, 0));
	return (int)r;
}

/* Its root, as our cgroup namespace has it. */
static int open_hierarchy(struct dump *d, const char *name)
{
	autofd int fs = (int)neg_errno(syscall(SYS_fsopen, *name ? "cgroup" : "cgroup2", FSOPEN_CLOEXEC));
	long r = fs;

	if (r >= 0 && *name)
		r = choose_hierarchy(d, fs, name);
	if (r >= 0)
		r = neg_errno(syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
	if (r >= 0)
		r = neg_errno(syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0));
	if (r < 0)
		return err_path(*name ? name : "cgroup2", (int)r,
				"mount this cgroup hierarchy; --manage-cgroups=ignore does without");
	return (int)r;
}

/* --- a directory ------------------------------------------------------------------------------- */

static CgroupPerms *perms_to_image(struct arena *a, const struct stat *st)
{
	CgroupPerms *m = image_new(a, CGROUP_PERMS, CgroupPerms);

	if (m) {
		m->mode = st->st_mode;
		m->uid = st->st_uid;
		m->gid = st->st_gid;
	}
	return m;
}

/* The text in the form that can be written back. */
static void normalize(const char *name, char *text)
{
	unsigned long long v;
	char *end;

	/* "oom_kill_disable 0\nunder_oom 0\n...": only the first number is a setting. */
	if (!strcmp(name, "memory.oom_control")) {
		int on = 0;

		(void)sscanf(text, "oom_kill_disable %d", &on);
		snprintf(text, VALUE_MAX, "%d", on != 0);
		return;
	}
	/* A counter without limit shows as the largest number and takes -1. */
	errno = 0;
	v = strtoull(text, &end, 10);
	if (end != text && !*end && (errno == ERANGE || v >= INT64_MAX))
		strcpy(text, "-1");
}

static int add_prop(struct dump *d, int dir, const char *name, CgroupDirEntry *m)
{
	autofd int fd = neg_errno(openat(dir, name, O_PATH | O_CLOEXEC));
	CgroupPropEntry *p;
	char text[VALUE_MAX + 1] = "";
	struct stat st;
	int r;

	if (fd == -ENOENT)
		return 0;
	r = fd < 0 ? fd : neg_errno(fstat(fd, &st));
	if (r < 0)
		return err_path(name, r, "look at this setting of a cgroup");
	if (strcmp(name, "cgroup.procs") && strcmp(name, "tasks")) {
		autofd int in = neg_errno(openat(dir, name, O_RDONLY | O_CLOEXEC));
		ssize_t n = in < 0 ? in : neg_errno(read(in, text, VALUE_MAX));

		/* Some cannot be read in some states of their directory (cgroup.type's kin). */
		if (n == -EOPNOTSUPP || n == -EINVAL || in == -EACCES)
			return 0;
		if (n < 0)
			return err_path(name, (int)n, "read this setting of a cgroup");
		text[n] = 0;
		if (n && text[n - 1] == '\n')
			text[n - 1] = 0;
		normalize(name, text);
	}

	p = image_new(d->arena, CGROUP_PROP_ENTRY, CgroupPropEntry);
	if (!p)
		return -ENOMEM;
	p->name = (char *)name;
	p->value = arena_strdup(d->arena, text);
	p->perms = perms_to_image(d->arena, &st);
	if (!p->value || !p->perms)
		return -ENOMEM;
	m->properties[m->n_properties++] = p;
	return 0;
}

static int add_props_of(struct dump *d, int dir, const struct controller *c, CgroupDirEntry *m)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < 11 && c->props[i]; i++)
		r = add_prop(d, dir, c->props[i], m);
	return r;
}

/* Is the word @c in the comma-separated @names? */
static bool has_controller(const char *names, const char *c)
{
	size_t n = strlen(c);

	for (const char *p = names; (p = strstr(p, c)); p += n)
		if ((p == names || p[-1] == ',') && (p[n] == 0 || p[n] == ','))
			return true;
	return false;
}

static int add_props(struct dump *d, int dir, const char *hierarchy, CgroupDirEntry *m)
{
	const size_t n = sizeof(controllers) / sizeof(controllers[0]);
	int r = 0;

	m->properties = arena_array(d->arena, (n + 1) * 11, sizeof(*m->properties));
	if (!m->properties)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < n; i++)
		if (has_controller(hierarchy, controllers[i].name))
			r = add_props_of(d, dir, &controllers[i], m);
	if (r == 0)
		r = add_props_of(d, dir, *hierarchy ? &every_v1 : &every_v2, m);
	return r;
}

static int dir_to_image(struct dump *d, int parent, const char *path, const char *name, const char *hierarchy,
			int depth, CgroupDirEntry **ret_m);

static void own_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The directories in @dir, sorted: readdir's order is the kernel's affair. */
static int list_dirs(struct dump *d, int dir, char ***ret_names, size_t *ret_n)
{
	__attribute__((cleanup(own_closedir))) DIR *list = NULL;
	autofd int fd = neg_errno(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	char **names = NULL;
	size_t n = 0, room = 0;
	struct dirent *e;

	if (fd < 0)
		return fd;
	list = fdopendir(fd);
	if (!list)
		return -errno;
	(void)take_fd(&fd);

	while (errno = 0, (e = readdir(list))) {
		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		if (n == room) {
			char **more = arena_array(d->arena, room ? 2 * room : 16, sizeof(*more));

			if (!more)
				return -ENOMEM;
			if (n)
				memcpy(more, names, n * sizeof(*more));
			names = more;
			room = room ? 2 * room : 16;
		}
		names[n] = arena_strdup(d->arena, e->d_name);
		if (!names[n++])
			return -ENOMEM;
	}
	if (errno)
		return -errno;
	if (n)
		qsort(names, n, sizeof(*names), compare_strings);
	*ret_names = names;
	*ret_n = n;
	return 0;
}

static int add_children(struct dump *d, int dir, const char *hierarchy, int depth, CgroupDirEntry *m)
{
	char **names = NULL;
	size_t n = 0;
	int r = list_dirs(d, dir, &names, &n);

	if (r < 0 || !n)
		return r;
	m->children = arena_array(d->arena, n, sizeof(*m->children));
	if (!m->children)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		r = dir_to_image(d, dir, names[i], names[i], hierarchy, depth + 1, &m->children[i]);
		if (r < 0)
			return r;
		m->n_children++;
	}
	return 0;
}

static int dir_to_image(struct dump *d, int parent, const char *path, const char *name, const char *hierarchy,
			int depth, CgroupDirEntry **ret_m)
{
	autofd int dir = neg_errno(openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	CgroupDirEntry *m = image_new(d->arena, CGROUP_DIR_ENTRY, CgroupDirEntry);
	struct stat st;
	int r = dir < 0 ? dir : neg_errno(fstat(dir, &st));

	if (r < 0)
		return err_path(path, r, "look at this cgroup");
	if (depth > DEPTH_MAX)
		return refuse_path(path, -ELOOP, "dump cgroups that deep");
	if (!m)
		return -ENOMEM;

	m->dir_name = (char *)name;
	m->dir_perms = perms_to_image(d->arena, &st);
	if (!m->dir_perms)
		return -ENOMEM;
	r = add_props(d, dir, hierarchy, m);
	if (r == 0)
		r = add_children(d, dir, hierarchy, depth, m);
	*ret_m = m;
	return r < 0 && r != -ELOOP ? err_path(path, r, "save this cgroup") : r;
}

/* --- the whole ----------------------------------------------------------------------------------- */

/* Is @path below or the same as one of the directories that are there already? */
static bool is_covered(const CgControllerEntry *m, const char *path)
{
	for (size_t i = 0; i < m->n_dirs; i++) {
		const char *have = m->dirs[i]->dir_name;
		size_t n = strlen(have);

		if (!n || (!strncmp(path, have, n) && (path[n] == '/' || !path[n])))
			return true;
	}
	return false;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Member @i of every set is about the same hierarchy: the kernel lists all to everyone. */
static int controller_to_image(struct dump *d, size_t i, CgControllerEntry **ret_m)
{
	const struct cg_set *sets = d->cgroups->sets;
	const char *name = sets->members[i].name;
	CgControllerEntry *m = image_new(d->arena, CG_CONTROLLER_ENTRY, CgControllerEntry);
	autofree const char **paths = NULL;
	char *words = arena_strdup(d->arena, name), *save = NULL;
	autofd int root = open_hierarchy(d, name);
	size_t n = 0;

	if (root < 0)
		return root;
	for (const struct cg_set *s = sets; s; s = s->next)
		n++;
	paths = calloc(n, sizeof(*paths));
	if (!m || !words || !paths)
		return -ENOMEM;
	m->cnames = arena_array(d->arena, strlen(name) / 2 + 1, sizeof(*m->cnames));
	m->dirs = arena_array(d->arena, n, sizeof(*m->dirs));
	if (!m->cnames || !m->dirs)
		return -ENOMEM;

	if (!*words)
		m->cnames[m->n_cnames++] = words;
	for (char *w = strtok_r(words, ",", &save); w; w = strtok_r(NULL, ",", &save))
		m->cnames[m->n_cnames++] = w;
	m->has_is_threaded = true;
	m->is_threaded = *name != 0;

	n = 0;
	for (const struct cg_set *s = sets; s; s = s->next)
		paths[n++] = s->members[i].path + 1;
	qsort(paths, n, sizeof(*paths), compare_paths);
	for (size_t k = 0; k < n; k++) {
		int r;

		if (is_covered(m, paths[k]))
			continue;
		r = dir_to_image(d, root, *paths[k] ? paths[k] : ".", paths[k], name, 0, &m->dirs[m->n_dirs]);
		if (r < 0)
			return r;
		m->n_dirs++;
	}
	*ret_m = m;
	return 0;
}

static int set_to_image(struct dump *d, const struct cg_set *s, CgSetEntry **ret_m)
{
	CgSetEntry *m = image_new(d->arena, CG_SET_ENTRY, CgSetEntry);

	if (!m)
		return -ENOMEM;
	m->id = s->id;
	m->ctls = arena_array(d->arena, s->n_members ? s->n_members : 1, sizeof(*m->ctls));
	if (!m->ctls)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_members; i++) {
		CgMemberEntry *e = image_new(d->arena, CG_MEMBER_ENTRY, CgMemberEntry);

		if (!e)
			return -ENOMEM;
		e->name = (char *)s->members[i].name;
		e->path = (char *)s->members[i].path;
		m->ctls[m->n_ctls++] = e;
	}
	*ret_m = m;
	return 0;
}

int cgroup_write(struct dump *d)
{
	const struct cg_set *sets = d->cgroups->sets;
	CgroupEntry m = CGROUP_ENTRY__INIT;
	size_t n = 0;
	int r = fault_at(FAULT_DUMP_CGROUP_IMAGE);

	if (r < 0 || !sets)
		return r;

	for (const struct cg_set *s = sets; s; s = s->next)
		n++;
	m.sets = arena_array(d->arena, n, sizeof(*m.sets));
	m.controllers = arena_array(d->arena, sets->n_members ? sets->n_members : 1, sizeof(*m.controllers));
	if (!m.sets || !m.controllers)
		return -ENOMEM;

	for (const struct cg_set *s = sets; s; s = s->next) {
		r = set_to_image(d, s, &m.sets[m.n_sets]);
		if (r < 0)
			return r;
		m.n_sets++;
		if (s->n_members != sets->n_members)
			return refuse_any(-ESTALE, "dump cgroups while hierarchies come and go");
	}
	for (size_t i = 0; d->opt->manage_cgroups != CGROUP_IGNORE && i < sets->n_members; i++) {
		r = controller_to_image(d, i, &m.controllers[i]);
		if (r < 0)
			return r;
		m.n_controllers++;
	}
	return image_write_one(d->images, IMG_CGROUP, 0, &m.base);
}
