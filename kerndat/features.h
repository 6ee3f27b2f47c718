/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The table: all we know of a kernel feature stands in its row. The enum, the answers, the cache,
 * `criu check` and its --list and --explain are made from it. No include guard: it is included
 * with FEATURE() defined as each use wants it.
 *
 * A new feature is its row here and its probe in kerndat/<group>.c (with its line in probes.h);
 * .arg and .path let one probe serve many rows. A row that is not there does not count against
 * the host where its .unless row is there. Texts left out are empty. A folder, since it outgrew
 * its file.
 */

#include "kerndat/features/task.h"
#include "kerndat/features/ptrace.h"
#include "kerndat/features/mem.h"
#include "kerndat/features/fd.h"
#include "kerndat/features/ns.h"
#include "kerndat/features/net.h"
#include "kerndat/features/cgroup.h"
#include "kerndat/features/security.h"
#include "kerndat/features/host.h"
