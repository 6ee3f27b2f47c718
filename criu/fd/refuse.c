// SPDX-License-Identifier: GPL-2.0-only
/* What we cannot dump yet, by name, with what helps. */
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "criu/fd/files.h"

#define CLOSE "close it before the dump"

/* By the head of the magic link's text. */
static const struct {
	const char *link, *what, *helps;
} by_link[] = {
	{ "socket:[", "a socket", CLOSE },
	{ "anon_inode:inotify", "an inotify instance", CLOSE },
	{ "anon_inode:[fanotify]", "a fanotify group", CLOSE },
	{ "anon_inode:bpf-map", "a BPF map", CLOSE },
	{ "anon_inode:bpf", "a BPF object", CLOSE },
	{ "anon_inode:[pidfd]", "a pidfd", CLOSE },
	{ "pidfd:[", "a pidfd", CLOSE },
	{ "anon_inode:[io_uring]", "an io_uring", "stop the program's use of io_uring" },
	{ "anon_inode:[userfaultfd]", "a userfaultfd", CLOSE },
	{ "anon_inode:[perf_event]", "a perf event", CLOSE },
	{ "anon_inode:seccomp notify", "a seccomp listener", CLOSE },
	{ "anon_inode:[landlock-ruleset]", "a landlock ruleset", CLOSE },
	{ "anon_inode:[fscontext]", "a file system context", CLOSE },
	{ "anon_inode:kvm", "a KVM object", CLOSE },
	{ "anon_inode:", "a kernel object of this type", CLOSE },
	{ "/dmabuf:", "a DMA buffer", CLOSE },
	{ "net:[", "a namespace file", CLOSE },
	{ "mnt:[", "a namespace file", CLOSE },
	{ "pid:[", "a namespace file", CLOSE },
	{ "user:[", "a namespace file", CLOSE },
	{ "uts:[", "a namespace file", CLOSE },
	{ "ipc:[", "a namespace file", CLOSE },
	{ "time:[", "a namespace file", CLOSE },
	{ "cgroup:[", "a namespace file", CLOSE },
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

int refuse_unknown(const struct fd_info *fi)
{
	mode_t type = fi->st.st_mode & S_IFMT;

	for (size_t i = 0; i < sizeof(by_link) / sizeof(*by_link); i++) {
		if (!strncmp(fi->link, by_link[i].link, strlen(by_link[i].link)))
			return refuse_fd(fi, -ENOTSUP, "dump %s; %s", by_link[i].what, by_link[i].helps);
	}
	for (size_t i = 0; type == S_IFCHR && i < sizeof(by_device) / sizeof(*by_device); i++) {
		if (major(fi->st.st_rdev) == by_device[i].major &&
		    (by_device[i].minor < 0 || minor(fi->st.st_rdev) == (unsigned int)by_device[i].minor))
			return refuse_fd(fi, -ENOTSUP, "dump a device with state (%s); %s", by_device[i].what, by_device[i].helps);
	}
	if (type == S_IFCHR)
		return refuse_fd(fi, -ENOTSUP, "dump a device with state (%u:%u); " CLOSE, major(fi->st.st_rdev),
				 minor(fi->st.st_rdev));
	if (type == S_IFBLK)
		return refuse_fd(fi, -ENOTSUP, "dump a block device (%u:%u); " CLOSE, major(fi->st.st_rdev),
				 minor(fi->st.st_rdev));
	return refuse_fd(fi, -ENOTSUP, "dump a file of this kind (mode %o); " CLOSE, fi->st.st_mode);
}
