// SPDX-License-Identifier: GPL-2.0-only
/* What we cannot dump yet, by name, with what helps. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "criu/fd/files.h"
#include "criu/task/dump.h"

#define CLOSE "close it before the dump"

/* By the head of the magic link's text. */
static const struct {
	const char *link;
	enum blocker code;
	const char *what, *helps;
} by_link[] = {
	{ "socket:[", BLOCKER_SOCKET, "a socket", CLOSE },
	{ "anon_inode:inotify", BLOCKER_INOTIFY, "an inotify instance", CLOSE },
	{ "anon_inode:[fanotify]", BLOCKER_FANOTIFY, "a fanotify group", CLOSE },
	{ "anon_inode:bpf-map", BLOCKER_BPF, "a BPF map", CLOSE },
	{ "anon_inode:bpf", BLOCKER_BPF, "a BPF object", CLOSE },
	{ "anon_inode:[pidfd]", BLOCKER_PIDFD, "a pidfd", CLOSE },
	{ "pidfd:[", BLOCKER_PIDFD, "a pidfd", CLOSE },
	{ "anon_inode:[io_uring]", BLOCKER_IO_URING, "an io_uring", "stop the program's use of io_uring" },
	{ "anon_inode:[userfaultfd]", BLOCKER_USERFAULTFD, "a userfaultfd", CLOSE },
	{ "anon_inode:[perf_event]", BLOCKER_PERF, "a perf event", CLOSE },
	{ "anon_inode:seccomp notify", BLOCKER_NOTIFY, "a seccomp listener", CLOSE },
	{ "anon_inode:[landlock-ruleset]", BLOCKER_LANDLOCK, "a landlock ruleset", CLOSE },
	{ "anon_inode:[fscontext]", BLOCKER_FSCONTEXT, "a file system context", CLOSE },
	{ "anon_inode:kvm", BLOCKER_KVM, "a KVM object", CLOSE },
	{ "anon_inode:", BLOCKER_KERNEL_OBJECT, "a kernel object of this type", CLOSE },
	{ "/dmabuf:", BLOCKER_DMABUF, "a DMA buffer", CLOSE },
	{ "net:[", BLOCKER_NS_FILE, "a namespace file", CLOSE },
	{ "mnt:[", BLOCKER_NS_FILE, "a namespace file", CLOSE },
	{ "pid:[", BLOCKER_NS_FILE, "a namespace file", CLOSE },
	{ "user:[", BLOCKER_NS_FILE, "a namespace file", CLOSE },
	{ "uts:[", BLOCKER_NS_FILE, "a namespace file", CLOSE },
	{ "ipc:[", BLOCKER_NS_FILE, "a namespace file", CLOSE },
	{ "time:[", BLOCKER_NS_FILE, "a namespace file", CLOSE },
	{ "cgroup:[", BLOCKER_NS_FILE, "a namespace file", CLOSE },
};

/* Character devices by number, minor -1: any. */
static const struct {
	unsigned int major;
	int minor;
	const char *what, *helps;
} by_device[] = {
	{ 10, 200, "a network tunnel", CLOSE },
	{ 10, 229, "a connection of a FUSE server", CLOSE },
	{ 10, 235, "an autofs control device", CLOSE },
	{ 195, -1, "a GPU", CLOSE },
	{ 226, -1, "a GPU", CLOSE },
	{ 13, -1, "an input device", CLOSE },
	{ 116, -1, "a sound device", CLOSE },
};

static int refuse_by(const struct dump *d, const struct fd_info *fi, enum blocker code, const char *what, const char *helps)
{
	const struct block_object o = { .pid = fi->task->pid, .fd = fi->number, .at = fi->at, .path = fi->link };

	return block_object_at(__FILE__, __LINE__, d->survey, code, &o, -ENOTSUP, "dump %s; %s", what, helps);
}

int refuse_unknown(const struct dump *d, const struct fd_info *fi)
{
	unsigned int maj = major(fi->st.st_rdev), min = minor(fi->st.st_rdev);
	mode_t type = fi->st.st_mode & S_IFMT;
	char what[64];

	for (size_t i = 0; i < sizeof(by_link) / sizeof(*by_link); i++) {
		if (!strncmp(fi->link, by_link[i].link, strlen(by_link[i].link)))
			return refuse_by(d, fi, by_link[i].code, by_link[i].what, by_link[i].helps);
	}
	for (size_t i = 0; type == S_IFCHR && i < sizeof(by_device) / sizeof(*by_device); i++) {
		if (maj != by_device[i].major || (by_device[i].minor >= 0 && min != (unsigned int)by_device[i].minor))
			continue;
		snprintf(what, sizeof(what), "a device with state (%s)", by_device[i].what);
		return refuse_by(d, fi, BLOCKER_DEVICE, what, by_device[i].helps);
	}
	if (type == S_IFCHR)
		return block_fd(d, DEVICE, fi, -ENOTSUP, "dump a device with state (%u:%u); " CLOSE, maj, min);
	if (type == S_IFBLK)
		return block_fd(d, BLOCK, fi, -ENOTSUP, "dump a block device (%u:%u); " CLOSE, maj, min);
	return block_fd(d, UNKNOWN_FILE, fi, -ENOTSUP, "dump a file of this kind (mode %o); " CLOSE, fi->st.st_mode);
}
