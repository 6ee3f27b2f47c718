/* SPDX-License-Identifier: GPL-2.0-only */
/* The build id of an ELF file: what tells one build of a library from another of the same size. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BUILDID_MAX 64

/*
 * Read the id of the file @fd, zero-padded to whole words as in the images. Returns the number of words, 0 when it is
 * no ELF file or has no id, or -errno.
 */
int buildid_read(int fd, uint32_t ret_words[BUILDID_MAX / 4]);
