/* SPDX-License-Identifier: GPL-2.0-only */
/* The mappings of a task while it is restored. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "criu/image/pages.h"
#include "criu/mem/vma.h" /* enum vma_status */

struct restore;
struct restorer_args;
struct rtask;

/* Parts of [vvar] and [vdso] in a process of this host. */
#define VDSO_PARTS 4

struct vdso_host {
	struct {
		uint64_t start, end;
	} parts[VDSO_PARTS]; /* ascending, the code last */
	size_t n;	     /* 0: there is none */
	const void *code;    /* of the last part */
	uint64_t symbols[ARCH_VDSO_MAX];
	bool has_symbols;
};

/* What holds for all tasks. Made while the images are read. */
struct restore_mem {
	uint64_t page;
	uint64_t top; /* nothing of criu's is above, in any task */
	struct vdso_host vdso;
	struct vdso_host *compat_vdso; /* of 32-bit processes; NULL: not looked at yet. In no process's memory */
	/* Where criu's own stack is and may grow to: nothing is put there early. */
	uint64_t stack_low, stack_high;
	bool may_collapse; /* huge pages are not switched off on this host */
};

/* One mapping to be. */
struct rvma {
	const VmaEntry *e;
	uint64_t at;	   /* where it is now; 0: nowhere */
	uint32_t prot;	   /* how it is mapped now; PROT_MIXED: not the same everywhere */
	bool inherited;	   /* came from the parent by fork, pages and all */
	uint64_t advised;  /* bits of e->madv already in force */
};

#define PROT_MIXED 0xffu

enum vdso_way {
	VDSO_NONE,  /* the task has none: the host's goes away */
	VDSO_SAME,  /* the host's takes the place of the one in the image */
	VDSO_PROXY, /* the old one stays, its functions jump to the host's */
};

/* 1 MiB of small pages. */
#define SAME_WORDS 4

struct rtask_mem {
	struct rvma *v; /* ascending, guards not included */
	size_t n;
	const VmaEntry **guards;
	size_t n_guards;
	struct pages *pages;
	bool is_compared;	   /* with those that it is born with: same.c */
	uint64_t same[SAME_WORDS]; /* then a bit for each of its pages, in their order: they are equal */
	uint32_t pkeys;			/* protection keys it has allocated or its mappings have */
	bool is_compat;			/* of a 32-bit process */
	const struct vdso_host *host;	/* this kernel's vdso for such a process */

	enum vdso_way vdso_way;
	struct rvma *vdso, *vvar; /* NULL: none in the image */
	uint64_t vdso_host_at;	  /* VDSO_PROXY: where the host's parts will begin */
};

static inline uint64_t rvma_size(const struct rvma *v)
{
	return v->e->end - v->e->start;
}

/* Has it pages of its own in the pagemap? */
static inline bool rvma_is_private(const struct rvma *v)
{
	return v->e->status == VMA_AIORING ||
	       (v->e->status & VMA_REGULAR && v->e->status & (VMA_ANON_PRIVATE | VMA_FILE_PRIVATE) &&
		!(v->e->status & VMA_VVAR) && !(v->e->flags & MAP_DROPPABLE));
}

/* Is it the kernel's own, there without us? */
static inline bool rvma_is_kernels(const struct rvma *v)
{
	return v->e->status & VMA_VSYSCALL;
}

/* The runs of a mapping: [first, last) of pages_runs(), the outer ones perhaps only in part. */
void rvma_runs(const struct rtask_mem *m, const struct rvma *v, size_t *ret_first, size_t *ret_last);

/* hole.c: map [addr, addr + size) with these arguments of mmap(2) where nothing is and nothing of @m will be. */
int hole_map(struct restore *rs, const struct rtask_mem *m, uint64_t size, uint64_t align, int prot, int flags,
	     int fd, uint64_t off, uint64_t *ret_addr);
/* Does [start, end) touch the final place of a mapping? */
bool hole_is_taken(const struct rtask_mem *m, uint64_t start, uint64_t end);

/* inherit.c: keep what is the same in the parent, unmap the rest of what came from there. */
int inherit_mappings(struct restore *rs, struct rtask *rt, const struct rtask_mem *from);

/* same.c: whose memory this process is born with; NULL: criu's. Helpers have none of their own. */
const struct rtask_mem *born_with(const struct rtask *rt);
/* How many pages from @at on, of [@at, @end) in one run, are all as @ret_same tells: equal to those it is born with. */
size_t same_until(const struct rtask_mem *m, uint64_t page, uint64_t at, uint64_t end, bool *ret_same);

/* fill.c: the bytes of the pages image into place. @from: whose pages the inherited mappings hold. */
int fill_pages(struct restore *rs, struct rtask *rt, const struct rtask_mem *from);

/* pkeys_restore.c: which keys the images name; in the task, before its mappings are made: have exactly these. */
int pkeys_read(struct restore *rs, struct rtask *rt, struct rtask_mem *m);
int pkeys_place(struct rtask *rt);

/* vdso_restore.c */
int vdso_look(struct restore_mem *rm);
/* The same for 32-bit processes: a child of ours asks the kernel for one. vdso_compat.c */
int vdso_look_compat(struct restore *rs);
/* In the order in which they lie. */
int vdso_note_part(struct vdso_host *h, uint64_t start, uint64_t end, const char *name);
/* Is the host's vdso the one of the image? m->pages are read, rt->mem need not be set. */
int vdso_choose(struct restore *rs, struct rtask *rt, struct rtask_mem *m);
/* In the task, before its mappings are made: a place for the host's where it is not to replace the old one. */
int vdso_place(struct restore *rs, struct rtask *rt);
/* After they are filled: the old vdso's functions jump to the host's. */
int vdso_patch(struct restore *rs, struct rtask *rt);
