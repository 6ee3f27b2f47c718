/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Image files: golden bytes of CRIU 4.2, what we write comes back, and damaged files are an
 * error and never more than that.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/image/image.h"
#include "proto/fdinfo.pb-c.h"
#include "proto/fs.pb-c.h"
#include "proto/inventory.pb-c.h"
#include "proto/pagemap.pb-c.h"
#include "proto/pstree.pb-c.h"
#include "proto/regfile.pb-c.h"

struct place {
	char path[64];
	struct arena *arena;
	struct image_dir *dir;
};

static const char *why;

#define check(cond)               \
	do {                      \
		if (!(cond)) {    \
			why = #cond; \
			return;   \
		}                 \
	} while (0)

static void put(struct place *p, const char *name, const void *bytes, size_t n)
{
	autofd int fd = openat(image_dir_fd(p->dir), name, O_CREAT | O_TRUNC | O_WRONLY, 0644);

	if (fd < 0 || io_write(fd, bytes, n) < 0)
		abort();
}

static void golden_pstree(struct place *p)
{
	static const unsigned char bytes[] = {
		0x19, 0x43, 0x56, 0x54, 0x30, 0x30, 0x27, 0x50, 18, 0, 0, 0,
		0x08, 0x8c, 0xc2, 0x01, 0x10, 0x00, 0x18, 0x8c, 0xc2, 0x01,
		0x20, 0x8c, 0xc2, 0x01, 0x28, 0x8c, 0xc2, 0x01,
	};
	PstreeEntry *e;

	put(p, "pstree.img", bytes, sizeof(bytes));
	check(image_read_one(p->dir, IMG_PSTREE, 0, &pstree_entry__descriptor, &e) == 0);
	check(e->pid == 24844 && e->ppid == 0 && e->pgid == 24844 && e->sid == 24844);
	check(e->n_threads == 1 && e->threads[0] == 24844);
}

static void written_as_golden(struct place *p)
{
	static const unsigned char want[] = { 0x19, 0x43, 0x56, 0x54, 0x12, 0x39, 0x40, 0x51, 6, 0, 0, 0,
					      0x08, 0x15, 0x10, 0x16, 0x18, 0x12 };
	FsEntry fs = FS_ENTRY__INIT;
	autofree char *got = NULL;
	size_t size;

	fs.cwd_id = 21;
	fs.root_id = 22;
	fs.has_umask = true;
	fs.umask = 18;
	check(image_write_one(p->dir, IMG_FS, 24844, &fs.base) == 0);
	check(io_slurp_at(image_dir_fd(p->dir), "fs-24844.img", &got, &size) == 0);
	check(size == sizeof(want) && !memcmp(got, want, size));
}

static void one_word_head(struct place *p)
{
	static const unsigned char old[] = { 0x12, 0x39, 0x40, 0x51, 4, 0, 0, 0, 0x08, 0x15, 0x10, 0x16 };
	FsEntry *fs;

	put(p, "fs-1.img", old, sizeof(old));
	check(image_read_one(p->dir, IMG_FS, 1, &fs_entry__descriptor, &fs) == -EINVAL);
	image_dir_set_version(p->dir, 1);
	check(image_read_one(p->dir, IMG_FS, 1, &fs_entry__descriptor, &fs) == 0);
	image_dir_set_version(p->dir, 2);
	check(fs->cwd_id == 21 && !fs->has_umask);
}

static void absent_is_empty(struct place *p)
{
	PstreeEntry **all;
	size_t n = 7;

	check(image_read_all(p->dir, IMG_FDINFO, 99, &fdinfo_entry__descriptor, &all, &n) == 0);
	check(n == 0);
	check(image_read_one(p->dir, IMG_FDINFO, 99, &fdinfo_entry__descriptor, &all) == -ENODATA);
}

static void unwritten_removes_stale(struct place *p)
{
	struct image *img;

	put(p, "fs-5.img", "old", 3);
	check(image_create(p->dir, IMG_FS, 5, &img) == 0);
	check(image_close(img) == 0);
	check(faccessat(image_dir_fd(p->dir), "fs-5.img", F_OK, 0) < 0 && errno == ENOENT);
}

/* Many entries over many buffers, some larger than one, with raw bytes behind each. */
static void many_and_large(struct place *p)
{
	autofree char *name = calloc(1, 100001);
	char raw[777], back[777];
	struct image *img;
	RegFileEntry *e;
	int i;

	memset(raw, 'r', sizeof(raw));
	check(image_create(p->dir, IMG_REMAP_FPATH, 0, &img) == 0);
	for (i = 0; i < 300; i++) {
		FownEntry fown = FOWN_ENTRY__INIT;
		RegFileEntry reg = REG_FILE_ENTRY__INIT;

		memset(name, 'a' + i % 26, 100000);
		name[i % 50 ? 20 : 100000] = 0;
		reg.id = (uint32_t)i;
		reg.fown = &fown;
		reg.name = name;
		check(image_write(img, &reg.base) == 0);
		check(image_write_raw(img, raw, sizeof(raw)) == 0);
		name[20] = 'x';
	}
	check(image_close(img) == 0);

	check(image_open(p->dir, IMG_REMAP_FPATH, 0, &img) == 0);
	for (i = 0; i < 300; i++) {
		check(image_read(img, &reg_file_entry__descriptor, &e) == 1);
		check(e->id == (uint32_t)i && e->name[0] == 'a' + i % 26);
		check(strlen(e->name) == (i % 50 ? 20 : 100000));
		if (i % 2) {
			check(image_read_raw(img, back, sizeof(back)) == 0);
			check(!memcmp(raw, back, sizeof(raw)));
		} else {
			check(image_skip_raw(img, sizeof(raw)) == 0);
		}
	}
	check(image_read(img, &reg_file_entry__descriptor, &e) == 0);
	image_abandon(img);
}

/* Every prefix of a good file is a shorter list or an error. */
static void cut_anywhere(struct place *p)
{
	autofree char *whole = NULL;
	struct image *img;
	size_t size, cut;
	int i;

	check(image_create(p->dir, IMG_PAGEMAP, 1, &img) == 0);
	for (i = 0; i < 20; i++) {
		PagemapEntry e = PAGEMAP_ENTRY__INIT;

		e.vaddr = 4096ull * (unsigned)i;
		check(image_write(img, &e.base) == 0);
	}
	check(image_close(img) == 0);
	check(io_slurp_at(image_dir_fd(p->dir), "pagemap-1.img", &whole, &size) == 0);

	for (cut = 0; cut < size; cut++) {
		PagemapEntry **all;
		size_t n = 0;
		int r;

		put(p, "pagemap-2.img", whole, cut);
		r = image_read_all(p->dir, IMG_PAGEMAP, 2, &pagemap_entry__descriptor, &all, &n);
		check(r < 0 || n < 20);
	}
}

/* Every byte of a good file set to every of a few values: never more than an error. */
static void flip_anywhere(struct place *p)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
	autofree char *whole = NULL;
	RegFileEntry reg = REG_FILE_ENTRY__INIT;
	FownEntry fown = FOWN_ENTRY__INIT;
	size_t size, at, v;

	reg.fown = &fown;
	reg.name = "/some/where";
	check(image_write_one(p->dir, IMG_FILES, 0, &reg.base) == 0);
	check(io_slurp_at(image_dir_fd(p->dir), "files.img", &whole, &size) == 0);
	for (at = 0; at < size; at++)
		for (v = 0; v < sizeof(values); v++) {
			char saved = whole[at];
			RegFileEntry **all;
			size_t n;

			whole[at] = (char)values[v];
			put(p, "files.img", whole, size);
			(void)image_read_all(p->dir, IMG_FILES, 0, &reg_file_entry__descriptor, &all, &n);
			whole[at] = saved;
		}
}

static void huge_size_word(struct place *p)
{
	static const unsigned char bytes[] = { 0x19, 0x43, 0x56, 0x54, 0x12, 0x39, 0x40, 0x51,
					       0xff, 0xff, 0xff, 0xff, 0x08 };
	FsEntry *fs;

	put(p, "fs-7.img", bytes, sizeof(bytes));
	check(image_read_one(p->dir, IMG_FS, 7, &fs_entry__descriptor, &fs) == -EINVAL);
}

/* The directory may be shared: what stands under an image's name must not lead elsewhere. */
static void symlink_is_not_followed(struct place *p)
{
	FsEntry fs = FS_ENTRY__INIT;

	check(symlinkat("elsewhere", image_dir_fd(p->dir), "fs-8.img") == 0);
	check(image_write_one(p->dir, IMG_FS, 8, &fs.base) == -ELOOP);
	check(faccessat(image_dir_fd(p->dir), "elsewhere", F_OK, 0) < 0);
}

static const struct {
	const char *name;
	void (*run)(struct place *p);
} tests[] = {
	{ "golden_pstree", golden_pstree },
	{ "written_as_golden", written_as_golden },
	{ "one_word_head", one_word_head },
	{ "absent_is_empty", absent_is_empty },
	{ "unwritten_removes_stale", unwritten_removes_stale },
	{ "many_and_large", many_and_large },
	{ "cut_anywhere", cut_anywhere },
	{ "flip_anywhere", flip_anywhere },
	{ "huge_size_word", huge_size_word },
	{ "symlink_is_not_followed", symlink_is_not_followed },
};

static bool run_one(size_t i)
{
	struct place p = { .path = "/tmp/image-test-XXXXXX", .arena = arena_new() };
	char rm[128];

	why = NULL;
	if (!p.arena || !mkdtemp(p.path) || image_dir_open(p.path, p.arena, &p.dir) < 0)
		abort();
	tests[i].run(&p);
	image_dir_close(p.dir);
	arena_free(p.arena);
	snprintf(rm, sizeof(rm), "rm -r %s", p.path);
	if (system(rm))
		abort();
	printf("%s image %s%s%s\n", why ? "FAIL" : "PASS", tests[i].name, why ? ": " : "", why ? why : "");
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
