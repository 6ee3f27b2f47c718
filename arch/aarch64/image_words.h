/* SPDX-License-Identifier: LGPL-2.1-only */
/* Constants of aarch64 that the image format depends on. */
#pragma once

/* Words of /proc/PID/auxv that an image holds at most (AT_NULL does not count). */
#define ARCH_AUXV_WORDS 50
