/* SPDX-License-Identifier: GPL-2.0-only */
/* criu's own credentials, which every new thread starts with; what is the same needs no call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct creds_now {
	uint32_t uid[4], gid[4]; /* real, effective, saved, file system */
	const gid_t *groups;
	size_t n_groups;
	uint64_t cap_inh, cap_prm, cap_eff, cap_bnd, cap_amb;
	uint32_t securebits;
	bool no_new_privs;
	uint64_t cap_known; /* capabilities that this kernel has */
};
