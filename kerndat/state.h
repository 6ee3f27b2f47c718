/* SPDX-License-Identifier: LGPL-2.1-only */
/* The handle from inside: kerndat.c fills it, cache.c keeps it. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <sys/types.h>

#include "kerndat/kerndat.h"

/* EMPTY -> WRITING -> READY, once. A loser of the race keeps its own, equal answer. */
enum slot_phase { SLOT_EMPTY, SLOT_WRITING, SLOT_READY };

struct kd_slot {
	_Atomic int phase;
	bool cached; /* came from the file */
	struct kd_answer answer;
};

/* 128 bits: two answers of different worlds meet by accident once in never. */
struct kd_key {
	uint64_t a, b;
};

struct kd_entry;

struct kerndat {
	_Atomic pid_t owner;  /* the only process that saves: the first that learned */
	bool use_file;
	bool in_lab;	    /* a child that asks many: no children of its own (lab.c) */
	pid_t lab_tracee;   /* its tracee, once it has one */
	_Atomic pid_t ending[KD_LABS_END]; /* labs that have answered, and end in their time */
	_Atomic int filtered; /* seccomp on ourselves: 0 not asked, 1 no, 2 yes */
	_Atomic int loaded;   /* the file was tried: 0 no, 1 somebody is at it, 2 done */
	_Atomic int fetched[KD_LIVE]; /* a scope's answers were taken from it */
	struct kd_entry *entries; /* of the file */
	size_t entry_count;
	struct kd_key keys[KD_LIVE]; /* by scope */
	bool has_key[KD_LIVE];
	_Atomic int learned;  /* answers that the file does not have */
	struct kd_slot slots[KD_ROWS_END];
	uint8_t mask[KD_ROWS_END];	 /* enum kd_state; 0: not masked */
	uint8_t way_mask[BY_WAYS_END];	 /* 1: forced off */
	_Atomic uint8_t way_said[WAY_CHOICES_END];
};

/* Put @answer into its slot unless one is there. True if it was put. */
bool kd_slot_put(struct kd_slot *slot, const struct kd_answer *answer, bool cached);

/* An answer of a probe becomes known, unless one is. What it becomes is returned. */
struct kd_answer kd_learn(struct kerndat *kd, enum kd_row row, const struct kd_answer *answer);

/* Wait for the end of labs that have answered (lab.c). */
void kd_labs_reap(struct kerndat *kd);

/* A seccomp filter on ourselves, or no way to know. */
bool kd_filtered(struct kerndat *kd);

/*
 * KERNDAT_MASK's text into the handle. Rows made of others would carry a mask into the file and
 * miss one when taken from it: with a mask there is no file.
 */
int kd_mask_parse(struct kerndat *kd, const char *text);
