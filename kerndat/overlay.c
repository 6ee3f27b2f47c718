/* SPDX-License-Identifier: LGPL-2.1-only */
/* How overlayfs shows its files: asked of overlays that are mounted nowhere, in a child. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

static int set_string(int fs, const char *key, const char *value)
{
	return (int)neg_errno(syscall(SYS_fsconfig, fs, 1 /* FSCONFIG_SET_STRING */, key, value, 0));
}

/* A file system that is mounted nowhere: gone with its descriptor. */
static int detached(const char *type, const char *option, const char *value)
{
	autofd int fs = (int)neg_errno(syscall(SYS_fsopen, type, 1 /* FSOPEN_CLOEXEC */));
	int r;

	if (fs < 0)
		return fs;
	r = option ? set_string(fs, option, value) : 0;
	if (r == 0)
		r = (int)neg_errno(syscall(SYS_fsconfig, fs, 6 /* FSCONFIG_CMD_CREATE */, NULL, NULL, 0));
	if (r < 0)
		return r;
	return (int)neg_errno(syscall(SYS_fsmount, fs, 1 /* FSMOUNT_CLOEXEC */, 0));
}

/* A detached tmpfs with the directory "a" and a file of a page in it. All descriptors end with the child. */
static int make_layer(void)
{
	int layer = detached("tmpfs", NULL, NULL), file;

	if (layer < 0)
		return layer;
	if (mkdirat(layer, "a", 0755) < 0)
		return -errno;
	file = neg_errno(openat(layer, "a/f", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	if (file < 0)
		return file;
	return ftruncate(file, sysconf(_SC_PAGESIZE)) < 0 ? -errno : layer;
}

/* An overlay of two layers on file systems of their own. False: @ret_answer says why there is none. */
static bool make_overlay(int *ret_over, struct kd_answer *ret_answer)
{
	int above = make_layer(), below = make_layer(), over;
	char lowers[96];

	if (above < 0 || below < 0) {
		*ret_answer = kd_cannot_tell_why(above < 0 ? above : below, "a detached tmpfs to build an overlay on");
		return false;
	}
	snprintf(lowers, sizeof(lowers), "/proc/self/fd/%d/a:/proc/self/fd/%d/a", above, below);
	over = detached("overlay", "lowerdir", lowers);
	if (over < 0) {
		*ret_answer = over == -ENODEV ? kd_no_why("there is no overlayfs") :
						kd_cannot_tell_why(over, "a detached overlayfs");
		return false;
	}
	*ret_over = over;
	return true;
}

/* Map a file of an overlay, and see which file map_files tells. */
static struct kd_answer look_through_overlay(void *arg)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct stat st, seen;
	struct kd_answer a;
	int over, file;
	char path[96];
	void *p;

	if (!make_overlay(&over, &a))
		return a;
	file = neg_errno(openat(over, "f", O_RDONLY | O_CLOEXEC));
	if (file < 0 || fstat(file, &st) < 0)
		return kd_cannot_tell(errno);
	p = mmap(NULL, page, PROT_READ, MAP_PRIVATE, file, 0);
	if (p == MAP_FAILED)
		return kd_cannot_tell(errno);
	snprintf(path, sizeof(path), "/proc/self/map_files/%" PRIxPTR "-%" PRIxPTR, (uintptr_t)p, (uintptr_t)p + page);
	if (stat(path, &seen) < 0)
		return kd_cannot_tell(errno);
	return seen.st_dev == st.st_dev && seen.st_ino == st.st_ino ?
		       kd_yes() : kd_no_why("map_files shows the file below");
}

PROBE(probe_overlayfs_maps)
{
	return kd_in_child(kd, look_through_overlay, NULL);
}

static struct kd_answer compare_devices(void *arg)
{
	struct stat root, file;
	struct kd_answer a;
	int over;

	if (!make_overlay(&over, &a))
		return a;
	if (fstat(over, &root) < 0 || fstatat(over, "f", &file, 0) < 0)
		return kd_cannot_tell(errno);
	return root.st_dev == file.st_dev ? kd_yes() : kd_no_why("a file has a device number that no mount has");
}

PROBE(probe_overlayfs_dev)
{
	return kd_in_child(kd, compare_devices, NULL);
}

static struct kd_answer open_by_handle(void *arg)
{
	struct {
		struct file_handle h;
		unsigned char room[MAX_HANDLE_SZ];
	} fh = { .h.handle_bytes = MAX_HANDLE_SZ };
	struct kd_answer a;
	int over, id, r;

	if (!make_overlay(&over, &a))
		return a;
	r = neg_errno(name_to_handle_at(over, "f", &fh.h, &id, 0));
	if (r == -EOPNOTSUPP)
		return kd_no_err(r);
	if (r >= 0)
		r = neg_errno(open_by_handle_at(over, &fh.h, O_PATH | O_CLOEXEC));
	if (r == -EOPNOTSUPP || r == -ESTALE)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

PROBE(probe_overlayfs_handles)
{
	return kd_in_child(kd, open_by_handle, NULL);
}
