// SPDX-License-Identifier: GPL-2.0-only
#include "criu/fd/kind.h"

const struct fd_kind *const fd_kinds[FD_KIND_NR] = {
#define KIND(x) [FD_KIND_##x] = &x##_kind,
#include "criu/fd/kinds.h"
#undef KIND
};
