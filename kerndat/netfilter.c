/* SPDX-License-Identifier: LGPL-2.1-only */
/* Packet filters and connection tracking, in a net namespace of our own; no tool is run. */
#include "kerndat/probes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "kerndat/netlink.h"
#include "kerndat/netns.h"

/* --- nf_tables ------------------------------------------------------------------------------------------ */

#define NFT(type) ((uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | (type)))

static struct kd_answer by_nfnetlink(int r)
{
	/* nfnetlink says EINVAL for a subsystem that is not there; no nfnetlink, no socket. */
	if (r == -EINVAL || r == -EOPNOTSUPP || r == -EPROTONOSUPPORT)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

static struct kd_answer get_generation(void *arg)
{
	struct nfgenmsg gen = { .version = NFNETLINK_V0 };
	struct kd_nl_msg m;
	int r = kd_own_net();

	if (r < 0)
		return kd_cannot_tell_why(r, "a net namespace to try in");
	kd_nl_start(&m, NFT(NFT_MSG_GETGEN), 0, &gen, sizeof(gen));
	return by_nfnetlink(kd_nl_ask(NETLINK_NETFILTER, &m, m.h.nlmsg_len, 0));
}

PROBE(probe_nftables)
{
	return kd_in_child(kd, get_generation, NULL);
}

struct batch {
	size_t size;
	_Alignas(struct nlmsghdr) char bytes[8192];
};

static void batch_add(struct batch *b, const struct kd_nl_msg *m)
{
	if (b->size + NLMSG_ALIGN(m->h.nlmsg_len) > sizeof(b->bytes))
		return;
	memcpy(b->bytes + b->size, m, m->h.nlmsg_len);
	b->size += NLMSG_ALIGN(m->h.nlmsg_len);
}

static void batch_mark(struct batch *b, uint16_t type)
{
	struct nfgenmsg gen = { .version = NFNETLINK_V0, .res_id = htons(NFNL_SUBSYS_NFTABLES) };
	struct kd_nl_msg m;

	kd_nl_start(&m, type, 0, &gen, sizeof(gen));
	batch_add(b, &m);
}

static const char table[] = "kerndat";
static const struct nfgenmsg inet = { .nfgen_family = 1 /* NFPROTO_INET */, .version = NFNETLINK_V0 };

static void batch_table(struct batch *b)
{
	struct kd_nl_msg m;

	kd_nl_start(&m, NFT(NFT_MSG_NEWTABLE), NLM_F_CREATE | NLM_F_ACK, &inet, sizeof(inet));
	kd_nl_put(&m, NFTA_TABLE_NAME, table, sizeof(table));
	batch_add(b, &m);
}

/* Begin the message that makes a set of keys of @len bytes. */
static void start_set(struct kd_nl_msg *m, const char *name, uint32_t flags, uint32_t len)
{
	const uint32_t be_flags = htonl(flags), type = 0, be_len = htonl(len), id = htonl(1);

	kd_nl_start(m, NFT(NFT_MSG_NEWSET), NLM_F_CREATE | NLM_F_ACK, &inet, sizeof(inet));
	kd_nl_put(m, NFTA_SET_TABLE, table, sizeof(table));
	kd_nl_put(m, NFTA_SET_NAME, name, strlen(name) + 1);
	kd_nl_put(m, NFTA_SET_FLAGS, &be_flags, sizeof(be_flags));
	kd_nl_put(m, NFTA_SET_KEY_TYPE, &type, sizeof(type));
	kd_nl_put(m, NFTA_SET_KEY_LEN, &be_len, sizeof(be_len));
	kd_nl_put(m, NFTA_SET_ID, &id, sizeof(id));
}

/* An inet table, and in it the set that @set makes. */
static struct kd_answer make_set(const struct kd_nl_msg *set)
{
	struct batch b = { 0 };
	int r = kd_own_net();

	if (r < 0)
		return kd_cannot_tell_why(r, "a net namespace to try in");
	batch_mark(&b, NFNL_MSG_BATCH_BEGIN);
	batch_table(&b);
	batch_add(&b, set);
	batch_mark(&b, NFNL_MSG_BATCH_END);
	return by_nfnetlink(kd_nl_ask(NETLINK_NETFILTER, b.bytes, b.size, 2));
}

/* What a lock is made of: a set of addresses and ports, of two ends. */
static struct kd_answer make_lock(void *arg)
{
	struct kd_nl_msg m;

	start_set(&m, "connections", 0, 4 + 4 + 4 + 4);
	return make_set(&m);
}

PROBE(probe_nft_lock)
{
	return kd_in_child(kd, make_lock, NULL);
}

#define NESTED(attr) ((uint16_t)(0x8000 /* NLA_F_NESTED */ | (attr)))

static void put_nested(struct kd_nl_msg *m, uint16_t attr, const struct kd_nl_msg *inner)
{
	kd_nl_put(m, NESTED(attr), inner->body, inner->h.nlmsg_len - sizeof(inner->h));
}

/* A set whose keys are told to have two fields of four bytes. */
static struct kd_answer make_concat(void *arg)
{
	uint32_t more = (uint32_t)(long)arg, len = htonl(4);
	struct kd_nl_msg m, field, fields, desc;

	kd_nl_start(&field, 0, 0, "", 0);
	kd_nl_put(&field, 1 /* NFTA_SET_FIELD_LEN */, &len, sizeof(len));
	kd_nl_start(&fields, 0, 0, "", 0);
	put_nested(&fields, NFTA_LIST_ELEM, &field);
	put_nested(&fields, NFTA_LIST_ELEM, &field);
	kd_nl_start(&desc, 0, 0, "", 0);
	put_nested(&desc, 2 /* NFTA_SET_DESC_CONCAT */, &fields);
	start_set(&m, more ? "ranges" : "fields", 0x80 /* NFT_SET_CONCAT */ | more, 8);
	put_nested(&m, NFTA_SET_DESC, &desc);
	return make_set(&m);
}

PROBE(probe_nft_concat)
{
	return kd_in_child(kd, make_concat, (void *)row->arg);
}

/* --- iptables ------------------------------------------------------------------------------------------- */

/* IPT_SO_GET_INFO and IP6T_SO_GET_INFO are one number and one form, at two levels. */
static struct kd_answer get_filter_table(int family, int level)
{
	struct {
		char name[32];
		uint32_t rest[13];
	} info = { .name = "filter" };
	socklen_t size = sizeof(info);
	int fd, r = kd_own_net();

	if (r < 0)
		return kd_cannot_tell_why(r, "a net namespace to try in");
	fd = neg_errno(socket(family, SOCK_RAW, 255 /* IPPROTO_RAW */));
	if (fd == -EAFNOSUPPORT)
		return kd_no_err(fd);
	if (fd < 0)
		return kd_cannot_tell(fd);
	r = neg_errno(getsockopt(fd, level, 64, &info, &size));
	if (r == -ENOPROTOOPT || r == -ENOENT)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

static struct kd_answer get_ipv4_table(void *arg)
{
	return get_filter_table(AF_INET, 0 /* SOL_IP */);
}

static struct kd_answer get_ipv6_table(void *arg)
{
	return get_filter_table(AF_INET6, 41 /* SOL_IPV6 */);
}

PROBE(probe_iptables)
{
	return kd_in_child(kd, get_ipv4_table, NULL);
}

PROBE(probe_ip6tables)
{
	return kd_in_child(kd, get_ipv6_table, NULL);
}

/* What iptables-nft asks first: which revisions of a match are there. */
static struct kd_answer get_match(void *arg)
{
	struct nfgenmsg gen = { .nfgen_family = AF_INET, .version = NFNETLINK_V0 };
	const uint32_t zero = 0;
	struct kd_nl_msg m;
	int r = kd_own_net();

	if (r < 0)
		return kd_cannot_tell_why(r, "a net namespace to try in");
	kd_nl_start(&m, NFNL_SUBSYS_NFT_COMPAT << 8, 0, &gen, sizeof(gen));
	kd_nl_put(&m, 1 /* NFTA_COMPAT_NAME */, "tcp", sizeof("tcp"));
	kd_nl_put(&m, 2 /* NFTA_COMPAT_REV */, &zero, sizeof(zero));
	kd_nl_put(&m, 3 /* NFTA_COMPAT_TYPE */, &zero, sizeof(zero));
	r = kd_nl_ask(NETLINK_NETFILTER, &m, m.h.nlmsg_len, 0);
	/* ENOENT: asked, and has no such match. */
	return r == -ENOENT ? kd_yes() : by_nfnetlink(r);
}

PROBE(probe_iptables_nft)
{
	return kd_in_child(kd, get_match, NULL);
}

/* Looked for, never run. */
PROBE(probe_ipt_tools)
{
	const char *path = getenv("PATH");
	char dirs[4096], file[4200], *dir, *rest;

	snprintf(dirs, sizeof(dirs), "%s:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin", path ? path : "");
	for (dir = strtok_r(dirs, ":", &rest); dir; dir = strtok_r(NULL, ":", &rest)) {
		snprintf(file, sizeof(file), "%s/iptables-legacy", dir);
		if (access(file, X_OK) == 0)
			return kd_yes();
	}
	return kd_no();
}

/* --- connection tracking -------------------------------------------------------------------------------- */

static struct kd_answer list_connections(void *arg)
{
	struct nfgenmsg gen = { .version = NFNETLINK_V0 };
	struct kd_nl_msg m;
	int r = kd_own_net();

	if (r < 0)
		return kd_cannot_tell_why(r, "a net namespace to try in");
	kd_nl_start(&m, NFNL_SUBSYS_CTNETLINK << 8 | 1 /* IPCTNL_MSG_CT_GET */, NLM_F_DUMP, &gen, sizeof(gen));
	return by_nfnetlink(kd_nl_ask(NETLINK_NETFILTER, &m, m.h.nlmsg_len, 0));
}

PROBE(probe_conntrack_netlink)
{
	return kd_in_child(kd, list_connections, NULL);
}
