/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/cpuinfo.h"

#include <errno.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "proto/cpuinfo.pb-c.h"

_Static_assert(ARCH_CPU_FPU == (int)CPU_CAP_FPU && ARCH_CPU_ALL == (int)CPU_CAP_CPU && ARCH_CPU_INS == (int)CPU_CAP_INS,
	       "the bits of --cpu-cap");

static void *alloc_in_arena(void *arena, size_t n)
{
	return arena_alloc(arena, n);
}

static void free_nothing(void *arena, void *p)
{
}

ProtobufCAllocator cpuinfo_allocator(struct arena *arena)
{
	return (ProtobufCAllocator){ alloc_in_arena, free_nothing, arena };
}

int cpuinfo_here(struct arena *arena, struct CpuinfoEntry **ret_cpu)
{
	ProtobufCAllocator alloc = cpuinfo_allocator(arena);
	struct CpuinfoEntry *cpu = image_new(arena, CPUINFO_ENTRY, CpuinfoEntry);
	int r = cpu ? arch_cpu_to_image(cpu, &alloc) : -ENOMEM;

	if (r == -EOPNOTSUPP)
		return refuse_any(r, "describe this CPU: the image format has no place for its kind");
	if (r < 0)
		return err_any(r, "describe this CPU");
	*ret_cpu = cpu;
	return 0;
}

int cpuinfo_read(struct image_dir *images, struct CpuinfoEntry **ret_cpu)
{
	CpuinfoEntry **all;
	size_t n;
	int r = image_read_all(images, IMG_CPUINFO, 0, &cpuinfo_entry__descriptor, &all, &n);

	if (r < 0)
		return r;
	if (n > 1)
		return refuse_path("cpuinfo.img", -EINVAL, "use %zu CPUs", n);
	*ret_cpu = n ? all[0] : NULL;
	return 0;
}

int cpuinfo_write(struct image_dir *images, struct arena *arena)
{
	struct CpuinfoEntry *cpu;
	int r = cpuinfo_here(arena, &cpu);

	return r < 0 ? r : image_write_one(images, IMG_CPUINFO, 0, &cpu->base);
}

int cpuinfo_compare(const struct CpuinfoEntry *image, const struct CpuinfoEntry *host, unsigned int cpu_cap,
		    arch_cpu_tell *tell, void *arg)
{
	return arch_cpu_compare(image, host, cpu_cap & (CPU_CAP_FPU | CPU_CAP_CPU | CPU_CAP_INS), tell, arg);
}

static void log_missing(void *arg, bool counts, const char *what)
{
	if (counts)
		(void)refuse_path("cpuinfo.img", -ENOTSUP, "find %s on this CPU", what);
	else
		pr_info("cpuinfo.img: this CPU does not have %s\n", what);
}

int cpuinfo_check(struct image_dir *images, struct arena *arena, unsigned int cpu_cap)
{
	struct CpuinfoEntry *image, *here;
	int r = cpuinfo_read(images, &image);

	if (r < 0)
		return r;
	if (!image)
		return refuse_path("cpuinfo.img", -ENOENT, "compare CPUs: it is not there; dump with --cpu-cap writes it");
	r = cpuinfo_here(arena, &here);
	if (!r)
		r = cpuinfo_compare(image, here, cpu_cap, log_missing, NULL);
	return r > 0 ? -ENOTSUP : r;
}

/* --- the verbs ----------------------------------------------------------------------------------- */

struct run {
	struct arena *arena;
	struct image_dir *images;
};

static int begin(struct run *c, const struct options *o)
{
	char path[32];

	c->arena = arena_new();
	if (!c->arena)
		return err_any(-ENOMEM, "begin");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", o->images_fd);
	return image_dir_open(path, c->arena, &c->images);
}

static int end(struct run *c, int r)
{
	if (c->images)
		image_dir_close(c->images);
	arena_free(c->arena);
	return r;
}

int cpuinfo_dump_run(const struct options *o)
{
	struct run c = { 0 };
	int r = begin(&c, o);

	return end(&c, r < 0 ? r : cpuinfo_write(c.images, c.arena));
}

int cpuinfo_check_run(const struct options *o)
{
	struct run c = { 0 };
	int r = begin(&c, o);

	return end(&c, r < 0 ? r : cpuinfo_check(c.images, c.arena, o->cpu_cap));
}
