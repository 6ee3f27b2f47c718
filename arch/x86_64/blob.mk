# SPDX-License-Identifier: LGPL-2.1-only
# Code inside a task never touches vector or x87 state, so that state needs no saving for a cure.
ARCH_BLOB_CFLAGS := -mgeneral-regs-only -mno-red-zone -fcf-protection=none
