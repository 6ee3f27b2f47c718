// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The site: where in the task the first trampoline goes, before there is memory of ours. That
 * is the padding behind the last bytes of a private executable mapping, at best the vdso, or what the vdso's file has behind
 * its segments (section headers): never executed, never read by the task, and the same bytes again when we leave. If we die they
 * stay, which harms nobody; the note behind the trampoline lets the next one tell whether
 * they are still in use.
 */
#include "compel/victim.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"

#define NOTE_MAGIC 0x6d617274u

struct note {
	uint64_t addr, size;	/* the parasite's mapping, once there */
	uint32_t tid, magic;
};

struct slot {
	uint8_t code[ARCH_TRAMPOLINE_SIZE];
	struct note note;
	uint64_t pad;
};

static_assert(sizeof(struct slot) % 16 == 0, "slots keep their alignment");

/* ---- executable mappings --------------------------------------------------------------------- */

struct range {
	uint64_t start, end;
};

/* Linux 6.11: <linux/fs.h> of Debian 12 does not have it. */
struct procmap_query {
	uint64_t size, query_flags, query_addr;
	uint64_t vma_start, vma_end, vma_flags, vma_page_size, vma_offset, inode;
	uint32_t dev_major, dev_minor, vma_name_size, build_id_size;
	uint64_t vma_name_addr, build_id_addr;
};
#define PROCMAP_QUERY_ _IOWR('f', 17, struct procmap_query)
enum { VMA_EXECUTABLE = 4, VMA_SHARED = 8, COVERING_OR_NEXT = 0x10 };

/* The lowest executable mapping that ends above @addr; -ENOENT: no more. */
static int next_exec_query(int maps, uint64_t addr, struct range *ret, bool *ret_private)
{
	struct procmap_query q = {
		.size = sizeof(q), .query_flags = VMA_EXECUTABLE | COVERING_OR_NEXT, .query_addr = addr,
	};

	if (ioctl(maps, PROCMAP_QUERY_, &q) < 0)
		return -errno;

	*ret = (struct range){ q.vma_start, q.vma_end };
	*ret_private = !(q.vma_flags & VMA_SHARED);
	return 0;
}

static int next_exec_text(FILE *maps, uint64_t addr, struct range *ret, bool *ret_private)
{
	autofree char *line = NULL;
	size_t cap = 0;
	char perms[5];

	rewind(maps);
	while (getline(&line, &cap, maps) > 0) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &ret->start, &ret->end, perms) != 3)
			return -EINVAL;
		if (ret->end <= addr || perms[2] != 'x' || strstr(line, "[vsyscall]"))
			continue;
		*ret_private = perms[3] == 'p';
		return 0;
	}

	return -ENOENT;
}

static int next_exec(FILE *maps, uint64_t addr, struct range *ret, bool *ret_private)
{
	int r = next_exec_query(fileno(maps), addr, ret, ret_private);

	if (r == -ENOTTY || r == -EINVAL)
		r = next_exec_text(maps, addr, ret, ret_private);
	return r;
}

/* AT_SYSINFO_EHDR of the task; 0: it has none. The task may have moved its vdso since. */
static uint64_t vdso_addr(const struct victim *v, pid_t tid)
{
	bool compat = arch_is_compat(&victim_living(v)->regs);
	autofree char *auxv = NULL;
	char path[32];
	size_t size, word = compat ? 4 : 8;

	snprintf(path, sizeof(path), "/proc/%d/auxv", tid);
	if (io_slurp_at(AT_FDCWD, path, &auxv, &size) < 0)
		return 0;

	for (size_t i = 0; i + 2 * word <= size; i += 2 * word) {
		uint64_t type = 0, value = 0;

		memcpy(&type, auxv + i, word);
		memcpy(&value, auxv + i + word, word);
		if (type == AT_SYSINFO_EHDR)
			return value;
	}

	return 0;
}

/* ---- a free slot ------------------------------------------------------------------------------ */

static bool within(uint64_t pc, uint64_t addr, uint64_t size)
{
	return pc - addr < size;
}

/* Left behind by one of us who died, and no thread is on its way through it any more? */
static bool is_stale(const struct victim *v, const struct slot *slot, uint64_t addr)
{
	const struct note *n = &slot->note;

	if (n->magic != NOTE_MAGIC)
		return false;

	for (size_t i = 0; i < v->nr_threads; i++) {
		uint64_t pc = arch_regs_pc(&v->threads[i].regs);

		if (v->threads[i].is_dead)
			continue;
		if (within(pc, addr, sizeof(*slot)) || within(pc, n->addr, n->size))
			return false;
	}

	/* Another task in the same memory may be held by us at this moment. */
	return victim_thread(v, (pid_t)n->tid) || (kill((pid_t)n->tid, 0) < 0 && errno == ESRCH);
}

static bool is_room(const struct victim *v, const struct slot *slot, uint64_t addr, uint64_t nobodys)
{
	if (slot->note.magic == NOTE_MAGIC)
		return is_stale(v, slot, addr);
	return addr >= nobodys || arch_is_padding(slot->code, sizeof(*slot));
}

/* From @nobodys on it does not matter what is there. @ret_before gets it. */
static int find_slot(struct victim *v, const struct range *map, uint64_t nobodys, uint64_t *ret_addr,
		     struct slot *ret_before)
{
	size_t page = arch_page_size();
	autofree uint8_t *bytes = malloc(page);
	uint64_t base = map->end - page;
	int fd = victim_mem_fd(v), r;

	if (!bytes)
		return -ENOMEM;
	if (fd < 0)
		return fd;
	r = io_pread(fd, bytes, page, (off_t)base);
	if (r < 0)
		return -ENOENT;

	for (size_t off = page; off >= sizeof(struct slot);) {
		const struct slot *slot;

		off -= sizeof(struct slot);
		slot = (const struct slot *)(bytes + off);
		if (is_room(v, slot, base + off, nobodys)) {
			/* Of one of us who died, nothing stays. */
			if (slot->note.magic != NOTE_MAGIC)
				*ret_before = *slot;
			*ret_addr = base + off;
			return 0;
		}
		if (slot->note.magic != NOTE_MAGIC)
			break;
	}

	return -ENOENT;
}

/* Where the vdso's file goes on behind its segments, in the pages that the kernel maps whole. */
static uint64_t end_of_segments(struct victim *v, const struct range *map, uint64_t vdso)
{
	const size_t size = map->end - vdso;
	autofree uint8_t *image = malloc(size);
	uint64_t end;

	if (!image || victim_read(v, vdso, image, size) < 0 || arch_vdso_end(image, size, &end) < 0)
		return UINT64_MAX;
	return vdso + end;
}

static int site_search(struct victim *v, uint64_t *ret_addr, struct slot *ret_before)
{
	pid_t tid = victim_living(v)->tid;
	autofile FILE *maps = NULL;
	struct range map;
	bool is_private;
	uint64_t vdso;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/maps", tid);
	maps = fopen(path, "re");
	if (!maps)
		return err_task(v->pid, -errno, "read its mappings");

	vdso = vdso_addr(v, tid);
	if (vdso && next_exec(maps, vdso, &map, &is_private) == 0 && map.start <= vdso && is_private &&
	    (find_slot(v, &map, UINT64_MAX, ret_addr, ret_before) == 0 ||
	     find_slot(v, &map, end_of_segments(v, &map, vdso), ret_addr, ret_before) == 0))
		return 0;

	for (uint64_t at = 0; next_exec(maps, at, &map, &is_private) == 0; at = map.end)
		if (is_private && find_slot(v, &map, UINT64_MAX, ret_addr, ret_before) == 0)
			return 0;

	return refuse_task(v->pid, -ENOSPC,
			   "run code in it; no executable mapping has %zu bytes of padding at its end",
			   sizeof(struct slot));
}

/* ---- use --------------------------------------------------------------------------------------- */

static int site_find(struct victim *v)
{
	struct victim_site *s = calloc(1, sizeof(*s));
	int r = -ENOMEM;

	if (s)
		s->before = calloc(1, sizeof(struct slot));
	if (s && s->before)
		r = site_search(v, &s->addr, (struct slot *)s->before);
	if (r < 0) {
		free(s ? s->before : NULL);
		free(s);
		return r;
	}

	v->site = s;
	return 0;
}

static int site_write(struct victim *v, uint64_t addr, const void *buf, size_t n)
{
	int fd = victim_mem_fd(v), r;

	if (fd < 0)
		return fd;

	/* Through the memory file: a private mapping gets its own copy of the page, writable or not. */
	r = io_pwrite(fd, buf, n, (off_t)addr);
	if (r < 0)
		return err_task(v->pid, r, "write %zu bytes to %#" PRIx64, n, addr);

	return 0;
}

int site_take(struct victim *v, struct victim_thread *t)
{
	struct slot slot = { .note = { .tid = (uint32_t)t->tid, .magic = NOTE_MAGIC } };
	struct arch_regs home = t->regs;
	int r;

	if (v->site && v->site->owner == t)
		return 0;

	if (!v->site) {
		r = site_find(v);
		if (r < 0)
			return r;
	}

	/* One thread at a time: the bytes know only one way home. */
	if (v->site->owner) {
		r = thread_finish(v, v->site->owner);
		if (r < 0)
			return r;
		v->site->owner = NULL;
	}

	arch_regs_fix_restart(&home, ARCH_RESTART_LIVE);
	r = (int)arch_trampoline_build(slot.code, t->tid, &home, t->sigmask);
	if (r < 0)
		return err_task(v->pid, r, "read the vector registers of thread %d", t->tid);
	r = site_write(v, v->site->addr, &slot, sizeof(slot));
	if (r < 0)
		return r;

	v->site->owner = t;
	return 0;
}

int site_note(struct victim *v, uint64_t addr, uint64_t size)
{
	const uint64_t where[2] = { addr, size };

	return site_write(v, v->site->addr + offsetof(struct slot, note), where, sizeof(where));
}

int site_leave(struct victim *v)
{
	struct victim_site *s = v->site;
	int r = 0;

	if (!s)
		return 0;

	if (s->owner && s->owner->where != AT_HOME)
		r = thread_finish(v, s->owner);
	/* A thread that could not be brought home still needs the bytes. */
	if (r == 0)
		r = site_write(v, s->addr, s->before, sizeof(struct slot));

	free(s->before);
	free(s);
	v->site = NULL;
	return r;
}
