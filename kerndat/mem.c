/* SPDX-License-Identifier: LGPL-2.1-only */
/* Memory: finding pages, opening what is mapped. Placing mappings is in map.c. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
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

PROBE(probe_pagemap_category)
{
	if (kerndat_ask(kd, KD_PAGEMAP_SCAN).state == KD_NO)
		return kd_no_why("no PAGEMAP_SCAN");
	return scan_takes((uint64_t)row->arg);
}

PROBE(probe_pagemap_categories)
{
	struct kd_answer scan = kerndat_ask(kd, KD_PAGEMAP_SCAN);
	uint64_t mask = 0;

	if (scan.state != KD_YES)
		return scan;
	for (int bit = 0; bit < 64; bit++)
		if (scan_takes(1ull << bit).state == KD_YES)
			mask |= 1ull << bit;
	return kd_yes_value(mask);
}

PROBE(probe_pagemap)
{
	autofd int fd = neg_errno(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
	uintptr_t here = (uintptr_t)&fd;
	uint64_t entry;

	if (fd == -ENOENT && access("/proc/self/maps", F_OK) == 0)
		return kd_no_err(fd);
	if (fd < 0)
		return kd_cannot_tell(fd);
	if (pread(fd, &entry, 8, (off_t)(here / (uintptr_t)sysconf(_SC_PAGESIZE) * 8)) != 8)
		return kd_cannot_tell(errno);
	/* This very page of the stack is there. */
	return entry >> 63 ? kd_yes() : kd_no_why("it does not show a page that is there");
}

/* --- fetching --------------------------------------------------------------------------------------- */

PROBE(probe_process_vm_readv)
{
	char from = 1, to = 0;
	struct iovec local = { &to, 1 }, remote = { &from, 1 };
	long r = neg_errno(process_vm_readv(getpid(), &local, 1, &remote, 1, 0));

	return kd_by_enosys(r);
}

PROBE(probe_vmsplice)
{
	autofd int in = -1, out = -1;
	char from[16] = "unaligned", to[16] = "";
	struct iovec iov = { from + 1, 8 };
	int fds[2];
	long r;

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return kd_cannot_tell(errno);
	in = fds[0];
	out = fds[1];
	r = neg_errno(vmsplice(out, &iov, 1, SPLICE_F_NONBLOCK));
	if (r == -ENOSYS || r == -EINVAL)
		return kd_no_err((int)r);
	if (r < 0 || read(in, to, 8) != 8)
		return kd_cannot_tell(r < 0 ? (int)r : errno);
	return memcmp(to, from + 1, 8) ? kd_no_why("other bytes came out") : kd_yes();
}

/* --- advice ------------------------------------------------------------------------------------------ */

PROBE(probe_madvise)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r;

	if (p == MAP_FAILED)
		return kd_cannot_tell(errno);
	/* No bytes: every advice is checked for being known, and none is carried out. */
	r = neg_errno(madvise(p, 0, (int)row->arg));
	munmap(p, page);
	if (r == -EINVAL)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

PROBE(probe_thp)
{
	char text[64];
	int r = kd_read_file("/sys/kernel/mm/transparent_hugepage/enabled", text, sizeof(text));

	if (r == -ENOENT && access("/sys/kernel/mm", F_OK) == 0)
		return kd_no_err(r);
	if (r < 0)
		return kd_cannot_tell(r);
	return kd_yes_value(strstr(text, "[always]") ? 2 : strstr(text, "[madvise]") ? 1 : 0);
}

/* "always [madvise] never": value 1, and the word. */
PROBE(probe_bracketed)
{
	char text[256], *word, *rest;
	int r = kd_read_file(row->path, text, sizeof(text)), place = 0;

	if (r == -ENOENT && access("/sys/kernel/mm", F_OK) == 0)
		return kd_no_err(r);
	if (r < 0)
		return kd_cannot_tell(r);
	for (word = strtok_r(text, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest), place++)
		if (*word == '[') {
			struct kd_answer a = kd_yes_value((uint64_t)place);

			snprintf(a.why, sizeof(a.why), "%.*s", (int)strcspn(word + 1, "]"), word + 1);
			return a;
		}
	return kd_cannot_tell(EBADMSG);
}
