/* SPDX-License-Identifier: LGPL-2.1-only */
/* Memory: finding pages, opening what is mapped. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

PROBE(probe_map_files)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	/* Ourselves: a mapped file that is surely there. The link's own permission is what is asked. */
	autofd int exe = neg_errno(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
	char path[64];
	void *p;
	int fd;

	if (exe < 0)
		return kd_cannot_tell(exe);
	p = mmap(NULL, page, PROT_READ, MAP_PRIVATE, exe, 0);
	if (p == MAP_FAILED)
		return kd_cannot_tell(errno);

	snprintf(path, sizeof(path), "/proc/self/map_files/%lx-%lx", (long)p, (long)p + (long)page);
	fd = neg_errno(open(path, O_RDONLY | O_CLOEXEC));
	munmap(p, page);
	if (fd >= 0) {
		close(fd);
		return kd_yes();
	}
	if (fd == -EPERM || fd == -EACCES)
		return kd_no_err(fd);
	if (fd == -ENOENT && access("/proc/self/maps", F_OK) == 0 &&
	    access("/proc/self/map_files", F_OK) < 0 && errno == ENOENT)
		return kd_no_err(fd);
	return kd_cannot_tell(fd);
}

PROBE(probe_soft_dirty)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	autofd int fd = neg_errno(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
	uint64_t entry;
	char *p;
	ssize_t n;

	if (fd < 0)
		return kd_cannot_tell(fd);
	p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return kd_cannot_tell(errno);

	/* A page just written is soft-dirty without any clear_refs: nothing needs to be reset. */
	*(volatile char *)p = 1;
	n = pread(fd, &entry, sizeof(entry), (off_t)((uintptr_t)p / page * sizeof(entry)));
	munmap(p, page);
	if (n != sizeof(entry))
		return kd_cannot_tell(n < 0 ? errno : ENODATA);
	if (entry >> 55 & 1)
		return kd_yes();
	return kd_no_why("a page just written is not marked (CONFIG_MEM_SOFT_DIRTY)");
}

/* Does PAGEMAP_SCAN take @categories as a mask? Nothing is scanned: start == end. */
static struct kd_answer scan_takes(uint64_t categories)
{
	autofd int fd = neg_errno(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
	struct k_page_region region;
	struct k_pm_scan_arg arg = {
		.size = sizeof(arg),
		.vec = (uintptr_t)&region,
		.vec_len = 1,
		.category_mask = categories,
		.return_mask = categories,
	};
	int r;

	if (fd < 0)
		return kd_cannot_tell(fd);
	r = neg_errno(ioctl(fd, K_PAGEMAP_SCAN_IOCTL, &arg));
	if (r >= 0)
		return kd_yes();
	if (r == -ENOTTY || r == -EINVAL)
		return kd_no_err(r);
	return kd_cannot_tell(r);
}

PROBE(probe_pagemap_scan)
{
	return scan_takes(K_PAGE_IS_PRESENT);
}

PROBE(probe_pagemap_guard)
{
	if (!kerndat_has(kd, KD_PAGEMAP_SCAN))
		return kd_no_why("no PAGEMAP_SCAN");
	return scan_takes(K_PAGE_IS_GUARD);
}
