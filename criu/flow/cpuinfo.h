/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU in images, cpuinfo.img: written and checked by the verbs `cpuinfo dump` and `cpuinfo check`, and by
 * a dump and a restore with --cpu-cap.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "arch/arch.h"

struct CpuinfoEntry;
struct arena;
struct image_dir;
struct options;

/* What the messages of arch_cpu_to_image() are made in. */
ProtobufCAllocator cpuinfo_allocator(struct arena *arena);
/* This CPU, in @arena. 0, or -errno (logged). */
int cpuinfo_here(struct arena *arena, struct CpuinfoEntry **ret_cpu);
/* cpuinfo.img, NULL if there is none. 0, or -errno (logged). */
int cpuinfo_read(struct image_dir *images, struct CpuinfoEntry **ret_cpu);

int cpuinfo_write(struct image_dir *images, struct arena *arena);
/* Compare @image with @host by the bits of --cpu-cap; @tell as in arch_cpu_compare(). The number of what counts, or -errno. */
int cpuinfo_compare(const struct CpuinfoEntry *image, const struct CpuinfoEntry *host, unsigned int cpu_cap,
		    arch_cpu_tell *tell, void *arg);
/* For a restore with --cpu-cap: 0, or -errno (logged, all that is missing). */
int cpuinfo_check(struct image_dir *images, struct arena *arena, unsigned int cpu_cap);

/* The verbs: 0 or -errno (logged); -ENOTSUP: another CPU. */
int cpuinfo_dump_run(const struct options *o);
int cpuinfo_check_run(const struct options *o);
