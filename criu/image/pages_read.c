// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a page store into a flat list of runs: which addresses, in which pages image, at which
 * offset. Ranges that a dump left to its parent are looked up in the parent's own flat list.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/pages.h"
#include "proto/pagemap.pb-c.h"

struct layer {
	struct image_dir *dir;
	char name[IMAGE_NAME_MAX]; /* of its pages image; not made where it is opened: that costs a task some page faults */
	int fd; /* -1: not open in this process */
};

struct pages {
	struct pages_run *runs;
	size_t n, room;
	struct layer *layers;
	uint32_t n_layers;
};

/* The store while it is read. */
struct reading {
	struct image_dir *dir;
	enum image_kind kind;
	uint64_t id, page_size;
	struct image *map;
	off_t size; /* bytes of the entries so far */
	uint64_t end;
	struct pages *parent; /* NULL: not asked for yet */
};

static int add_run(struct pages *p, const struct pages_run *run)
{
	struct pages_run *last = p->n ? &p->runs[p->n - 1] : NULL, *more;

	if (last && last->end == run->start && last->layer == run->layer && last->lazy == run->lazy &&
	    (run->lazy || last->off + (off_t)(last->end - last->start) == run->off)) {
		last->end = run->end;
		return 0;
	}
	if (p->n == p->room) {
		more = realloc(p->runs, (p->room ? 2 * p->room : 32) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		p->runs = more;
		p->room = p->room ? 2 * p->room : 32;
	}
	p->runs[p->n++] = *run;
	return 0;
}

/* Layer 0 is @own_id of @dir, the others are those of the parent. */
static int set_layers(struct pages *p, struct image_dir *dir, uint32_t own_id, const struct pages *parent)
{
	uint32_t n = 1 + (parent ? parent->n_layers : 0);
	struct layer *layers = calloc(n, sizeof(*layers));

	if (!layers)
		return -ENOMEM;
	layers[0] = (struct layer){ .dir = dir, .fd = -1 };
	image_name_for(IMG_PAGES, own_id, layers[0].name);
	if (parent)
		memcpy(layers + 1, parent->layers, parent->n_layers * sizeof(*layers));
	p->layers = layers;
	p->n_layers = n;
	return 0;
}

static int open_parent(struct reading *rd)
{
	struct image_dir *dir;
	int r;

	r = image_dir_parent(rd->dir, &dir);
	if (r == -ENOENT)
		return err_path(image_name(rd->map), -EINVAL,
				"use it: pages are left to a parent, and there is no parent link");
	if (r < 0)
		return r;
	r = pages_open(dir, rd->kind, rd->id, &rd->parent);
	if (r == -ENOENT)
		return err_path(image_name(rd->map), -EINVAL,
				"use it: pages are left to the parent, which has no such image");
	return r;
}

/* [start, end) as the parent has it: every page must be there. */
static int add_from_parent(struct pages *p, struct reading *rd, uint64_t start, uint64_t end)
{
	size_t i;
	int r;

	if (!rd->parent) {
		r = open_parent(rd);
		if (r < 0)
			return r;
	}

	for (i = pages_find(rd->parent, start); start < end; i++) {
		const struct pages_run *from = &rd->parent->runs[i];
		struct pages_run run = { .start = start };

		if (i == rd->parent->n || from->start > start)
			return err_path(image_name(rd->map), -EINVAL,
					"use it: the page at %#" PRIx64 " is not in the parent, where it should be", start);
		run.end = from->end < end ? from->end : end;
		run.off = from->off + (off_t)(start - from->start);
		run.layer = from->layer + 1;
		run.lazy = from->lazy;
		r = add_run(p, &run);
		if (r < 0)
			return r;
		start = run.end;
	}
	return 0;
}

static int bad_entry(const struct reading *rd, const PagemapEntry *pe, const char *why)
{
	return err_path(image_name(rd->map), -EINVAL, "use its entry at %#" PRIx64 ": %s", pe->vaddr, why);
}

static int add_entry(struct pages *p, struct reading *rd, const PagemapEntry *pe)
{
	uint64_t n = pe->has_nr_pages ? pe->nr_pages : pe->compat_nr_pages;
	bool in_parent = pe->has_in_parent && pe->in_parent;
	uint32_t flags = pe->has_flags ? pe->flags : in_parent ? 0 : PE_PRESENT;
	struct pages_run run = { .start = pe->vaddr, .off = rd->size };

	if (in_parent)
		flags |= PE_PARENT;
	if (pe->vaddr % rd->page_size)
		return bad_entry(rd, pe, "the address is not that of a page");
	if (!n || n > (INT64_MAX - pe->vaddr) / rd->page_size || pe->vaddr > INT64_MAX)
		return bad_entry(rd, pe, "the number of pages makes no sense");
	if (pe->vaddr < rd->end)
		return bad_entry(rd, pe, "it is not behind the entry before it");
	if (!(flags & (PE_PARENT | PE_LAZY | PE_PRESENT)) || (flags & PE_PARENT && flags & PE_PRESENT))
		return bad_entry(rd, pe, "its flags make no sense");
	run.end = rd->end = pe->vaddr + n * rd->page_size;

	if (flags & PE_PARENT)
		return add_from_parent(p, rd, run.start, run.end);
	if (flags & PE_PRESENT) {
		if ((uint64_t)rd->size + (run.end - run.start) > INT64_MAX)
			return bad_entry(rd, pe, "no file is that large");
		rd->size += (off_t)(run.end - run.start);
	} else {
		run.lazy = true;
		run.off = 0;
	}
	return add_run(p, &run);
}

/* The pages image of the store must hold what the pagemap says. */
static int check_size(const struct reading *rd, uint32_t pages_id)
{
	char name[IMAGE_NAME_MAX];
	autofd int fd = -1;
	struct stat st;

	if (!rd->size)
		return 0;
	image_name_for(IMG_PAGES, pages_id, name);
	fd = image_open_bytes(rd->dir, name);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return err_path(name, -errno, "tell its size");
	if (st.st_size < rd->size)
		return err_path(name, -EINVAL, "use it: it has %" PRId64 " bytes, %s needs %" PRId64,
				(int64_t)st.st_size, image_name(rd->map), (int64_t)rd->size);
	return 0;
}

static int read_store(struct reading *rd, struct pages *p)
{
	PagemapHead *head;
	PagemapEntry *pe;
	int r;

	r = fault_at(FAULT_RESTORE_PAGEMAP);
	if (r < 0)
		return r;
	r = image_read(rd->map, &pagemap_head__descriptor, &head);
	if (r < 0)
		return r;
	if (r == 0)
		return err_path(image_name(rd->map), -EINVAL, "use it: it is empty");

	while ((r = image_read(rd->map, &pagemap_entry__descriptor, &pe)) > 0) {
		r = add_entry(p, rd, pe);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	r = check_size(rd, head->pages_id);
	if (r < 0)
		return r;
	return set_layers(p, rd->dir, head->pages_id, rd->parent);
}

int pages_open(struct image_dir *dir, enum image_kind kind, uint64_t id, struct pages **ret_p)
{
	autopages struct pages *p = calloc(1, sizeof(*p)), *parent = NULL;
	autoimage struct image *map = NULL;
	struct reading rd = { .dir = dir, .kind = kind, .id = id };
	int r;

	if (!p)
		return -ENOMEM;
	rd.page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	r = image_open(dir, kind, id, &map);
	if (r < 0)
		return r;
	if (!image_exists(map))
		return -ENOENT;

	rd.map = map;
	r = read_store(&rd, p);
	parent = rd.parent;
	if (r < 0)
		return r;
	*ret_p = take_ptr(p);
	return 0;
}

const struct pages_run *pages_runs(const struct pages *p, size_t *ret_n)
{
	*ret_n = p->n;
	return p->runs;
}

size_t pages_find(const struct pages *p, uint64_t addr)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->runs[mid].end > addr)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

int pages_fd(struct pages *p, uint32_t layer)
{
	struct layer *l = &p->layers[layer];

	if (l->fd < 0)
		l->fd = image_open_bytes(l->dir, l->name);
	return l->fd;
}

int pages_read(struct pages *p, uint64_t addr, void *buf, size_t size)
{
	char *to = buf;

	for (size_t i = pages_find(p, addr); size; i++) {
		const struct pages_run *run = &p->runs[i];
		size_t part;
		int r;

		if (i == p->n || run->start > addr || run->lazy)
			return 0;
		part = run->end - addr < size ? run->end - addr : size;
		r = pages_fd(p, run->layer);
		if (r < 0)
			return r;
		r = io_pread(r, to, part, run->off + (off_t)(addr - run->start));
		if (r < 0)
			return err_path(p->layers[run->layer].name, r, "read pages from it");
		addr += part;
		to += part;
		size -= part;
	}
	return 1;
}

void pages_shut(struct pages *p)
{
	for (uint32_t i = 0; i < p->n_layers; i++) {
		if (p->layers[i].fd >= 0)
			close(p->layers[i].fd);
		p->layers[i].fd = -1;
	}
}

void pages_close(struct pages *p)
{
	if (!p)
		return;
	pages_shut(p);
	free(p->layers);
	free(p->runs);
	free(p);
}
