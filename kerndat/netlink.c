/* SPDX-License-Identifier: LGPL-2.1-only */
#include "kerndat/netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/err.h"
#include "base/own.h"

void kd_nl_start(struct kd_nl_msg *m, uint16_t type, uint16_t flags, const void *fixed, size_t size)
{
	memset(m, 0, sizeof(*m));
	m->h.nlmsg_type = type;
	m->h.nlmsg_flags = NLM_F_REQUEST | flags;
	m->h.nlmsg_seq = 1;
	memcpy(m->body, fixed, size);
	m->h.nlmsg_len = (uint32_t)(sizeof(m->h) + NLMSG_ALIGN(size));
}

void kd_nl_put(struct kd_nl_msg *m, uint16_t attr, const void *data, size_t size)
{
	struct nlattr *a = (void *)((char *)m + m->h.nlmsg_len);

	a->nla_type = attr;
	a->nla_len = (uint16_t)(NLA_HDRLEN + size);
	memcpy((char *)a + NLA_HDRLEN, data, size);
	m->h.nlmsg_len += (uint32_t)NLA_ALIGN(a->nla_len);
}

/* 1: go on, 0: done and good, -errno. */
static int judge(const struct nlmsghdr *h, int *acks)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);

	if (h->nlmsg_type == NLMSG_DONE) {
		/* A dump that failed says so here. */
		int r = h->nlmsg_len >= NLMSG_LENGTH(sizeof(int)) ? *(const int *)NLMSG_DATA(h) : 0;

		return r < 0 ? r : 0;
	}
	if (h->nlmsg_type != NLMSG_ERROR)
		return *acks ? 1 : 0;
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*e)))
		return -EBADMSG;
	if (e->error)
		return e->error;
	return --*acks > 0 ? 1 : 0;
}

int kd_nl_ask(int protocol, const void *data, size_t size, int acks)
{
	autofd int fd = neg_errno(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
	struct timeval bound = { .tv_usec = 500000 };
	_Alignas(struct nlmsghdr) char buf[16384];

	if (fd < 0)
		return fd;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof(bound)) < 0 || send(fd, data, size, 0) < 0)
		return -errno;

	for (;;) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);
		int left = (int)n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIME : -errno;
		for (struct nlmsghdr *h = (void *)buf; NLMSG_OK(h, (unsigned)left); h = NLMSG_NEXT(h, left)) {
			int r = judge(h, &acks);

			if (r <= 0)
				return r;
		}
	}
}
