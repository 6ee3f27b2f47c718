/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of /proc/PID/smaps: one mapping after the other, in bounded memory. Of its many lines only
 * the first and those that tell flags, page size and population are looked at.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* VmFlags that matter to us; the names are the kernel's two letters (proc(5)). */
enum smap_flag {
	SMAP_gd = 1 << 0,  /* grows down */
	SMAP_lo = 1 << 1,  /* locked */
	SMAP_io = 1 << 2,  /* memory of a device */
	SMAP_sr = 1 << 3,  /* MADV_SEQUENTIAL */
	SMAP_rr = 1 << 4,  /* MADV_RANDOM */
	SMAP_dc = 1 << 5,  /* MADV_DONTFORK */
	SMAP_nr = 1 << 6,  /* MAP_NORESERVE */
	SMAP_ht = 1 << 7,  /* hugetlb */
	SMAP_wf = 1 << 8,  /* MADV_WIPEONFORK */
	SMAP_dd = 1 << 9,  /* MADV_DONTDUMP */
	SMAP_hg = 1 << 10, /* MADV_HUGEPAGE */
	SMAP_nh = 1 << 11, /* MADV_NOHUGEPAGE */
	SMAP_mg = 1 << 12, /* MADV_MERGEABLE */
	SMAP_ss = 1 << 13, /* shadow stack */
	SMAP_dp = 1 << 14, /* MAP_DROPPABLE */
	SMAP_pf = 1 << 15, /* pages without a struct page */
	SMAP_sl = 1 << 16, /* sealed by mseal(2) */
	SMAP_mt = 1 << 17, /* memory with tags (arm64 PROT_MTE) */
};

struct smap {
	uint64_t start, end, pgoff; /* all in bytes */
	uint32_t prot;		    /* PROT_... */
	bool shared;
	dev_t dev; /* as the kernel knows the file; another than stat(2) tells on some file systems */
	ino_t ino;
	const char *name; /* "" if none; valid until the next one is read */
	uint32_t flags;	  /* enum smap_flag */
	uint64_t page_size;
	uint32_t pkey;	/* protection key; 0: the default */
	uint64_t anon; /* bytes of anonymous pages, present or swapped */
	uint64_t common; /* bytes that others map too */
};

struct smaps;

/* @proc is an open /proc/PID. -errno is not logged, here and below. */
int smaps_open(int proc, struct smaps **ret_s);
/* 1: got one; 0: there are no more; -EBADMSG: not what a kernel writes. */
int smaps_next(struct smaps *s, struct smap *ret_map);
void smaps_close(struct smaps *s);

static inline void own_smaps(struct smaps **s)
{
	smaps_close(*s);
}
#define autosmaps __attribute__((cleanup(own_smaps)))
