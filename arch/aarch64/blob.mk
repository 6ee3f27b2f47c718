# SPDX-License-Identifier: LGPL-2.1-only
# Code inside a task never touches vector state, so what a system call leaves of it needs no saving for a cure.
ARCH_BLOB_CFLAGS := -mgeneral-regs-only -mbranch-protection=none -mno-outline-atomics
