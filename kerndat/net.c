/* SPDX-License-Identifier: LGPL-2.1-only */
/* Sockets: finding them, their options. Devices and filters are in netdev.c, TCP in tcp.c. */
#include "kerndat/probes.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "kerndat/netlink.h"

/*
 * A dump of no socket: all these requests begin with family and protocol, and the states that
 * follow for most are none. Netlink and packet sockets have no states: a dump starts, and ends
 * with our socket.
 */
PROBE(probe_diag)
{
	uint8_t family = row->arg & 0xff, protocol = row->arg >> 8 & 0xff;
	bool inet = family == AF_INET || family == AF_INET6;
	uint8_t body[56] = { family, family == AF_NETLINK ? 0xff : protocol };
	struct kd_nl_msg m;
	int r;

	kd_nl_start(&m, 20 /* SOCK_DIAG_BY_FAMILY */, NLM_F_DUMP, body, inet ? 56 : 24);
	r = kd_nl_ask(NETLINK_SOCK_DIAG, &m, m.h.nlmsg_len, 0);
	if (r == -ENOENT || r == -EPROTONOSUPPORT)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

/* --- options ---------------------------------------------------------------------------------------- */

static int open_kind(const char *kind)
{
	int pair[2];

	if (!strcmp(kind, "unix"))
		return neg_errno(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	if (!strcmp(kind, "tcp"))
		return neg_errno(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	if (!strcmp(kind, "udp"))
		return neg_errno(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (!strcmp(kind, "udp6"))
		return neg_errno(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	close(pair[1]);
	return pair[0];
}

/* An option that can be read is there. */
PROBE(probe_sockopt)
{
	autofd int fd = open_kind(row->path);
	char value[64];
	socklen_t size = sizeof(value);
	int level = (int)(row->arg >> 16), option = (int)(row->arg & 0xffff), r;

	if (fd == -EAFNOSUPPORT)
		return kd_cannot_tell_why(fd, "no socket of that family to ask");
	if (fd < 0)
		return kd_cannot_tell(fd);
	/* SO_GET_FILTER counts its room in instructions. */
	if (level == SOL_SOCKET && option == SO_GET_FILTER)
		size = 0;
	r = neg_errno(getsockopt(fd, level, option, value, &size));
	if (r == -ENOPROTOOPT || r == -EOPNOTSUPP)
		return kd_no_err(r);
	/* SO_PEERPIDFD gave a descriptor; the others gave numbers. */
	if (r == 0 && level == SOL_SOCKET && option == 77)
		close(*(int *)value);
	/* ENODATA, ESRCH: known, and nothing to tell of this socket. */
	return r == 0 || r == -ENODATA || r == -ESRCH || r == -EINVAL ? kd_yes() : kd_cannot_tell(r);
}

PROBE(probe_sk_ns)
{
	autofd int fd = open_kind("udp");
	autofd int ns = -1;

	if (fd < 0)
		return kd_cannot_tell(fd);
	ns = neg_errno(ioctl(fd, 0x894C /* SIOCGSKNS */, 0));
	if (ns == -ENOTTY || ns == -EINVAL)
		return kd_no_err(ns);
	return ns < 0 ? kd_cannot_tell(ns) : kd_yes();
}

PROBE(probe_sk_unix_file)
{
	autofd int fd = open_kind("unix");
	int r;

	if (fd < 0)
		return kd_cannot_tell(fd);
	/* Bound to nothing: ENOENT from who knows the request. */
	r = neg_errno(ioctl(fd, 0x89E0 /* SIOCUNIXFILE */, 0));
	if (r == -ENOENT)
		return kd_yes();
	if (r == -ENOTTY || r == -EINVAL)
		return kd_no_err(r);
	return kd_cannot_tell(r);
}

/* --- families ---------------------------------------------------------------------------------------- */

static struct kd_answer can_open(int family, int type, int protocol)
{
	autofd int fd = neg_errno(socket(family, type | SOCK_CLOEXEC, protocol));

	if (fd == -EAFNOSUPPORT || fd == -EPROTONOSUPPORT || fd == -ENOPROTOOPT)
		return kd_no_err(fd);
	return fd < 0 ? kd_cannot_tell(fd) : kd_yes();
}

PROBE(probe_mptcp)
{
	return can_open(AF_INET, SOCK_STREAM, 262 /* IPPROTO_MPTCP */);
}

PROBE(probe_vsock)
{
	return can_open(40 /* AF_VSOCK */, SOCK_STREAM, 0);
}

PROBE(probe_ipv6)
{
	return can_open(AF_INET6, SOCK_DGRAM, 0);
}
