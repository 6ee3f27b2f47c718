/* SPDX-License-Identifier: LGPL-2.1-only */
/* Whole reads and writes; all return -errno on failure and restart on EINTR. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Read exactly @n bytes. 0, -errno, or -ENODATA at an end of file before the @n bytes. */
int io_read(int fd, void *buf, size_t n);
int io_pread(int fd, void *buf, size_t n, off_t off);

/* Write exactly @n bytes. */
int io_write(int fd, const void *buf, size_t n);
int io_pwrite(int fd, const void *buf, size_t n, off_t off);

/* Read to the end into one allocation with a NUL behind it. @ret_size may be NULL. */
int io_slurp(int fd, char **ret_text, size_t *ret_size);
/* The same by path; @dirfd as in openat(2). */
int io_slurp_at(int dirfd, const char *path, char **ret_text, size_t *ret_size);

/* Copy @n bytes between descriptors, by the cheapest way the two allow. -ENODATA on a short source. */
int io_copy(int out, int in, uint64_t n);
