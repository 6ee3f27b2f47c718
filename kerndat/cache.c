/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The cache file: a header and answers, each under the 128-bit key of the world it holds in
 * (key.c), so that root, a container and an ordinary user need not throw each other out.
 *
 * Where: /run for root, $XDG_RUNTIME_DIR for others, if that is a tmpfs; else /dev/shm. A tmpfs,
 * because no answer outlives the boot. The file is replaced by rename, never written in place;
 * of two that save at once the last one wins and the other asks again some day.
 *
 * Trust: a plain file, ours or root's, writable by nobody else, no symbolic link, of sane size, with this
 * build's id and the right checksum. All else is as good as no file.
 */
#include "kerndat/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "kerndat/probe.h"

/* libkerndat has a file of its own: another build's answers are none, and two would throw each other out. */
#ifndef KD_CACHE_NAME
#define KD_CACHE_NAME "criu.kerndat"
#endif

#define FORMAT	    1
#define MAX_ENTRIES 4096

struct header {
	char magic[8];
	uint32_t format;
	uint32_t count;
	struct kd_key build;
	struct kd_key sum; /* of the entries */
};

static const char magic[8] = "KERNDAT";

_Static_assert(sizeof(struct kd_entry) % 8 == 0, "entries lie side by side");

static struct kd_key sum_of(const void *entries, size_t size)
{
	struct kd_key sum;

	kd_key_start(&sum);
	kd_key_add(&sum, entries, size);
	return sum;
}

static bool is_sane(const struct kd_entry *e)
{
	static const uint8_t zero[sizeof(e->zero)];

	return e->row > KD_NO_ROW && e->row < KD_ROWS_END &&
	       (e->state == KD_YES || e->state == KD_NO) && e->has_value <= 1 && e->err >= 0 &&
	       memchr(e->why, 0, sizeof(e->why)) && !memcmp(e->zero, zero, sizeof(zero)) &&
	       kerndat_feature(e->row)->scope != KD_LIVE;
}

int kd_cache_parse(const void *data, size_t size, const struct kd_key *build,
		   struct kd_entry **ret_entries, size_t *ret_count)
{
	autofree struct kd_entry *entries = NULL;
	struct header h;
	struct kd_key sum;

	if (size < sizeof(h))
		return -EINVAL;
	memcpy(&h, data, sizeof(h));
	if (memcmp(h.magic, magic, sizeof(magic)) || h.format != FORMAT || h.count > MAX_ENTRIES ||
	    memcmp(&h.build, build, sizeof(*build)) ||
	    size != sizeof(h) + h.count * sizeof(*entries))
		return -EINVAL;

	size -= sizeof(h);
	sum = sum_of((const char *)data + sizeof(h), size);
	if (memcmp(&sum, &h.sum, sizeof(sum)))
		return -EINVAL;

	entries = malloc(size ? size : 1);
	if (!entries)
		return -ENOMEM;
	memcpy(entries, (const char *)data + sizeof(h), size);
	for (uint32_t i = 0; i < h.count; i++)
		if (!is_sane(&entries[i]))
			return -EINVAL;

	*ret_entries = take_ptr(entries);
	*ret_count = h.count;
	return 0;
}

int kd_cache_format(const struct kd_entry *entries, size_t count, const struct kd_key *build,
		    void **ret_data, size_t *ret_size)
{
	size_t size = count * sizeof(*entries);
	struct header h = { .format = FORMAT, .count = (uint32_t)count, .build = *build };
	char *data = malloc(sizeof(h) + size);

	if (!data)
		return -ENOMEM;
	memcpy(h.magic, magic, sizeof(magic));
	h.sum = sum_of(entries, size);
	memcpy(data, &h, sizeof(h));
	memcpy(data + sizeof(h), entries, size);
	*ret_data = data;
	*ret_size = sizeof(h) + size;
	return 0;
}

/* --- the file ------------------------------------------------------------------------------------ */

int kd_cache_read(int dirfd, const char *path, void **ret_data, size_t *ret_size)
{
	/* O_NONBLOCK: a FIFO in its place must not hold us. */
	autofd int fd = neg_errno(openat(dirfd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
	autofree char *data = NULL;
	struct stat st;
	int r;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	/* Root's is as good as ours: root could tell us anything anyway. */
	if (!S_ISREG(st.st_mode) || st.st_mode & 022 || (st.st_uid != 0 && st.st_uid != geteuid()))
		return -EPERM;
	if (st.st_size < (off_t)sizeof(struct header) ||
	    st.st_size > (off_t)(sizeof(struct header) + MAX_ENTRIES * sizeof(struct kd_entry)))
		return -EINVAL;

	data = malloc((size_t)st.st_size);
	if (!data)
		return -ENOMEM;
	r = io_read(fd, data, (size_t)st.st_size);
	if (r < 0)
		return r;
	*ret_data = take_ptr(data);
	*ret_size = (size_t)st.st_size;
	return 0;
}

int kd_cache_replace(int dirfd, const char *name, const void *data, size_t size)
{
	char temp[80];
	struct timespec now;
	int r;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(temp, sizeof(temp), ".%s.%d.%lx", name, getpid(),
		 (unsigned long)now.tv_sec * 1000000000ul + (unsigned long)now.tv_nsec);

	autofd int fd = neg_errno(openat(dirfd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
	if (fd < 0)
		return fd;
	r = io_write(fd, data, size);
	if (r < 0)
		goto undo;
	if (renameat(dirfd, temp, dirfd, name) < 0) {
		r = -errno;
		goto undo;
	}
	return 0;
undo:
	(void)unlinkat(dirfd, temp, 0);
	return r;
}

/* The places, best first: directory and file name in it. */
static bool place(int i, char *dir, size_t dir_size, char *name, size_t name_size)
{
	/* As we were started: who is another by now finds nothing there, and asks. Costs no call, as a warm start has few. */
	const char *run = getauxval(AT_EUID) == 0 ? "/run" : getenv("XDG_RUNTIME_DIR");

	if (i == 0) {
		snprintf(dir, dir_size, "%s", run && *run == '/' ? run : "");
		snprintf(name, name_size, KD_CACHE_NAME);
		return true;
	}
	if (i > 1)
		return false;
	snprintf(dir, dir_size, "/dev/shm");
	snprintf(name, name_size, KD_CACHE_NAME ".%u", (unsigned)geteuid());
	return true;
}

static int read_any(void **ret_data, size_t *ret_size)
{
	char dir[256], name[64], path[sizeof(dir) + sizeof(name)];
	int r = -ENOENT;

	for (int i = 0; r < 0 && place(i, dir, sizeof(dir), name, sizeof(name)); i++) {
		if (!*dir)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, name);
		r = kd_cache_read(AT_FDCWD, path, ret_data, ret_size);
	}
	return r;
}

static bool is_tmpfs(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC);
}

static void write_any(const void *data, size_t size)
{
	char dir[256], name[64];

	for (int i = 0; place(i, dir, sizeof(dir), name, sizeof(name)); i++) {
		autofd int fd = neg_errno(open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC));

		if (fd >= 0 && is_tmpfs(fd) && kd_cache_replace(fd, name, data, size) >= 0)
			return;
	}
}

/* --- between the file and the handle ------------------------------------------------------------- */

static void load(struct kerndat *kd)
{
	autofree void *data = NULL;
	struct kd_key build;
	size_t size;

	if (kd_key_build(&build) < 0 || read_any(&data, &size) < 0)
		return;
	if (kd_cache_parse(data, size, &build, &kd->entries, &kd->entry_count) < 0)
		kd->entry_count = 0;
}

static bool same(const struct kd_key *a, const struct kd_key *b)
{
	return a->a == b->a && a->b == b->b;
}

static void take_entries(struct kerndat *kd, enum kd_scope scope)
{
	for (size_t i = 0; i < kd->entry_count; i++) {
		const struct kd_entry *e = &kd->entries[i];
		struct kd_answer a = {
			.state = e->state,
			.err = e->err,
			.has_value = e->has_value,
			.value = e->value,
		};

		if (!same(&e->key, &kd->keys[scope]) || kerndat_feature(e->row)->scope != scope)
			continue;
		memcpy(a.why, e->why, sizeof(a.why));
		kd_slot_put(&kd->slots[e->row], &a, true);
	}
}

/* First come, first served; who comes meanwhile probes for himself and nobody waits. */
static bool claim(_Atomic int *step)
{
	int none = 0;

	return atomic_compare_exchange_strong(step, &none, 1);
}

void kd_cache_fetch(struct kerndat *kd, enum kd_scope scope)
{
	if (atomic_load(&kd->fetched[scope]) || kd_filtered(kd) || !claim(&kd->fetched[scope]))
		return;
	if (claim(&kd->loaded)) {
		load(kd);
		atomic_store(&kd->loaded, 2);
	}
	if (atomic_load(&kd->loaded) != 2 || kd_key_scope(scope, &kd->keys[scope]) < 0)
		return;
	kd->has_key[scope] = true;
	take_entries(kd, scope);
}

static size_t learned_entries(struct kerndat *kd, struct kd_entry *out)
{
	size_t n = 0;

	for (uint32_t row = KD_NO_ROW + 1; row < KD_ROWS_END; row++) {
		const struct kd_slot *slot = &kd->slots[row];
		enum kd_scope scope = kerndat_feature(row)->scope;
		const struct kd_answer *a = &slot->answer;

		if (atomic_load(&slot->phase) != SLOT_READY || slot->cached || scope == KD_LIVE ||
		    a->state == KD_CANNOT_TELL || !kd->has_key[scope])
			continue;
		out[n] = (struct kd_entry){
			.key = kd->keys[scope],
			.row = row,
			.state = (uint8_t)a->state,
			.err = a->err,
			.has_value = a->has_value,
			.value = a->value,
		};
		memcpy(out[n++].why, a->why, sizeof(a->why));
	}
	return n;
}

/* @old behind the @n entries of @all, without what @all has already; newest first. */
static size_t keep_old(struct kd_entry *all, size_t n, const struct kd_entry *old, size_t old_count)
{
	size_t fresh = n;

	for (size_t i = 0; i < old_count && n < MAX_ENTRIES; i++) {
		bool known = false;

		for (size_t j = 0; j < fresh && !known; j++)
			known = all[j].row == old[i].row && same(&all[j].key, &old[i].key);
		if (!known)
			all[n++] = old[i];
	}
	return n;
}

void kd_cache_save(struct kerndat *kd)
{
	autofree struct kd_entry *all = calloc(MAX_ENTRIES, sizeof(*all)), *old = NULL;
	autofree void *data = NULL, *was = NULL;
	size_t count, size, old_count = 0;
	struct kd_key build;

	if (!all || kd_filtered(kd) || kd_key_build(&build) < 0)
		return;
	count = learned_entries(kd, all);
	if (!count)
		return;

	/* Read again: another criu may have saved since we loaded. */
	if (read_any(&was, &size) >= 0 && kd_cache_parse(was, size, &build, &old, &old_count) < 0)
		old_count = 0;
	count = keep_old(all, count, old, old_count);
	if (kd_cache_format(all, count, &build, &data, &size) >= 0)
		write_any(data, size);
}
