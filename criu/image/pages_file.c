// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page stores of whole memory files: memfds, shared anonymous memory, System V segments. What is
 * allocated is told by SEEK_DATA (swapped-out pages count, fallocated ones that were never touched do not).
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/pages.h"

/* The next allocated range at or behind @at: 1; 0: there is none before @size. */
static int next_data(int fd, uint64_t at, uint64_t size, uint64_t *ret_start, uint64_t *ret_end)
{
	off_t start, end;

	if (at >= size)
		return 0;
	start = lseek(fd, (off_t)at, SEEK_DATA);
	if (start < 0)
		return errno == ENXIO ? 0 : -errno;
	end = lseek(fd, start, SEEK_HOLE);
	if (end < 0)
		return -errno;
	*ret_start = (uint64_t)start;
	*ret_end = (uint64_t)end < size ? (uint64_t)end : size;
	return *ret_start < *ret_end;
}

static int save_range(struct pages_writer *w, int fd, uint64_t start, uint64_t end, struct pages_count *count)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), pages_end = (end + page - 1) / page * page;
	int out = pages_writer_fd(w), r;
	off_t off;

	r = pages_add(w, start, pages_end, PE_PRESENT, &off);
	if (r < 0)
		return r;
	if (lseek(fd, (off_t)start, SEEK_SET) < 0 || lseek(out, off, SEEK_SET) < 0)
		return -errno;
	r = io_copy(out, fd, end - start);
	if (r < 0)
		return r;
	/* The page that the file ends in is stored whole. */
	if (end != pages_end && ftruncate(out, off + (off_t)(pages_end - start)) < 0)
		return -errno;

	if (count) {
		count->scanned += (pages_end - start) / page;
		count->written += (pages_end - start) / page;
	}
	return 0;
}

int pages_save_file(struct image_dir *dir, uint64_t shmid, int fd, uint64_t size, struct pages_count *count)
{
	autopages_writer struct pages_writer *w = NULL;
	uint64_t start = 0, end = 0;
	int r;

	r = pages_create(dir, IMG_PAGEMAP_SHMEM, shmid, &w);
	if (r < 0)
		return r;
	while ((r = next_data(fd, end, size, &start, &end)) > 0) {
		r = save_range(w, fd, start, end, count);
		if (r < 0)
			break;
	}
	if (r < 0)
		return err_any(r, "save the content of shared memory %" PRIu64, shmid);
	return pages_finish(take_ptr(w));
}

/* hugetlb files have no write(2): their pages come in through a mapping. */
static int load_by_mapping(struct pages *p, int fd, uint64_t size)
{
	size_t n, i;
	const struct pages_run *runs = pages_runs(p, &n);
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int r = 0;

	if (map == MAP_FAILED)
		return -errno;
	for (i = 0; i < n && r == 0; i++) {
		int in = pages_fd(p, runs[i].layer);
		uint64_t end = runs[i].end < size ? runs[i].end : size;

		r = in < 0 ? in : io_pread(in, map + runs[i].start, end - runs[i].start, runs[i].off);
	}
	munmap(map, size);
	return r;
}

static int load_run(struct pages *p, const struct pages_run *run, int fd, uint64_t size)
{
	int in = pages_fd(p, run->layer);
	uint64_t end = run->end < size ? run->end : size;

	if (in < 0)
		return in;
	if (lseek(in, run->off, SEEK_SET) < 0 || lseek(fd, (off_t)run->start, SEEK_SET) < 0)
		return -errno;
	return io_copy(fd, in, end - run->start);
}

static int check_runs(struct pages *p, uint64_t shmid, uint64_t size)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	size_t n, i;
	const struct pages_run *runs = pages_runs(p, &n);

	for (i = 0; i < n; i++) {
		if (runs[i].lazy)
			return refuse_any(-EOPNOTSUPP, "restore shared memory %" PRIu64 " whose pages are not stored", shmid);
		if (runs[i].end - page >= size)
			return err_any(-EINVAL, "restore shared memory %" PRIu64 ": it has pages up to %#" PRIx64
				       " and a size of %#" PRIx64, shmid, runs[i].end, size);
	}
	return 0;
}

int pages_load_file(struct image_dir *dir, uint64_t shmid, int fd, uint64_t size)
{
	autopages struct pages *p = NULL;
	const struct pages_run *runs;
	size_t n, i;
	int r;

	r = fault_at(FAULT_RESTORE_SHMEM);
	if (r < 0)
		return r;
	r = pages_open(dir, IMG_PAGEMAP_SHMEM, shmid, &p);
	if (r == -ENOENT)
		return err_any(-EINVAL, "restore shared memory %" PRIu64 ": it has no pagemap-shmem image", shmid);
	if (r < 0)
		return r;
	r = check_runs(p, shmid, size);
	if (r < 0)
		return r;

	runs = pages_runs(p, &n);
	for (i = 0; i < n; i++) {
		r = load_run(p, &runs[i], fd, size);
		if (r == -EINVAL && i == 0) {
			r = load_by_mapping(p, fd, size);
			break;
		}
		if (r < 0)
			break;
	}
	return r < 0 ? err_any(r, "fill shared memory %" PRIu64, shmid) : 0;
}
