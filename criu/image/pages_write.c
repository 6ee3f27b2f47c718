// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing a page store. The pagemap is written in order; bytes of the pages image may come in
 * any order, for every range knows its place as soon as it is added.
 */
#include "criu/image/pages.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "proto/pagemap.pb-c.h"

struct pages_writer {
	struct image *map, *pages;
	uint64_t page_size;
	/* The entry that may still grow; start == end: none. */
	uint64_t start, end;
	uint32_t flags;
	off_t size; /* of the pages image as the pagemap has it */
};

int pages_create(struct image_dir *dir, enum image_kind kind, uint64_t id, struct pages_writer **ret_w)
{
	autopages_writer struct pages_writer *w = calloc(1, sizeof(*w));
	PagemapHead head = PAGEMAP_HEAD__INIT;
	int r;

	if (!w)
		return -ENOMEM;
	w->page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	head.pages_id = image_dir_next_pages_id(dir);

	r = fault_at(FAULT_DUMP_PAGES_CREATE);
	if (r < 0)
		return r;
	r = image_create(dir, kind, id, &w->map);
	if (r < 0)
		return r;
	r = image_write(w->map, &head.base);
	if (r < 0)
		return r;
	r = image_create(dir, IMG_PAGES, head.pages_id, &w->pages);
	if (r < 0)
		return r;
	/* A store without bytes has its pages image, too. */
	r = image_write_raw(w->pages, "", 0);
	if (r < 0)
		return r;

	*ret_w = take_ptr(w);
	return 0;
}

static int flush_entry(struct pages_writer *w)
{
	PagemapEntry pe = PAGEMAP_ENTRY__INIT;

	if (w->start == w->end)
		return 0;
	pe.vaddr = w->start;
	pe.has_flags = true;
	pe.flags = w->flags;
	pe.has_nr_pages = true;
	pe.nr_pages = (w->end - w->start) / w->page_size;
	w->start = w->end;
	return image_write(w->map, &pe.base);
}

int pages_add(struct pages_writer *w, uint64_t start, uint64_t end, uint32_t flags, off_t *ret_off)
{
	int r;

	if (start == w->end && flags == w->flags && w->start != w->end) {
		w->end = end;
	} else {
		r = flush_entry(w);
		if (r < 0)
			return r;
		w->start = start;
		w->end = end;
		w->flags = flags;
	}

	if (ret_off)
		*ret_off = w->size;
	if (flags & PE_PRESENT)
		w->size += (off_t)(end - start);
	return 0;
}

int pages_writer_fd(const struct pages_writer *w)
{
	return image_fd(w->pages);
}

int pages_finish(struct pages_writer *w)
{
	autopages_writer struct pages_writer *own = w;
	const char *name = image_name(w->pages);
	struct stat st;
	int r;

	r = fault_at(FAULT_DUMP_PAGES_FINISH);
	if (r < 0)
		return r;
	r = flush_entry(w);
	if (r < 0)
		return r;
	if (fstat(image_fd(w->pages), &st) < 0)
		return err_path(name, -errno, "tell its size");
	if (st.st_size != w->size)
		return err_path(name, -EIO, "close it: it has %" PRId64 " bytes and not %" PRId64,
				(int64_t)st.st_size, (int64_t)w->size);
	r = image_close(take_ptr(w->pages));
	if (r < 0)
		return r;
	return image_close(take_ptr(w->map));
}

void pages_abandon(struct pages_writer *w)
{
	if (!w)
		return;
	if (w->map)
		image_abandon(w->map);
	if (w->pages)
		image_abandon(w->pages);
	free(w);
}
