/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Named faults: spots in dump and restore that tests make fail.
 *
 *	r = fault_at(FAULT_DUMP_SEIZE);
 *	if (r < 0)
 *		return r;
 *
 * The environment variable CRIU_FAULT_AT=NAME makes fault_at() of that spot log the fault and
 * return -ECANCELED; NAME:kill makes criu die of SIGKILL there; NAME:N fails only the Nth pass
 * (from 1). The table is criu/image/faults.h.
 */
#pragma once

#include <sys/types.h>

enum fault {
#define FAULT(id, name, does) FAULT_##id,
#include "criu/image/faults.h"
#undef FAULT
	FAULT_NR,
};

/* 0, or -ECANCELED (logged) when this spot is to fail. */
int fault_at(enum fault f);
/* The same in a child of @criu that goes on when @criu has died. */
int fault_of(enum fault f, pid_t criu);
const char *fault_name(enum fault f);
/* What fails there, in words. */
const char *fault_does(enum fault f);
