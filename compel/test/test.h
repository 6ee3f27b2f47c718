/* SPDX-License-Identifier: LGPL-2.1-only */
/* What the test program and its parasite share. */
#pragma once

#include <stdint.h>

enum test_cmd { TEST_WHO = 1, TEST_WORD, TEST_FAIL, TEST_CRASH, TEST_PAUSE };

struct test_args {
	int32_t pid, tid;
	uint64_t home_sp;
};
