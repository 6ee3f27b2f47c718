/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What compel and its runtime inside the task share. One mapping holds, in this order: the blob,
 * struct inside_shared with its lanes, the argument slots, the stacks. A lane is what one thread
 * needs to run a call; lane 0 is the host's, the thread that talks to us.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"

struct inside_shared;

struct inside_lane {
	struct arch_leave leave;	/* first: blob_entry (entry.S) reads it */
	uint64_t shared;		/* address of struct inside_shared */
	uint64_t args;			/* address of the argument slot */
	uint64_t home_sp;		/* the thread's own stack pointer */
	uint32_t index;
	uint32_t cmd, args_size;	/* guests; the host gets them by message */
	/* A guest is using the socket. Set and cleared by itself; by us when we take it home. */
	uint32_t busy;
	uint32_t mute;			/* we gave up on this guest: no reply */
	uint32_t pad_;
	_Alignas(16) uint8_t trampoline[ARCH_TRAMPOLINE_SIZE];
};

#define INSIDE_LANES 17			/* the host and 16 guests at a time */
#define INSIDE_STACK 16384

/* How the parasite's start went: one of the two changes. */
struct inside_start {
	int32_t pair[2];		/* -1; the kernel writes the descriptors: its end, ours */
	int32_t error;			/* 0; -errno */
};

struct inside_shared {
	struct inside_start start;
	uint32_t is_connected;		/* we have our end */
	uint32_t nr_lanes;
	uint32_t leaving;		/* the host has seen the end of the socket */
	/* Guests may be anywhere in the mapping: it cannot be unmapped when we die. */
	uint32_t has_guests;
	uint64_t unmap_pc;		/* a trampoline outside of the mapping */
	uint64_t addr, size;		/* of the mapping */
	struct inside_lane lanes[];
};

#define INSIDE_CMD_SYSCALL (-1)		/* run one system call; the result is the answer */

struct inside_request {
	int32_t cmd;
	uint32_t args_size;
	int64_t nr;
	uint64_t args[6];
};

struct inside_reply {
	uint32_t lane;
	uint32_t pad_;
	int64_t ret;
};

/* What a command may know of the thread it runs in. */
struct inside_ctx {
	uint64_t home_sp;
};

/*
 * The commands, given by who builds the blob. 0 or more, or -errno; -ENOSYS for an unknown @cmd.
 * No system call here may set a restart block (nanosleep, poll, futex with a timeout).
 */
int inside_command(const struct inside_ctx *ctx, int cmd, void *args, size_t size);
