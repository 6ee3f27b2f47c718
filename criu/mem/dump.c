// SPDX-License-Identifier: GPL-2.0-only
/* pagemap, pages and mm images of a task. */
#include "criu/mem/vma.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "arch/arch.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "base/proc.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/inside/parasite.h"
#include "criu/inside/pkeys.h"
#include "criu/mem/mem.h"
#include "criu/task/dump.h"
#include "image_words.h" /* arch/<name>/image_words.h */

static int scan_once(struct dump *d, struct task *t)
{
	return t->mem->scanned ? 0 : mem_scan(d, t);
}

int mem_dump_pages(struct dump *d, struct task *t)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	autopages_writer struct pages_writer *w = NULL;
	uint64_t size = 0;
	off_t off;
	int r;

	r = scan_once(d, t);
	if (r < 0)
		return r;
	r = pages_create(d->images, IMG_PAGEMAP, (uint64_t)t->vpid, &w);
	if (r < 0)
		return r;

	for (size_t i = 0; i < t->mem->pages.n; i++) {
		struct mem_range *v = &t->mem->pages.v[i];

		r = pages_add(w, v->start, v->end, v->flags, &off);
		if (r < 0)
			return r;
		v->off = (uint64_t)off;
		size += v->end - v->start;
	}
	r = mem_fetch(d, t, size, pages_writer_fd(w));
	if (r < 0)
		return r;

	d->stats.pages_scanned += size / page;
	d->stats.pages_written += size / page;
	pr_debug("pid %d: %" PRIu64 " pages in %zu ranges\n", t->pid, size / page, t->mem->pages.n);
	return pages_finish(take_ptr(w));
}

/* The leading words; the format has room for so many, and its readers do not miss AT_NULL. */
static int add_auxv(struct dump *d, struct task *t, MmEntry *mm)
{
	autofree char *text = NULL;
	size_t size, n;
	int r;

	r = io_slurp_at(t->proc, "auxv", &text, &size);
	if (r < 0)
		return err_task(t->pid, r, "read its auxv");
	n = size / sizeof(unsigned long);
	n = n < ARCH_AUXV_WORDS ? n : ARCH_AUXV_WORDS;
	mm->mm_saved_auxv = arena_array(d->arena, n + 1, sizeof(*mm->mm_saved_auxv));
	if (!mm->mm_saved_auxv)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		unsigned long word;

		memcpy(&word, text + i * sizeof(word), sizeof(word));
		mm->mm_saved_auxv[i] = word;
	}
	mm->n_mm_saved_auxv = n;
	return 0;
}

static void add_layout(struct task *t, MmEntry *mm)
{
	const struct proc_stat *st = &t->stat;

	mm->mm_start_code = st->start_code;
	mm->mm_end_code = st->end_code;
	mm->mm_start_data = st->start_data;
	mm->mm_end_data = st->end_data;
	mm->mm_start_stack = st->start_stack;
	mm->mm_start_brk = st->start_brk;
	mm->mm_arg_start = st->arg_start;
	mm->mm_arg_end = st->arg_end;
	mm->mm_env_start = st->env_start;
	mm->mm_env_end = st->env_end;
}

/* The kernel rounds a ring up to whole pages; this is what gives a ring of this size again. */
static uint32_t aio_nr_req(uint64_t ring_len)
{
	uint64_t slots = (ring_len - 32) / 32;

	return (uint32_t)((slots - 2) / 2);
}

static int add_vmas(struct dump *d, struct task_mem *m, MmEntry *mm)
{
	mm->vmas = arena_array(d->arena, m->n + m->guards.n + 1, sizeof(*mm->vmas));
	mm->aios = arena_array(d->arena, m->n_aio + 1, sizeof(*mm->aios));
	if (!mm->vmas || !mm->aios)
		return -ENOMEM;

	for (size_t i = 0; i < m->n; i++) {
		VmaEntry *e = &m->vmas[i].e;
		AioRingEntry *aio;

		mm->vmas[mm->n_vmas++] = e;
		if (e->status != VMA_AIORING)
			continue;
		aio = image_new(d->arena, AIO_RING_ENTRY, AioRingEntry);
		if (!aio)
			return -ENOMEM;
		aio->id = e->start;
		aio->ring_len = (uint32_t)(e->end - e->start);
		aio->nr_req = aio_nr_req(aio->ring_len);
		mm->aios[mm->n_aios++] = aio;
	}

	for (size_t i = 0; i < m->guards.n; i++) {
		VmaEntry *e = image_new(d->arena, VMA_ENTRY, VmaEntry);

		if (!e)
			return -ENOMEM;
		e->start = m->guards.v[i].start;
		e->end = m->guards.v[i].end;
		e->status = VMA_GUARD;
		e->fd = -1;
		mm->vmas[mm->n_vmas++] = e;
	}
	return 0;
}

/*
 * PROT_EXEC alone gets a key from the kernel by itself, one that the task has not allocated. Other keys are the
 * task's, also those that it has given back.
 */
static void add_pkeys(struct task_mem *m, const struct parasite_task *inside, MmEntry *mm)
{
	mm->has_pkeys = inside->pkeys != 0;
	mm->pkeys = inside->pkeys;
	for (size_t i = 0; i < m->n; i++) {
		struct vma *v = &m->vmas[i];

		v->e.has_pkey = v->pkey && v->pkey < PKEYS_MAX && (v->e.prot != PROT_EXEC || inside->pkeys >> v->pkey & 1);
		v->e.pkey = v->e.has_pkey ? v->pkey : 0;
	}
}

int mem_dump_mm(struct dump *d, struct task *t, const struct parasite_task *inside)
{
	MmEntry mm = MM_ENTRY__INIT;
	int r;

	r = fault_at(FAULT_DUMP_MM);
	if (r < 0)
		return r;
	r = scan_once(d, t);
	if (r < 0)
		return r;
	add_layout(t, &mm);
	r = add_auxv(d, t, &mm);
	if (r < 0)
		return r;
	r = add_vmas(d, t->mem, &mm);
	if (r < 0)
		return r;

	add_pkeys(t->mem, inside, &mm);
	mm.mm_brk = inside->brk;
	mm.exe_file_id = t->mem->exe_id;
	mm.has_dumpable = true;
	mm.dumpable = inside->dumpable;
	mm.has_thp_disabled = true;
	mm.thp_disabled = inside->thp_disabled;
	return image_write_one(d->images, IMG_MM, (uint64_t)t->vpid, &mm.base);
}
