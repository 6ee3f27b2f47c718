/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are known by a magic link of a task and not by a descriptor. */
#pragma once

struct dump;

/* Free the search tree of fd_path_id(). */
void path_ids_free(struct dump *d);
