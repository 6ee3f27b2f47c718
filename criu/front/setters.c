/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/setters.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/front/values.h"

static void *field_of(struct opt_parse *p, const struct opt_row *row)
{
	return (char *)p->o + row->field;
}

/* One more element at the end of a counted array, zeroed; NULL without memory. */
static void *grow(void *array, size_t n, size_t size)
{
	char *more = reallocarray(array, n + 1, size);

	if (more)
		memset(more + n * size, 0, size);
	return more;
}

int set_bool(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	*(bool *)field_of(p, row) = on;
	return 0;
}

int set_text(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	*(const char **)field_of(p, row) = arg;
	return 0;
}

int set_list(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	return *arg ? list_append(field_of(p, row), arg) : -EINVAL;
}

int set_size(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	return value_size(arg, field_of(p, row));
}

int set_fd(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	uint64_t fd;
	int r;

	r = value_number(arg, INT_MAX, &fd);
	if (r < 0)
		return r;
	if (fcntl(fd, F_GETFD) < 0)
		return -errno;

	*(int *)field_of(p, row) = fd;
	return 0;
}

int set_tree(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	uint64_t pid;
	int r;

	r = value_number(arg, INT_MAX, &pid);
	if (r < 0)
		return r;
	if (!pid)
		return -EINVAL;

	p->o->tree = pid;
	return 0;
}

int set_timeout(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	uint64_t seconds;
	int r;

	r = value_number(arg, UINT_MAX, &seconds);
	if (r < 0)
		return r;

	p->o->timeout = seconds;
	return 0;
}

int set_port(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	uint64_t port;
	int r;

	r = value_number(arg, UINT16_MAX, &port);
	if (r < 0)
		return r;
	if (!port)
		return -EINVAL;

	p->o->port = port;
	return 0;
}

int set_network_lock(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	if (!strcmp(arg, "iptables"))
		p->o->network_lock = NETWORK_LOCK_IPTABLES;
	else if (!strcmp(arg, "nftables"))
		p->o->network_lock = NETWORK_LOCK_NFTABLES;
	else if (!strcmp(arg, "skip") || !strcmp(arg, "none"))
		p->o->network_lock = NETWORK_LOCK_SKIP;
	else
		return -EINVAL;

	p->o->network_lock_given = true;
	return 0;
}

int set_file_validation(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	if (!strcmp(arg, "filesize"))
		p->o->file_validation = FILE_VALIDATE_SIZE;
	else if (!strcmp(arg, "buildid"))
		p->o->file_validation = FILE_VALIDATE_BUILDID;
	else
		return -EINVAL;
	return 0;
}

int set_pre_dump_mode(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	if (!strcmp(arg, "splice"))
		p->o->pre_dump_mode = PRE_DUMP_SPLICE;
	else if (!strcmp(arg, "read"))
		p->o->pre_dump_mode = PRE_DUMP_READ;
	else
		return -EINVAL;
	return 0;
}

int set_cpu_cap(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	return value_cpu_cap(arg, &p->o->cpu_cap);
}

int set_manage_cgroups(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	return value_cgroup_mode(arg, &p->o->manage_cgroups);
}

int set_verbosity(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	return value_verbosity(arg, p->o->log_level, &p->o->log_level);
}

int set_cgroup_root(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	struct opt_cgroup_root *v = grow(p->o->cgroup_roots, p->o->n_cgroup_roots, sizeof(*v));
	int r;

	if (!v)
		return -ENOMEM;
	p->o->cgroup_roots = v;
	r = value_cgroup_root(arg, &v[p->o->n_cgroup_roots]);
	if (r == 0)
		p->o->n_cgroup_roots++;
	return r;
}

int set_enable_fs(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	if (!strcmp(arg, "all")) {
		p->o->enable_all_fs = true;
		return 0;
	}
	return list_append_split(&p->o->enable_fs, arg);
}

int set_empty_ns(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	if (strcmp(arg, "net"))
		return -EINVAL;
	p->o->empty_ns |= CLONE_NEWNET;
	return 0;
}

int set_join_ns(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	struct opt_join_ns *v = grow(p->o->join_ns, p->o->n_join_ns, sizeof(*v));
	int r;

	if (!v)
		return -ENOMEM;
	p->o->join_ns = v;
	r = value_join_ns(arg, &v[p->o->n_join_ns]);
	if (r == 0)
		p->o->n_join_ns++;
	return r;
}

static int add_external(struct options *o, const char *text)
{
	struct opt_external *v = grow(o->externals, o->n_externals, sizeof(*v));
	int r;

	if (!v)
		return -ENOMEM;
	o->externals = v;
	r = value_external(text, &v[o->n_externals]);
	if (r == 0)
		o->n_externals++;
	return r;
}

/* mnt[] names no mount: it asks to find them; only the first letter of its flag counts. */
int set_external(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	if (!strncmp(arg, "mnt[]", 5) && (!arg[5] || arg[5] == ':')) {
		p->o->auto_ext_mnt = true;
		if (arg[5] && arg[6] == 'm')
			p->o->ext_masters = true;
		else if (arg[5] && arg[6] == 's')
			p->o->ext_sharing = true;
		else if (arg[5])
			return -EINVAL;
		return 0;
	}
	return add_external(p->o, arg);
}

/* A deprecated spelling: KEY<sep>VALUE for "--external TYPE[KEY]:VALUE". */
static int add_old_external(struct options *o, const char *type, const char *arg, char sep)
{
	const char *at = strchr(arg, sep);
	char *text;

	if (!at || at == arg || !at[1])
		return -EINVAL;
	if (asprintf(&text, "%s[%.*s]:%s", type, (int)(at - arg), arg, at + 1) < 0)
		return -ENOMEM;
	return add_external(o, text);
}

int set_ext_mount_map(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	if (!strcmp(arg, "auto")) {
		p->o->auto_ext_mnt = true;
		return 0;
	}
	return add_old_external(p->o, "mnt", arg, ':');
}

int set_veth_pair(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	return add_old_external(p->o, "veth", arg, '=');
}

int set_ext_unix_sk(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	struct opt_list inodes = {};
	int r;

	p->o->ext_unix_sk = on;
	if (!arg)
		return 0;

	r = list_append_split(&inodes, arg);
	for (size_t i = 0; r == 0 && i < inodes.n; i++) {
		uint64_t ino;
		char *text;

		r = value_number(inodes.v[i], UINT32_MAX, &ino);
		if (r < 0)
			break;
		if (asprintf(&text, "unix[%s]", inodes.v[i]) < 0)
			return -ENOMEM;
		r = add_external(p->o, text);
	}
	return r;
}

/* debug[N]:TEXT gives nothing to the restore: it writes a mark to descriptor N, for test logs. */
static int write_mark(const char *arg)
{
	struct opt_inherit in;
	autofree char *text = NULL;
	int r;

	if (asprintf(&text, "fd%s", arg + strlen("debug")) < 0)
		return -ENOMEM;
	r = value_inherit_fd(text, &in);
	if (r < 0)
		return r;
	if (write(in.fd, in.key, strlen(in.key)) < 0)
		return -errno;
	return 0;
}

int set_inherit_fd(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	struct opt_inherit in, *v;
	int r;

	if (!strncmp(arg, "debug[", 6))
		return write_mark(arg);

	r = value_inherit_fd(arg, &in);
	if (r < 0)
		return r;
	if (fcntl(in.fd, F_GETFD) < 0)
		return -errno;

	v = grow(p->o->inherit_fds, p->o->n_inherit_fds, sizeof(*v));
	if (!v)
		return -ENOMEM;
	v[p->o->n_inherit_fds++] = in;
	p->o->inherit_fds = v;
	return 0;
}

/* "--images" alone has always been taken for the beginning of --images-dir. */
int set_images(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	p->o->images_dir = strdup(arg);
	p->o->check_images = true;
	return p->o->images_dir ? 0 : -ENOMEM;
}

/* Absolute: a check works in the directory of the images. */
int set_against(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	p->o->check_against = realpath(arg, NULL);
	return p->o->check_against ? 0 : -errno;
}

int set_close(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	uint64_t fd;
	int r;

	r = value_number(arg, INT_MAX, &fd);
	if (r < 0)
		return r;
	if (close(fd) < 0)
		return -errno;
	return 0;
}

int set_check_all(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	p->o->check_extra = p->o->check_experimental = true;
	return 0;
}

int set_gone(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	return refuse_path(p->where, -ECANCELED, "use --%s any more; see --help for what check takes",
			   row->name);
}

int set_config(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	if (*p->where)
		return refuse_path(p->where, -ECANCELED, "name another configuration file here");
	p->config = arg;
	return 0;
}

int set_no_default_config(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	p->no_default_config = true;
	return 0;
}

int set_help(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	p->help = true;
	return 0;
}

int set_version(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	p->version = true;
	return 0;
}
