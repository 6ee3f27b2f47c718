/* SPDX-License-Identifier: LGPL-2.1-only */
/* userfaultfd: may we, and what can it. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

/* Features of an open userfaultfd: asking for none gets all that there are. */
static struct kd_answer features_of(int fd)
{
	struct uffdio_api api = { .api = UFFD_API };

	if (ioctl(fd, UFFDIO_API, &api) < 0)
		return kd_cannot_tell_why(errno, "UFFDIO_API");
	return kd_yes_value(api.features);
}

PROBE(probe_uffd)
{
	autofd int fd = (int)neg_errno(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK));

	/* EPERM: faults in kernel mode are for the privileged; the restorer's own system calls
	 * make such faults, so user mode alone would not do. */
	if (fd == -EPERM)
		return kd_cannot_tell(fd);
	if (fd < 0)
		return kd_by_enosys(fd);
	return features_of(fd);
}

PROBE(probe_uffd_bits)
{
	struct kd_answer uffd = kerndat_ask(kd, KD_UFFD);

	if (uffd.state == KD_NO)
		return kd_no_why("no userfaultfd");
	if (uffd.state != KD_YES)
		return kd_cannot_tell_why(uffd.err, "cannot tell about uffd");
	return (uffd.value & (uint64_t)row->arg) == (uint64_t)row->arg ? kd_yes() : kd_no();
}

PROBE(probe_uffd_dev)
{
	autofd int dev = neg_errno(open("/dev/userfaultfd", O_RDWR | O_CLOEXEC));
	autofd int fd = -1;

	if (dev == -ENOENT)
		return kd_no_err(dev);
	if (dev < 0)
		return kd_cannot_tell(dev);
	fd = neg_errno(ioctl(dev, K_USERFAULTFD_IOC_NEW, O_CLOEXEC));
	return fd < 0 ? kd_cannot_tell(fd) : kd_yes();
}
