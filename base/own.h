/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Ownership by attribute: what a function owns it releases on every way out.
 *
 *	autofd int fd = neg_errno(open(path, O_RDONLY));
 *	autofree char *text = NULL;
 *	autofile FILE *f = fopen(path, "re");
 *
 * take_fd() and take_ptr() give the owned thing away.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void own_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void own_free(void *p)
{
	free(*(void **)p);
}

static inline void own_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define autofd	 __attribute__((cleanup(own_close), unused))
#define autofree __attribute__((cleanup(own_free), unused))
#define autofile __attribute__((cleanup(own_fclose), unused))

/* Give the descriptor away: the caller owns it from here on. */
static inline int take_fd(int *fd)
{
	int r = *fd;

	*fd = -1;
	return r;
}

/* Give the memory away: the caller owns it from here on. */
#define take_ptr(p)                      \
	({                               \
		__typeof__(p) own_p_ = (p); \
		(p) = NULL;              \
		own_p_;                  \
	})
