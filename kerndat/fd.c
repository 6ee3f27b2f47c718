/* SPDX-License-Identifier: LGPL-2.1-only */
/* Open files: what the kernel tells of them and lets us set. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "kerndat/state.h"

/* --- fdinfo ------------------------------------------------------------------------------------------- */

/* An epoll that watches @ret_other, which must stay open: the entry ends with it. */
static int make_epoll(int *ret_other)
{
	autofd int ep = neg_errno(epoll_create1(EPOLL_CLOEXEC));
	autofd int ev = neg_errno(eventfd(0, EFD_CLOEXEC));
	struct epoll_event e = { .events = EPOLLIN };

	if (ep < 0 || ev < 0)
		return ep < 0 ? ep : ev;
	if (epoll_ctl(ep, EPOLL_CTL_ADD, ev, &e) < 0)
		return -errno;
	*ret_other = take_fd(&ev);
	return take_fd(&ep);
}

static int make_signalfd(void)
{
	sigset_t set;

	sigemptyset(&set);
	return neg_errno(signalfd(-1, &set, SFD_CLOEXEC));
}

static int make_inotify(void)
{
	autofd int fd = neg_errno(inotify_init1(IN_CLOEXEC));

	if (fd >= 0 && inotify_add_watch(fd, "/", IN_DELETE_SELF) < 0)
		return -errno;
	return take_fd(&fd);
}

static int make_locked(void)
{
	autofd int fd = neg_errno(memfd_create("kerndat", MFD_CLOEXEC));

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	return take_fd(&fd);
}

static int make_pipe(void)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	close(fds[1]);
	return fds[0];
}

static int make_kind(const char *kind, int *ret_other)
{
	if (!strcmp(kind, "eventfd"))
		return neg_errno(eventfd(0, EFD_CLOEXEC));
	if (!strcmp(kind, "epoll"))
		return make_epoll(ret_other);
	if (!strcmp(kind, "signalfd"))
		return make_signalfd();
	if (!strcmp(kind, "inotify"))
		return make_inotify();
	if (!strcmp(kind, "lock"))
		return make_locked();
	return make_pipe();
}

static struct kd_answer fdinfo_has(int fd, const char *what)
{
	char path[64], text[4096];
	int r;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	r = kd_read_file(path, text, sizeof(text));
	if (r < 0)
		return kd_cannot_tell(r);
	return strstr(text, what) ? kd_yes() : kd_no();
}

PROBE(probe_fdinfo)
{
	autofd int fd = -1, other = -1;
	char kind[64], *what;
	struct kd_answer a;

	snprintf(kind, sizeof(kind), "%s", row->path);
	what = strchr(kind, '\n');
	*what++ = 0;
	fd = make_kind(kind, &other);
	if (fd == -ENOSYS)
		return kd_no_err(fd);
	if (fd < 0)
		return kd_cannot_tell_why(fd, "making one to look at");
	a = fdinfo_has(fd, what);
	/* Some are slow to close (inotify waits for a grace period): that can be done at the end of a lab, for which nobody waits. */
	if (kd->in_lab)
		(void)take_fd(&fd);
	return a;
}

PROBE(probe_timerfd)
{
	autofd int fd = neg_errno(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
	struct kd_answer shown;
	uint64_t ticks = 0;
	int r;

	if (fd < 0)
		return kd_by_enosys(fd);
	shown = fdinfo_has(fd, "clockid:");
	if (shown.state != KD_YES)
		return shown;
	/* No ticks are refused with EINVAL by who knows the request. */
	r = neg_errno(ioctl(fd, K_TFD_IOC_SET_TICKS, &ticks));
	if (r == -ENOTTY)
		return kd_no_err(r);
	return r >= 0 || r == -EINVAL ? kd_yes() : kd_cannot_tell(r);
}

PROBE(probe_inotify_setnextwd)
{
	autofd int fd = neg_errno(inotify_init1(IN_CLOEXEC));
	int r;

	if (fd < 0)
		return kd_by_enosys(fd);
	r = neg_errno(ioctl(fd, K_INOTIFY_IOC_SETNEXTWD, 7));
	if (r == -ENOTTY)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

/* --- files -------------------------------------------------------------------------------------------- */

PROBE(probe_fhandles)
{
	struct {
		struct file_handle h;
		unsigned char room[MAX_HANDLE_SZ];
	} fh = { .h.handle_bytes = MAX_HANDLE_SZ };
	autofd int fd = -1, mnt = neg_errno(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	int id, r;

	if (mnt < 0)
		return kd_cannot_tell(mnt);
	r = neg_errno(name_to_handle_at(AT_FDCWD, "/", &fh.h, &id, 0));
	if (r == -EOPNOTSUPP)
		return kd_cannot_tell_why(r, "the root file system has no handles to try");
	if (r < 0)
		return kd_by_enosys(r);
	fd = neg_errno(open_by_handle_at(mnt, &fh.h, O_PATH | O_CLOEXEC));
	if (fd == -EPERM)
		return kd_no_err(fd);
	return fd < 0 ? kd_cannot_tell(fd) : kd_yes();
}

PROBE(probe_fanotify)
{
	autofd int fd = neg_errno(fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY));

	return kd_by_enosys(fd);
}

PROBE(probe_tty_ioctls)
{
	autofd int fd = neg_errno(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
	static const unsigned long reads[] = { TIOCGPKT, TIOCGPTLCK, TIOCGEXCL };
	int value, r;

	if (fd < 0)
		return kd_cannot_tell(fd);
	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		r = neg_errno(ioctl(fd, reads[i], &value));
		if (r == -ENOTTY || r == -EINVAL)
			return kd_no_err(r);
		if (r < 0)
			return kd_cannot_tell(r);
	}
	return kd_yes();
}

PROBE(probe_openat2)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = { .flags = O_PATH | O_CLOEXEC };
	autofd int fd = (int)neg_errno(syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how)));

	return kd_by_enosys(fd);
}

PROBE(probe_statx)
{
	struct statx stx = { 0 };
	int r = neg_errno(statx(AT_FDCWD, "/", AT_STATX_DONT_SYNC, (unsigned)row->arg, &stx));

	if (r < 0)
		return kd_by_enosys(r);
	return stx.stx_mask & (unsigned)row->arg ? kd_yes() : kd_no();
}

PROBE(probe_seek_hole)
{
	autofd int fd = neg_errno(memfd_create("kerndat", MFD_CLOEXEC));
	off_t data;

	if (fd < 0)
		return kd_cannot_tell(fd);
	if (ftruncate(fd, 1 << 20) < 0 || pwrite(fd, "x", 1, 1 << 19) != 1)
		return kd_cannot_tell(errno);
	data = lseek(fd, 0, SEEK_DATA);
	if (data < 0)
		return errno == EINVAL ? kd_no_err(EINVAL) : kd_cannot_tell(errno);
	return data > 0 ? kd_yes() : kd_no();
}

/* --- the newer kinds ------------------------------------------------------------------------------------ */

PROBE(probe_io_uring)
{
	long r = neg_errno(syscall(SYS_io_uring_setup, 1, NULL));

	/* EPERM: kernel.io_uring_disabled, so nobody here has one who may not; or a filter on us alone. */
	if (r == -EPERM && !kd_filtered(kd))
		return kd_no_err((int)r);
	return r == -EFAULT || r == -EINVAL ? kd_yes() : kd_by_enosys(r);
}

/* Asked for more than any kernel gives, and for what there is: it is made, in a child that ends. */
static struct kd_answer make_largest_ring(void *arg)
{
	struct {
		uint32_t sq_entries, cq_entries, flags, rest[27];
	} params = { .flags = 1 << 4 /* IORING_SETUP_CLAMP */ };
	long r = neg_errno(syscall(SYS_io_uring_setup, 1u << 30, &params));

	if ((r == -EPERM && !kd_filtered(arg)) || r == -EINVAL)
		return kd_no_err((int)r);
	return r < 0 ? kd_by_enosys(r) : kd_yes_value(params.sq_entries);
}

PROBE(probe_io_uring_entries)
{
	return kd_in_child(kd, make_largest_ring, kd);
}

static int make_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1,
	};

	return (int)neg_errno(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)));
}

PROBE(probe_bpf)
{
	autofd int fd = make_map();

	return kd_by_enosys(fd);
}

PROBE(probe_bpf_map_dump)
{
	autofd int fd = make_map();
	uint32_t next = 0, key = 7, value = 7;
	union bpf_attr attr = {
		.batch.out_batch = (uintptr_t)&next,
		.batch.keys = (uintptr_t)&key,
		.batch.values = (uintptr_t)&value,
		.batch.count = 1,
		.batch.map_fd = (uint32_t)fd,
	};
	long r;

	if (fd < 0)
		return kd_by_enosys(fd);
	r = neg_errno(syscall(SYS_bpf, BPF_MAP_LOOKUP_BATCH, &attr, sizeof(attr)));
	if (r == -EINVAL)
		return kd_no_err((int)r);
	/* ENOENT: that was all. */
	if (r < 0 && r != -ENOENT)
		return kd_cannot_tell((int)r);
	return key == 0 && value == 0 ? kd_yes() : kd_no_why("the one element did not come");
}
