/* SPDX-License-Identifier: LGPL-2.1-only */
/* Network devices, in a net namespace of our own. Packet filters are in netfilter.c. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "kerndat/netlink.h"
#include "kerndat/netns.h"

static int ask_route(const struct kd_nl_msg *m, int acks)
{
	return kd_nl_ask(NETLINK_ROUTE, m, m->h.nlmsg_len, acks);
}

/* --- devices ------------------------------------------------------------------------------------------- */

PROBE(probe_nsid)
{
	struct rtgenmsg gen = { .rtgen_family = AF_UNSPEC };
	uint32_t pid = (uint32_t)getpid();
	struct kd_nl_msg m;
	int r;

	kd_nl_start(&m, RTM_GETNSID, 0, &gen, sizeof(gen));
	kd_nl_put(&m, NETNSA_PID, &pid, sizeof(pid));
	r = ask_route(&m, 0);
	if (r == -EOPNOTSUPP || r == -EINVAL)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

/* The loopback device as an id that no namespace has sees it: ignored by who does not know the attribute. */
PROBE(probe_link_nsid)
{
	struct ifinfomsg ifi = { .ifi_index = 1 };
	int32_t nsid = 0x7ffffff0;
	struct kd_nl_msg m;
	int r;

	kd_nl_start(&m, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	kd_nl_put(&m, 46 /* IFLA_TARGET_NETNSID */, &nsid, sizeof(nsid));
	r = ask_route(&m, 0);
	if (r == -EINVAL)
		return kd_yes();
	return r < 0 ? kd_cannot_tell(r) : kd_no();
}

static struct kd_answer set_bad_index(void *arg)
{
	struct ifinfomsg ifi = { .ifi_index = 1 };
	int32_t bad = -1;
	struct kd_nl_msg m;
	int r = kd_own_net();

	if (r < 0)
		return kd_cannot_tell_why(r, "a net namespace to try in");
	/* A negative index breaks the attribute's rule; who does not know it changes nothing. */
	kd_nl_start(&m, RTM_SETLINK, NLM_F_ACK, &ifi, sizeof(ifi));
	kd_nl_put(&m, 49 /* IFLA_NEW_IFINDEX */, &bad, sizeof(bad));
	r = ask_route(&m, 1);
	if (r == -ERANGE || r == -EINVAL)
		return kd_yes();
	return r < 0 ? kd_cannot_tell(r) : kd_no();
}

PROBE(probe_newifindex)
{
	return kd_in_child(kd, set_bad_index, NULL);
}

static struct kd_answer make_link(void *arg)
{
	const char *kind = arg;
	struct ifinfomsg ifi = { 0 };
	struct kd_nl_msg m, info;
	int r = kd_own_net();

	if (r < 0)
		return kd_cannot_tell_why(r, "a net namespace to try in");
	kd_nl_start(&info, 0, 0, "", 0);
	kd_nl_put(&info, IFLA_INFO_KIND, kind, strlen(kind) + 1);
	kd_nl_start(&m, RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &ifi, sizeof(ifi));
	kd_nl_put(&m, IFLA_LINKINFO, info.body, info.h.nlmsg_len - sizeof(info.h));
	r = ask_route(&m, 1);
	if (r == -EOPNOTSUPP)
		return kd_no_err(r);
	/* EINVAL: the kind is known, and wants to hear more (macvlan: on top of what). */
	return r == 0 || r == -EINVAL ? kd_yes() : kd_cannot_tell(r);
}

PROBE(probe_link_kind)
{
	return kd_in_child(kd, make_link, (void *)row->path);
}

PROBE(probe_tun)
{
	autofd int fd = neg_errno(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
	unsigned features;
	int r;

	/* ENXIO, ENODEV: a device file without a driver. */
	if (fd == -ENOENT || fd == -ENXIO || fd == -ENODEV)
		return kd_no_err(fd);
	if (fd < 0)
		return kd_cannot_tell(fd);
	r = neg_errno(ioctl(fd, TUNGETFEATURES, &features));
	return r < 0 ? kd_cannot_tell(r) : kd_yes_value(features);
}

static struct kd_answer tun_namespace(void *arg)
{
	int fd = neg_errno(open("/dev/net/tun", O_RDWR | O_CLOEXEC)), r, ns;
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };

	if (fd == -ENOENT || fd == -ENXIO || fd == -ENODEV)
		return kd_no_err(fd);
	if (fd < 0)
		return kd_cannot_tell(fd);
	close(fd);
	r = kd_own_net();
	if (r < 0)
		return kd_cannot_tell_why(r, "a net namespace to try in");
	fd = neg_errno(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
	if (fd < 0)
		return kd_cannot_tell(fd);
	if (ioctl(fd, TUNSETIFF, &ifr) < 0)
		return kd_cannot_tell(errno);
	ns = neg_errno(ioctl(fd, K_TUNGETDEVNETNS, 0));
	if (ns == -ENOTTY || ns == -EINVAL)
		return kd_no_err(ns);
	return ns < 0 ? kd_cannot_tell(ns) : kd_yes();
}

PROBE(probe_tun_ns)
{
	return kd_in_child(kd, tun_namespace, NULL);
}
