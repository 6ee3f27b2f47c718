/* SPDX-License-Identifier: LGPL-2.1-only */
/* The little netlink that probes need: one request, the first word of the answer. */
#pragma once

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

struct kd_nl_msg {
	struct nlmsghdr h;
	char body[512];
};

/* Start a request with @size bytes of fixed header in front of the attributes. */
void kd_nl_start(struct kd_nl_msg *m, uint16_t type, uint16_t flags, const void *fixed, size_t size);
void kd_nl_put(struct kd_nl_msg *m, uint16_t attr, const void *data, size_t size);

/*
 * Send the @size bytes at @data (one or several messages) on a socket of @protocol and wait for the
 * first error, or for @acks good acknowledgements, or for the first message of data or end of
 * dump. 0 or -errno: the kernel's answer, or the socket's own failure; the wait is bounded.
 */
int kd_nl_ask(int protocol, const void *data, size_t size, int acks);
