/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * criu check --images DIR: a restore which reads and checks everything and stops before anything is made. It
 * goes the way of criu restore, with the same options, and lists what stands in the way instead of
 * stopping at the first of it where more can be told.
 *
 *	check --images DIR			on this host, now
 *	check --images DIR --against FILE	on the host that FILE, of check --facts, tells of; what is in
 *						its files FILE does not tell, and they are not looked at
 *	check --facts				that of this host
 *	--json					for programs: docs/facts.md has the schemas
 */
#pragma once

struct options;

/* The exit status: 0 nothing stands in the way, 1 something does, or the question failed. */
int check_images_run(const struct options *o);
int check_facts_run(void);
