// SPDX-License-Identifier: GPL-2.0-only
/* The same program in 32 bits: its list is another one, with pointers of 32 bits. */
#include "../../task/robust_list_head.c"
