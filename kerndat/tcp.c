/* SPDX-License-Identifier: LGPL-2.1-only */
/* TCP repair, on connections of a net namespace of our own. */
#include "kerndat/probes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "kerndat/netns.h"

/* <netinet/tcp.h> and <linux/tcp.h> do not mix, and neither has all of these everywhere. */
enum { OPT_REPAIR = 19, OPT_TIMESTAMP = 24, OPT_REPAIR_WINDOW = 29 };

/* A child starts in the namespace of its parent; in a lab an earlier question may have moved it. */
static bool has_moved(void)
{
	struct stat ours, parents;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", getppid());
	return stat("/proc/self/ns/net", &ours) == 0 && stat(path, &parents) == 0 &&
	       ours.st_ino != parents.st_ino;
}

int kd_own_net(void)
{
	if (has_moved() || unshare(CLONE_NEWNET) == 0)
		return 0;
	return errno == EPERM ? neg_errno(unshare(CLONE_NEWUSER | CLONE_NEWNET)) : -errno;
}

int kd_loopback_up(void)
{
	autofd int fd = neg_errno(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	struct ifreq ifr = { .ifr_name = "lo" };

	if (fd < 0)
		return fd;
	if (ioctl(fd, SIOCGIFFLAGS, &ifr) < 0)
		return -errno;
	ifr.ifr_flags |= IFF_UP;
	return neg_errno(ioctl(fd, SIOCSIFFLAGS, &ifr));
}

static int repair(int fd, int how)
{
	return neg_errno(setsockopt(fd, IPPROTO_TCP, OPT_REPAIR, &how, sizeof(how)));
}

PROBE(probe_tcp_repair)
{
	autofd int fd = neg_errno(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int r;

	if (fd < 0)
		return kd_cannot_tell(fd);
	r = repair(fd, 1);
	if (r == -ENOPROTOOPT)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

/* --- connected --------------------------------------------------------------------------------------- */

struct connection {
	int client, server;
};

/* All descriptors end with the child. */
static int connect_both(struct connection *c)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int l, r = kd_own_net();

	if (r == 0)
		r = kd_loopback_up();
	if (r < 0)
		return r;
	l = neg_errno(socket(AF_INET, SOCK_STREAM, 0));
	c->client = neg_errno(socket(AF_INET, SOCK_STREAM, 0));
	if (l < 0 || c->client < 0)
		return l < 0 ? l : c->client;
	if (bind(l, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(l, 1) < 0 ||
	    getsockname(l, (struct sockaddr *)&at, &size) < 0 ||
	    connect(c->client, (struct sockaddr *)&at, sizeof(at)) < 0)
		return -errno;
	c->server = neg_errno(accept(l, NULL, NULL));
	return c->server < 0 ? c->server : 0;
}

/* @fn is asked about a connection; @how: the side that is shut down first, or -1. */
static struct kd_answer on_connection(int shut, struct kd_answer (*fn)(int fd))
{
	struct connection c;
	int r = connect_both(&c);

	if (r < 0)
		return kd_cannot_tell_why(r, "a connection in a net namespace of our own");
	if (shut >= 0 && shutdown(c.client, shut) < 0)
		return kd_cannot_tell(errno);
	r = repair(c.client, 1);
	if (r == -EPERM && shut >= 0)
		return kd_no_err(r);
	if (r < 0)
		return kd_cannot_tell_why(r, "TCP_REPAIR");
	return fn(c.client);
}

static struct kd_answer get(int fd, int option, socklen_t size)
{
	char value[32];
	int r = neg_errno(getsockopt(fd, IPPROTO_TCP, option, value, &size));

	if (r == -ENOPROTOOPT)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

static struct kd_answer get_window(int fd)
{
	return get(fd, OPT_REPAIR_WINDOW, 20);
}

static struct kd_answer get_timestamp(int fd)
{
	return get(fd, OPT_TIMESTAMP, 4);
}

static struct kd_answer leave_silently(int fd)
{
	int r = repair(fd, -1);

	if (r == -EINVAL)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

static struct kd_answer is_in_repair(int fd)
{
	return kd_yes();
}

static struct kd_answer window_child(void *arg)
{
	return on_connection(-1, get_window);
}

static struct kd_answer timestamp_child(void *arg)
{
	return on_connection(-1, get_timestamp);
}

static struct kd_answer no_wp_child(void *arg)
{
	return on_connection(-1, leave_silently);
}

static struct kd_answer half_closed_child(void *arg)
{
	return on_connection(SHUT_WR, is_in_repair);
}

PROBE(probe_tcp_window)
{
	return kd_in_child(kd, window_child, NULL);
}

PROBE(probe_tcp_timestamp)
{
	return kd_in_child(kd, timestamp_child, NULL);
}

PROBE(probe_tcp_off_no_wp)
{
	return kd_in_child(kd, no_wp_child, NULL);
}

PROBE(probe_tcp_half_closed)
{
	return kd_in_child(kd, half_closed_child, NULL);
}
