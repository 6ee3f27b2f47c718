/* SPDX-License-Identifier: LGPL-2.1-only */
/* Placing and moving mappings, and the files that are memory. */
#include "kerndat/probes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/aio_abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

#define RW (PROT_READ | PROT_WRITE)

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

PROBE(probe_fixed_noreplace)
{
	size_t page = page_size();
	void *p = mmap(NULL, page, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *q;
	int err;

	if (p == MAP_FAILED)
		return kd_cannot_tell(errno);
	/* Older kernels take the address as a hint, and give another. */
	q = mmap(p, page, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	err = errno;
	if (q != MAP_FAILED)
		munmap(q, page);
	munmap(p, page);
	if (q != MAP_FAILED)
		return kd_no();
	return err == EEXIST ? kd_yes() : kd_cannot_tell(err);
}

PROBE(probe_map_droppable)
{
	size_t page = page_size();
	/* A mapping type of its own, beside MAP_SHARED and MAP_PRIVATE. */
	void *p = mmap(NULL, page, RW, K_MAP_DROPPABLE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return errno == EINVAL || errno == ENOTSUP ? kd_no_err(errno) : kd_cannot_tell(errno);
	munmap(p, page);
	return kd_yes();
}

PROBE(probe_mremap_dontunmap)
{
	size_t page = page_size();
	void *p = mmap(NULL, page, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *q;
	int err;

	if (p == MAP_FAILED)
		return kd_cannot_tell(errno);
	q = mremap(p, page, page, MREMAP_MAYMOVE | 4 /* MREMAP_DONTUNMAP */, NULL);
	err = errno;
	if (q != MAP_FAILED)
		munmap(q, page);
	munmap(p, page);
	if (q != MAP_FAILED)
		return kd_yes();
	return err == EINVAL ? kd_no_err(err) : kd_cannot_tell(err);
}

PROBE(probe_mseal)
{
	/* Nothing from address 0 on: sealed at once where the call is known. */
	return kd_by_enosys(neg_errno(syscall(SYS_mseal, NULL, 0, 0)));
}

PROBE(probe_anon_vma_name)
{
	size_t page = page_size();
	void *p = mmap(NULL, page, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r;

	if (p == MAP_FAILED)
		return kd_cannot_tell(errno);
	r = neg_errno(prctl(K_PR_SET_VMA, 0, p, page, "kerndat"));
	munmap(p, page);
	if (r == -EINVAL)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

PROBE(probe_pkeys)
{
	int key = neg_errno(pkey_alloc(0, 0));

	/* x86 says EINVAL without the CPU's support, others ENOSPC; so does a task that has taken all,
	 * which we are not. */
	if (key == -ENOSPC || key == -EINVAL)
		return kd_no_why("neither the CPU nor the kernel gives one");
	if (key >= 0)
		pkey_free(key);
	return kd_by_enosys(key);
}

/* --- in a child: what would hurt ourselves --------------------------------------------------------- */

/* The mapping that starts at @start, from /proc/self/maps. 0 or -errno. */
static int mapping_end(uintptr_t start, uintptr_t *ret_end)
{
	char *text, *line, *rest;
	int r = kd_read_big("/proc/self/maps", &text);

	if (r < 0)
		return r;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *end;

		if (strtoull(line, &end, 16) != start || *end != '-')
			continue;
		*ret_end = (uintptr_t)strtoull(end + 1, NULL, 16);
		return 0;
	}
	return -ESRCH;
}

/* The mapping called @name. */
static int find_mapping(const char *name, uintptr_t *ret_start, uintptr_t *ret_end)
{
	char *text, *line, *rest, *end;
	int r = kd_read_big("/proc/self/maps", &text);

	if (r < 0)
		return r;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!strstr(line, name))
			continue;
		*ret_start = (uintptr_t)strtoull(line, &end, 16);
		*ret_end = (uintptr_t)strtoull(end + 1, NULL, 16);
		return 0;
	}
	return -ESRCH;
}

/* Move @size bytes at @from to a free place. */
static void *move(uintptr_t from, size_t size)
{
	void *to = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (to == MAP_FAILED)
		return to;
	return mremap((void *)from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to);
}

static struct kd_answer move_vdso(void *arg)
{
	uintptr_t start, end;
	int r = find_mapping("[vdso]", &start, &end);
	void *to;

	if (r == -ESRCH)
		return kd_cannot_tell_why(0, "there is no vdso here to move");
	if (r < 0)
		return kd_cannot_tell(r);
	to = move(start, end - start);
	if (to != MAP_FAILED) {
		/* Home again: libc calls it for the time, and some architectures return from signals by it. */
		if (mremap(to, end - start, end - start, MREMAP_MAYMOVE | MREMAP_FIXED, start) == MAP_FAILED)
			_exit(1);
		return kd_yes();
	}
	return errno == EINVAL || errno == EFAULT ? kd_no_err(errno) : kd_cannot_tell(errno);
}

PROBE(probe_mremap_special)
{
	return kd_in_child(kd, move_vdso, NULL);
}

static struct kd_answer move_ring(void *arg)
{
	aio_context_t ctx = 0;
	uintptr_t end;
	void *to;
	long r;

	r = neg_errno(syscall(SYS_io_setup, 1, &ctx));
	if (r < 0)
		return r == -ENOSYS ? kd_no_err((int)r) : kd_cannot_tell((int)r);
	r = mapping_end((uintptr_t)ctx, &end);
	if (r < 0)
		return kd_cannot_tell((int)r);
	to = move((uintptr_t)ctx, end - (uintptr_t)ctx);
	if (to == MAP_FAILED)
		return errno == EINVAL || errno == EFAULT ? kd_no_err(errno) : kd_cannot_tell(errno);
	/* The context's name is the address of its ring: does the kernel know it by the new one? */
	r = neg_errno(syscall(SYS_io_getevents, (aio_context_t)to, 0L, 0L, NULL, NULL));
	if (r == -EINVAL)
		return kd_no_err((int)r);
	return r < 0 ? kd_cannot_tell((int)r) : kd_yes();
}

PROBE(probe_aio_remap)
{
	return kd_in_child(kd, move_ring, NULL);
}

/* --- memory files -------------------------------------------------------------------------------------- */

PROBE(probe_memfd)
{
	autofd int fd = neg_errno(memfd_create("kerndat", MFD_CLOEXEC | (unsigned)row->arg));

	if (fd == -EINVAL || fd == -ENODEV)
		return kd_no_err(fd);
	return kd_by_enosys(fd);
}

PROBE(probe_hugetlb_sizes)
{
	DIR *d = opendir("/sys/kernel/mm/hugepages");
	uint64_t sum = 0, kb;
	struct dirent *e;

	if (!d)
		return errno == ENOENT && access("/sys/kernel/mm", F_OK) == 0 ? kd_no_err(ENOENT) :
										kd_cannot_tell(errno);
	while ((e = readdir(d)))
		if (sscanf(e->d_name, "hugepages-%" SCNu64 "kB", &kb) == 1)
			sum += kb << 10;
	closedir(d);
	return sum ? kd_yes_value(sum) : kd_no();
}
