/* SPDX-License-Identifier: GPL-2.0-only */
/* Page stores: what is written comes back, parents are looked through, and a damaged pagemap is refused. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/image/image.h"
#include "criu/image/pages.h"
#include "proto/pagemap.pb-c.h"

#define BASE 0x10000000ull
#define PAGE ((uint64_t)sysconf(_SC_PAGESIZE))

/* Folders of two dumps, the second the child of the first. */
struct place {
	char path[64];
	struct arena *arena;
	struct image_dir *old, *new;
};

static const char *why;

#define check(cond)               \
	do {                      \
		if (!(cond)) {    \
			why = #cond; \
			return;   \
		}                 \
	} while (0)

struct part {
	uint64_t first, n; /* in pages from BASE */
	uint32_t flags;
};

/* A store of these entries as they are, checked by nobody; its pages image has @stored pages, all of byte @fill. */
static void put_store(struct image_dir *dir, const struct part *parts, size_t n, size_t stored, int fill)
{
	struct image *map, *pages;
	PagemapHead head = PAGEMAP_HEAD__INIT;
	autofree char *page = malloc(PAGE);
	int r;

	head.pages_id = image_dir_next_pages_id(dir);
	r = image_create(dir, IMG_PAGEMAP, 1, &map) | image_write(map, &head.base);
	r |= image_create(dir, IMG_PAGES, head.pages_id, &pages) | image_write_raw(pages, "", 0);
	memset(page, fill, PAGE);
	while (stored--)
		r |= image_write_raw(pages, page, PAGE);
	for (size_t i = 0; i < n; i++) {
		PagemapEntry pe = PAGEMAP_ENTRY__INIT;

		pe.vaddr = BASE + parts[i].first * PAGE;
		pe.has_flags = pe.has_nr_pages = true;
		pe.flags = parts[i].flags;
		pe.nr_pages = parts[i].n;
		r |= image_write(map, &pe.base);
	}
	if (r | image_close(map) | image_close(pages))
		abort();
}

static int open_store(struct image_dir *dir, struct pages **ret_p)
{
	return pages_open(dir, IMG_PAGEMAP, 1, ret_p);
}

static void written_comes_back(struct place *p)
{
	autopages_writer struct pages_writer *w = NULL;
	autopages struct pages *pages = NULL;
	autofree char *page = calloc(1, PAGE);
	const struct pages_run *runs;
	off_t off[3];
	size_t n;

	check(pages_create(p->old, IMG_PAGEMAP, 1, &w) == 0);
	check(pages_add(w, BASE, BASE + PAGE, PE_PRESENT, &off[0]) == 0);
	check(pages_add(w, BASE + PAGE, BASE + 2 * PAGE, PE_PRESENT, &off[1]) == 0);
	check(pages_add(w, BASE + 9 * PAGE, BASE + 10 * PAGE, PE_PRESENT | PE_LAZY, &off[2]) == 0);
	check(off[0] == 0 && off[1] == (off_t)PAGE && off[2] == 2 * (off_t)PAGE);
	for (int i = 2; i >= 0; i--) {
		memset(page, 'a' + i, PAGE);
		check(io_pwrite(pages_writer_fd(w), page, PAGE, off[i]) == 0);
	}
	check(pages_finish(take_ptr(w)) == 0);

	check(open_store(p->old, &pages) == 0);
	runs = pages_runs(pages, &n);
	check(n == 2 && runs[0].start == BASE && runs[0].end == BASE + 2 * PAGE && runs[1].off == 2 * (off_t)PAGE);
	check(io_pread(pages_fd(pages, 0), page, PAGE, runs[1].off) == 0 && page[0] == 'c');
	check(pages_find(pages, BASE + 2 * PAGE) == 1 && pages_find(pages, BASE + 10 * PAGE) == 2);
}

static void unfinished_is_an_error(struct place *p)
{
	struct pages_writer *w = NULL;

	check(pages_create(p->old, IMG_PAGEMAP, 1, &w) == 0);
	check(pages_add(w, BASE, BASE + PAGE, PE_PRESENT, NULL) == 0);
	check(pages_finish(w) == -EIO);
}

static void parent_is_looked_through(struct place *p)
{
	static const struct part old[] = { { 0, 4, PE_PRESENT }, { 6, 2, PE_PRESENT } };
	static const struct part new[] = { { 1, 2, PE_PARENT }, { 3, 1, PE_PRESENT }, { 7, 1, PE_PARENT } };
	autopages struct pages *pages = NULL;
	const struct pages_run *runs;
	char byte;
	size_t n;

	put_store(p->old, old, 2, 6, 'o');
	put_store(p->new, new, 3, 1, 'n');
	check(open_store(p->new, &pages) == 0);
	runs = pages_runs(pages, &n);
	check(n == 3 && runs[0].layer == 1 && runs[1].layer == 0 && runs[2].layer == 1);
	check(runs[0].off == (off_t)PAGE && runs[2].off == 5 * (off_t)PAGE);
	check(io_pread(pages_fd(pages, 1), &byte, 1, runs[2].off) == 0 && byte == 'o');
	check(io_pread(pages_fd(pages, 0), &byte, 1, runs[1].off) == 0 && byte == 'n');
}

static void parent_lacks_a_page(struct place *p)
{
	static const struct part old[] = { { 0, 2, PE_PRESENT } }, new[] = { { 1, 2, PE_PARENT } };
	struct pages *pages;

	put_store(p->old, old, 1, 2, 'o');
	put_store(p->new, new, 1, 0, 0);
	check(open_store(p->new, &pages) == -EINVAL);
	/* and one without a parent link at all */
	put_store(p->old, new, 1, 0, 0);
	check(open_store(p->old, &pages) == -EINVAL);
}

static void circle_of_parents(struct place *p)
{
	static const struct part part[] = { { 0, 1, PE_PARENT } };
	struct pages *pages;

	check(symlinkat(".", image_dir_fd(p->old), "parent") == 0);
	put_store(p->old, part, 1, 0, 0);
	check(open_store(p->old, &pages) == -ELOOP);
}

static void damaged_is_refused(struct place *p)
{
	static const struct part bad[][2] = {
		{ { 0, 2, PE_PRESENT }, { 1, 1, PE_PRESENT } },		    /* overlap */
		{ { 4, 1, PE_PRESENT }, { 1, 1, PE_PRESENT } },		    /* descending */
		{ { 0, 0, PE_PRESENT }, { 1, 1, PE_PRESENT } },		    /* empty */
		{ { 0, 1, 0 }, { 1, 1, PE_PRESENT } },			    /* no flag */
		{ { 0, 1, PE_PRESENT | PE_PARENT }, { 1, 1, PE_PRESENT } }, /* both */
		{ { 0, 1ull << 60, PE_PRESENT }, { 1, 1, PE_PRESENT } },    /* wraps around */
		{ { 0, ~0ull, PE_LAZY }, { 1, 1, PE_PRESENT } },
		{ { 0, 9, PE_PRESENT }, { 20, 1, PE_PRESENT } },	    /* more than is stored */
	};
	struct pages *pages;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put_store(p->old, bad[i], 2, 4, 'x');
		check(open_store(p->old, &pages) == -EINVAL);
	}
	check(pages_open(p->old, IMG_PAGEMAP, 2, &pages) == -ENOENT);
}

static void file_round_trip(struct place *p)
{
	const uint64_t size = 100 * PAGE + 10;
	autofd int from = memfd_create("from", 0), to = memfd_create("to", 0);
	struct pages_count count = { 0 };
	autofree char *a = malloc(size), *b = malloc(size);
	struct stat st;

	check(!ftruncate(from, (off_t)size) && !ftruncate(to, (off_t)size));
	check(io_pwrite(from, "one", 3, 5 * (off_t)PAGE) == 0 && io_pwrite(from, "two", 3, 50 * (off_t)PAGE) == 0);
	check(io_pwrite(from, "end", 3, 100 * (off_t)PAGE + 7) == 0);
	check(pages_save_file(p->old, 7, from, size, &count) == 0);
	check(count.written == 3);
	check(pages_load_file(p->old, 7, to, size) == 0);
	check(io_pread(from, a, size, 0) == 0 && io_pread(to, b, size, 0) == 0 && !memcmp(a, b, size));
	check(!fstat(to, &st) && (uint64_t)st.st_blocks * 512 == 3 * PAGE);
	check(pages_load_file(p->old, 7, to, 50 * PAGE) == -EINVAL); /* a page behind the end */
	check(pages_load_file(p->old, 8, to, size) == -EINVAL);
}

static const struct {
	const char *name;
	void (*run)(struct place *p);
} tests[] = {
	{ "written_comes_back", written_comes_back },
	{ "unfinished_is_an_error", unfinished_is_an_error },
	{ "parent_is_looked_through", parent_is_looked_through },
	{ "parent_lacks_a_page", parent_lacks_a_page },
	{ "circle_of_parents", circle_of_parents },
	{ "damaged_is_refused", damaged_is_refused },
	{ "file_round_trip", file_round_trip },
};

static bool run_one(size_t i)
{
	struct place p = { .path = "/tmp/pages-test-XXXXXX", .arena = arena_new() };
	char cmd[320], old[80], new[80];

	why = NULL;
	if (!p.arena || !mkdtemp(p.path))
		abort();
	snprintf(old, sizeof(old), "%s/1", p.path);
	snprintf(new, sizeof(new), "%s/2", p.path);
	snprintf(cmd, sizeof(cmd), "mkdir %s %s && ln -s ../1 %s/parent", old, new, new);
	if (system(cmd) || image_dir_open(old, p.arena, &p.old) < 0 || image_dir_open(new, p.arena, &p.new) < 0)
		abort();
	tests[i].run(&p);
	image_dir_close(p.old);
	image_dir_close(p.new);
	arena_free(p.arena);
	snprintf(cmd, sizeof(cmd), "rm -r %s", p.path);
	if (system(cmd))
		abort();
	printf("%s pages %s%s%s\n", why ? "FAIL" : "PASS", tests[i].name, why ? ": " : "", why ? why : "");
	return !why;
}

int main(void)
{
	const size_t n = sizeof(tests) / sizeof(tests[0]);
	size_t i, good = 0;

	log_init(2, LOG_MSG);
	for (i = 0; i < n; i++)
		good += run_one(i);
	printf("%zu passed, %zu failed, 0 skipped\n", good, n - good);
	return good != n;
}
