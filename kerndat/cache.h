/* SPDX-License-Identifier: LGPL-2.1-only */
/* The cache file; its form and its rules stand in cache.c. */
#pragma once

#include "kerndat/kerndat.h"

struct kerndat;

/* Take from the file what holds for us now in @scope and the wider ones. Silent: a cache that cannot be used is none. */
void kd_cache_fetch(struct kerndat *kd, enum kd_scope scope);

/* Put what was learned into the file, beside what others learned of other worlds. Silent as well. */
void kd_cache_save(struct kerndat *kd);
