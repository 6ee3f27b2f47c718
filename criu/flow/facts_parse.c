/* SPDX-License-Identifier: GPL-2.0-only */
/* Facts of another host. They come from anywhere: every field is checked before it is taken. */
#include "criu/flow/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "proto/cpuinfo.pb-c.h"

#define MAX_SIZE  (16 << 20)
#define MAX_WORDS 64

struct parse {
	struct arena *arena;
	struct host_facts *h;
	const char *why; /* what is wrong; NULL: nothing so far */
};

static int wrong(struct parse *p, const char *field, const char *what)
{
	if (!p->why)
		p->why = arena_printf(p->arena, "\"%s\" is no %s", field, what);
	if (!p->why)
		p->why = "no memory";
	return -EINVAL;
}

static int get_number(struct parse *p, json_t *obj, const char *field, json_int_t max, uint64_t *ret)
{
	json_t *v = json_object_get(obj, field);

	if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > max)
		return wrong(p, field, "number that it can be");
	*ret = (uint64_t)json_integer_value(v);
	return 0;
}

static int get_u32(struct parse *p, json_t *obj, const char *field, uint32_t *ret)
{
	uint64_t v;
	int r = get_number(p, obj, field, UINT32_MAX, &v);

	if (!r)
		*ret = (uint32_t)v;
	return r;
}

/* Printable, and not long: it comes into messages. */
static int get_text(struct parse *p, json_t *obj, const char *field, const char **ret)
{
	const char *s = json_string_value(json_object_get(obj, field));

	if (!s || strlen(s) > 256)
		return wrong(p, field, "text that it can be");
	for (const char *c = s; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return wrong(p, field, "text without control characters");
	*ret = arena_strdup(p->arena, s);
	return *ret ? 0 : -ENOMEM;
}

static int by_number(const void *a, const void *b)
{
	return *(const pid_t *)a < *(const pid_t *)b ? -1 : *(const pid_t *)a > *(const pid_t *)b;
}

static int parse_pids(struct parse *p, json_t *root)
{
	json_t *list = json_object_get(root, "pids"), *v;
	size_t i;

	if (!json_is_array(list))
		return wrong(p, "pids", "list");
	p->h->n_pids = json_array_size(list);
	p->h->pids = arena_array(p->arena, p->h->n_pids + 1, sizeof(pid_t));
	if (!p->h->pids)
		return -ENOMEM;
	json_array_foreach(list, i, v) {
		if (!json_is_integer(v) || json_integer_value(v) < 1 || json_integer_value(v) > INT_MAX)
			return wrong(p, "pids", "list of pids");
		p->h->pids[i] = (pid_t)json_integer_value(v);
	}
	qsort(p->h->pids, p->h->n_pids, sizeof(pid_t), by_number);
	return 0;
}

static int parse_words(struct parse *p, json_t *obj, CpuinfoX86Entry *e)
{
	json_t *list = json_object_get(obj, "capability"), *v;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > MAX_WORDS)
		return wrong(p, "capability", "list of words");
	e->n_capability = json_array_size(list);
	e->capability = arena_array(p->arena, e->n_capability + 1, sizeof(uint32_t));
	if (!e->capability)
		return -ENOMEM;
	json_array_foreach(list, i, v) {
		if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > UINT32_MAX)
			return wrong(p, "capability", "list of words of 32 bits");
		e->capability[i] = (uint32_t)json_integer_value(v);
	}
	return 0;
}

static int parse_xsave(struct parse *p, json_t *obj, CpuinfoX86Entry *e)
{
	int r;

	if (!json_object_get(obj, "xfeatures_mask"))
		return 0;
	e->has_xfeatures_mask = e->has_xsave_size = e->has_xsave_size_max = true;
	r = get_number(p, obj, "xfeatures_mask", INT64_MAX, &e->xfeatures_mask);
	if (!r)
		r = get_u32(p, obj, "xsave_size", &e->xsave_size);
	if (!r)
		r = get_u32(p, obj, "xsave_size_max", &e->xsave_size_max);
	return r;
}

static int parse_cpu(struct parse *p, json_t *root)
{
	json_t *cpu = json_object_get(root, "cpu"), *obj;
	CpuinfoX86Entry *e = arena_obj(p->arena, CpuinfoX86Entry);
	uint32_t vendor = 0;
	int r;

	if (json_is_null(cpu))
		return 0;
	obj = json_object_get(cpu, "x86_entry");
	if (!json_is_object(obj))
		return wrong(p, "cpu", "CPU of a known kind");
	p->h->cpu = arena_obj(p->arena, CpuinfoEntry);
	if (!p->h->cpu || !e)
		return -ENOMEM;
	cpuinfo_entry__init(p->h->cpu);
	cpuinfo_x86_entry__init(e);
	p->h->cpu->x86_entry = arena_dup(p->arena, &e, sizeof(e));
	if (!p->h->cpu->x86_entry)
		return -ENOMEM;
	p->h->cpu->n_x86_entry = 1;

	r = get_u32(p, obj, "vendor_id", &vendor);
	if (!r)
		r = get_u32(p, obj, "cpu_family", &e->cpu_family);
	if (!r)
		r = get_u32(p, obj, "model", &e->model);
	if (!r)
		r = get_u32(p, obj, "stepping", &e->stepping);
	if (!r)
		r = get_u32(p, obj, "capability_ver", &e->capability_ver);
	if (!r)
		r = parse_words(p, obj, e);
	e->vendor_id = vendor < 3 ? (CpuinfoX86Entry__Vendor)vendor : CPUINFO_X86_ENTRY__VENDOR__UNKNOWN;
	return r < 0 ? r : parse_xsave(p, obj, e);
}

static int parse_answer(struct parse *p, const char *name, json_t *obj, struct kd_answer *ret)
{
	const char *word = json_string_value(json_object_get(obj, "answer")), *text = "";
	uint64_t value;
	int r = 0;

	for (int s = KD_YES; word && s <= KD_CANNOT_TELL; s++)
		if (!strcmp(word, kd_state_name(s)))
			ret->state = s;
	if (ret->state == KD_NOT_ASKED)
		return wrong(p, name, "feature with an answer");
	/* A mask of all 64 bits is a text, which no question here needs. */
	if (json_is_integer(json_object_get(obj, "value"))) {
		r = get_number(p, obj, "value", INT64_MAX, &value);
		ret->has_value = !r;
		ret->value = r ? 0 : value;
	}
	if (!r && json_object_get(obj, "why"))
		r = get_text(p, obj, "why", &text);
	if (!r)
		snprintf(ret->why, sizeof(ret->why), "%s", text);
	return r;
}

/* Rows that we do not know come from another release, and do no harm. */
static int parse_rows(struct parse *p, json_t *root)
{
	json_t *rows = json_object_get(root, "features"), *v;
	const char *name;
	int r;

	if (!json_is_object(rows))
		return wrong(p, "features", "object");
	json_object_foreach(rows, name, v) {
		int row = kerndat_find(name);

		if (row < 0)
			continue;
		r = parse_answer(p, name, v, &p->h->answers[row]);
		if (r < 0)
			return r;
	}
	return 0;
}

static int parse_root(struct parse *p, json_t *root)
{
	uint64_t version, pid_max = 0;
	int r = get_number(p, root, "facts", INT_MAX, &version);

	if (!r && version != 1)
		return wrong(p, "facts", "version that this criu knows (1)");
	if (!r)
		r = get_text(p, root, "arch", &p->h->arch);
	if (!r)
		r = get_text(p, root, "release", &p->h->release);
	if (!r)
		r = get_number(p, root, "page_size", 1 << 24, &p->h->page_size);
	if (!r && (p->h->page_size < 4096 || p->h->page_size & (p->h->page_size - 1)))
		r = wrong(p, "page_size", "size of a page");
	if (!r)
		r = get_number(p, root, "pid_max", INT_MAX, &pid_max);
	if (!r)
		r = parse_cpu(p, root);
	if (!r)
		r = parse_pids(p, root);
	p->h->pid_max = (pid_t)pid_max;
	return r < 0 ? r : parse_rows(p, root);
}

int facts_parse(const char *text, size_t size, struct arena *arena, struct host_facts *ret, const char **ret_why)
{
	struct parse p = { .arena = arena, .h = ret };
	json_error_t e;
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &e);
	int r;

	*ret = (struct host_facts){ 0 };
	if (!root) {
		*ret_why = arena_printf(arena, "line %d: %s", e.line, e.text);
		return *ret_why ? -EINVAL : -ENOMEM;
	}
	r = parse_root(&p, root);
	json_decref(root);
	*ret_why = p.why;
	return r;
}

int facts_read(const char *path, struct arena *arena, struct host_facts *ret)
{
	autofd int fd = neg_errno(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
	autofree char *text = NULL;
	const char *why = NULL;
	struct stat st;
	size_t size;
	int r;

	if (fd < 0)
		return err_path(path, fd, "open it");
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > MAX_SIZE)
		return refuse_path(path, -EINVAL, "read facts from it: it is no file of at most 16 MiB");
	r = io_slurp(fd, &text, &size);
	if (r < 0)
		return err_path(path, r, "read it");
	r = facts_parse(text, size, arena, ret, &why);
	if (r < 0 && why)
		return refuse_path(path, r, "use it: %s; criu check --facts makes such a file", why);
	return r < 0 ? err_path(path, r, "keep what it tells") : 0;
}
