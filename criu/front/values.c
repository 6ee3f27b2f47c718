/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/values.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/own.h"

/* Digits up to the first other character, which @ret_end gets. */
static int digits(const char *s, uint64_t max, uint64_t *ret, const char **ret_end)
{
	uint64_t n = 0;
	const char *p;

	for (p = s; *p >= '0' && *p <= '9'; p++) {
		unsigned int d = *p - '0';

		if (n > (UINT64_MAX - d) / 10 || n * 10 + d > max)
			return -ERANGE;
		n = n * 10 + d;
	}
	if (p == s)
		return -EINVAL;

	*ret = n;
	*ret_end = p;
	return 0;
}

int value_number(const char *s, uint64_t max, uint64_t *ret)
{
	const char *end;
	uint64_t n;
	int r;

	r = digits(s, max, &n, &end);
	if (r < 0)
		return r;
	if (*end)
		return -EINVAL;

	*ret = n;
	return 0;
}

int value_size(const char *s, uint64_t *ret)
{
	static const char units[] = "KMG";
	const char *end, *unit;
	uint64_t n;
	int r, shift = 0;

	r = digits(s, UINT64_MAX, &n, &end);
	if (r < 0)
		return r;

	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1])
			return -EINVAL;
		shift = 10 * (unit - units + 1);
	}
	if (n > UINT64_MAX >> shift)
		return -ERANGE;

	*ret = n << shift;
	return 0;
}

int value_verbosity(const char *s, int now, int *ret)
{
	uint64_t level = now + 1;
	int r;

	if (s && *s == 'v') {
		if (strspn(s, "v") != strlen(s))
			return -EINVAL;
		level += strlen(s);
	} else if (s) {
		r = value_number(s, INT_MAX, &level);
		if (r < 0)
			return r;
	}

	*ret = level > LOG_DEBUG ? LOG_DEBUG : (int)level;
	return 0;
}

static int cpu_cap_bits(const char *word, size_t len, unsigned int *ret)
{
	static const struct {
		const char *name;
		unsigned int bits;
	} caps[] = {
		{ "fpu", CPU_CAP_FPU },
		{ "cpu", CPU_CAP_CPU },
		{ "ins", CPU_CAP_INS },
		{ "all", CPU_CAP_FPU | CPU_CAP_CPU | CPU_CAP_INS },
		{ "none", 0 },
	};

	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		if (strlen(caps[i].name) != len || strncmp(caps[i].name, word, len))
			continue;
		*ret = caps[i].bits;
		return 0;
	}
	return -EINVAL;
}

int value_cpu_cap(const char *s, unsigned int *ret)
{
	const unsigned int all = CPU_CAP_FPU | CPU_CAP_CPU | CPU_CAP_INS;
	unsigned int mask, bits;

	if (!s || !*s) {
		*ret = all | CPU_CAP_IMAGE;
		return 0;
	}

	mask = *s == '^' ? CPU_CAP_FPU | CPU_CAP_INS : 0;
	for (;;) {
		bool invert = *s == '^';
		size_t len;

		s += invert;
		len = strcspn(s, ",");
		if (cpu_cap_bits(s, len, &bits) < 0)
			return -EINVAL;

		if (!invert && !bits)		/* none */
			mask = 0;
		else if (!invert)
			mask |= bits;
		else if (!bits)			/* ^none */
			mask = all;
		else
			mask &= ~bits;

		if (!s[len])
			break;
		s += len + 1;
	}

	*ret = mask ? mask | CPU_CAP_IMAGE : 0;
	return 0;
}

int value_external(const char *s, struct opt_external *ret)
{
	const char *open = strchr(s, '['), *close, *id;
	char *key;

	if (!open || open == s || strspn(s, "abcdefghijklmnopqrstuvwxyz") != (size_t)(open - s))
		return -EINVAL;

	/*
	 * The id is a path, a name or numbers. It may hold a colon (file[1c:5f]) and even a
	 * bracket, so that it ends at the first "]" with a colon or nothing behind it.
	 */
	for (id = open + 1, close = strchr(id, ']'); close; close = strchr(close + 1, ']'))
		if (close[1] == ':' || !close[1])
			break;
	if (!close)
		return -EINVAL;

	key = strndup(s, close + 1 - s);
	if (!key)
		return -ENOMEM;

	ret->key = key;
	ret->value = close[1] ? close + 2 : NULL;
	return 0;
}

int value_inherit_fd(const char *s, struct opt_inherit *ret)
{
	const char *end;
	uint64_t fd;
	int r;

	if (strncmp(s, "fd[", 3))
		return -EINVAL;
	r = digits(s + 3, INT_MAX, &fd, &end);
	if (r < 0)
		return r;
	if (strncmp(end, "]:", 2) || !end[2])
		return -EINVAL;

	ret->fd = fd;
	ret->key = end + 2;
	return 0;
}

int value_join_ns(const char *s, struct opt_join_ns *ret)
{
	static const char *const kinds[] = { "net", "uts", "time", "ipc", "user", "mnt" };
	struct opt_join_ns j = {};
	const char *colon = strchr(s, ':'), *comma;
	autofree char *where = NULL;
	uint64_t pid;

	if (!colon || !colon[1])
		return -EINVAL;
	if (!strncmp(s, "pid:", 4))
		return -ENOTSUP;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i]) == (size_t)(colon - s) && !strncmp(kinds[i], s, colon - s))
			j.ns = kinds[i];
	if (!j.ns)
		return -EINVAL;

	comma = strchr(colon, ',');
	if (comma && (strcmp(j.ns, "user") || !comma[1]))
		return -EINVAL;
	j.opts = comma ? comma + 1 : NULL;

	where = strndup(colon + 1, comma ? (size_t)(comma - colon - 1) : strlen(colon + 1));
	if (!where)
		return -ENOMEM;
	if (!*where)
		return -EINVAL;

	if (value_number(where, INT_MAX, &pid) < 0)
		j.file = take_ptr(where);
	else if (!pid)
		return -EINVAL;
	else
		j.pid = pid;

	*ret = j;
	return 0;
}

int value_cgroup_root(const char *s, struct opt_cgroup_root *ret)
{
	struct opt_cgroup_root root = { .path = s };

	if (*s != '/') {
		const char *colon = strchr(s, ':');

		if (!colon || colon == s || colon[1] != '/')
			return -EINVAL;
		root.controller = strndup(s, colon - s);
		if (!root.controller)
			return -ENOMEM;
		root.path = colon + 1;
	}

	*ret = root;
	return 0;
}

int value_cgroup_mode(const char *s, enum cgroup_mode *ret)
{
	static const struct {
		const char *name;
		enum cgroup_mode mode;
	} modes[] = {
		{ "ignore", CGROUP_IGNORE }, { "none", CGROUP_NONE }, { "props", CGROUP_PROPS },
		{ "soft", CGROUP_SOFT },     { "full", CGROUP_FULL }, { "strict", CGROUP_STRICT },
	};

	if (!s)
		s = "soft";
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(s, modes[i].name))
			continue;
		*ret = modes[i].mode;
		return 0;
	}
	return -EINVAL;
}

int list_append(struct opt_list *l, const char *s)
{
	const char **v = reallocarray(l->v, l->n + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v[l->n++] = s;
	l->v = v;
	return 0;
}

int list_append_split(struct opt_list *l, const char *s)
{
	for (;;) {
		size_t len = strcspn(s, ",");
		char *part;
		int r;

		if (!len)
			return -EINVAL;
		part = strndup(s, len);
		if (!part)
			return -ENOMEM;
		r = list_append(l, part);
		if (r < 0)
			return r;
		if (!s[len])
			return 0;
		s += len + 1;
	}
}
