/* SPDX-License-Identifier: GPL-2.0-only */
/* The mappings of a task as the dump sees them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>

#include "criu/image/pages.h"
#include "proto/mm.pb-c.h"

struct dump;
struct task;

/* vma_entry.status */
enum vma_status {
	VMA_REGULAR = 1 << 0,
	VMA_VSYSCALL = 1 << 2,
	VMA_VDSO = 1 << 3,
	VMA_HEAP = 1 << 5,
	VMA_FILE_PRIVATE = 1 << 6,
	VMA_FILE_SHARED = 1 << 7,
	VMA_ANON_SHARED = 1 << 8,
	VMA_ANON_PRIVATE = 1 << 9,
	VMA_SYSVIPC = 1 << 10,
	VMA_SOCKET = 1 << 11,
	VMA_VVAR = 1 << 12,
	VMA_AIORING = 1 << 13,
	VMA_MEMFD = 1 << 14,
	VMA_SHSTK = 1 << 15,
	VMA_GUARD = 1 << 16,
	VMA_EXT_PLUGIN = 1 << 27,
};

/* Newer than the oldest headers we build with; the values are in the images, too. */
#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE 0x08
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* What of a mapping's content is saved. */
enum vma_content {
	CONTENT_NONE,	 /* it is elsewhere (shared memory, files), or nothing to keep */
	CONTENT_PRIVATE, /* populated private pages */
	CONTENT_ALL,	 /* every page, as it reads */
};

struct vma {
	VmaEntry e; /* first: &vma->e is what mm_entry points at */
	enum vma_content content;
	uint32_t pages_flags; /* of its pagemap entries */
	bool by_mem;	      /* to be read through /proc/PID/mem: the task may not, or its pages are shared */
	uint32_t pkey;	      /* protection key */
	uint64_t anon;	      /* bytes of anonymous pages: none, none to look for */
};

/* A populated range, [start, end). */
struct mem_range {
	uint64_t start, end;
	uint64_t off;	/* where its bytes go */
	uint32_t flags; /* of the pagemap entry */
	bool by_mem;
};

struct mem_ranges {
	struct mem_range *v; /* ascending */
	size_t n, room;
};

struct task_mem {
	struct vma *vmas; /* ascending */
	size_t n, room;
	uint64_t n_aio;
	uint32_t exe_id;

	bool scanned;
	struct mem_ranges pages;  /* what is to be saved */
	struct mem_ranges guards; /* MADV_GUARD_INSTALL */
};

/* scan.c: fill in m->pages and m->guards. */
int mem_scan(struct dump *d, struct task *t);

/* fetch.c: the bytes of t->mem->pages (their .off is set, @size in all) into @out. */
int mem_fetch(struct dump *d, struct task *t, uint64_t size, int out);
