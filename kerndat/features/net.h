/* SPDX-License-Identifier: LGPL-2.1-only */
/* Sockets, network devices, packet filters; rows of features.h. */

/* --- finding sockets ---------------------------------------------------------------------------------- */

#define DIAG(id, name_, family, protocol, config_, what_)                                            \
	FEATURE(id, .name = name_, .group = "net", .what = "sock_diag of " what_ " sockets",         \
		.since = "3.3", .config = config_, .class = EXTRA, .scope = LIVE, .probe = probe_diag, \
		.arg = (family) | (protocol) << 8, .lost = what_ " sockets",                         \
		.helps = "a kernel with the option above, or its module loaded")
DIAG(DIAG_UNIX, "diag_unix", 1, 0, "UNIX_DIAG", "unix")
DIAG(DIAG_TCP, "diag_tcp", 2, 6, "INET_TCP_DIAG", "TCP")
DIAG(DIAG_TCP6, "diag_tcp6", 10, 6, "INET_TCP_DIAG", "TCP over IPv6")
DIAG(DIAG_UDP, "diag_udp", 2, 17, "INET_UDP_DIAG", "UDP")
DIAG(DIAG_UDP6, "diag_udp6", 10, 17, "INET_UDP_DIAG", "UDP over IPv6")
DIAG(NET_DIAG_RAW, "net_diag_raw", 2, 255, "INET_RAW_DIAG", "raw IP")
DIAG(DIAG_RAW6, "diag_raw6", 10, 255, "INET_RAW_DIAG", "raw IPv6")
DIAG(DIAG_NETLINK, "diag_netlink", 16, 0, "NETLINK_DIAG", "netlink")
DIAG(DIAG_PACKET, "diag_packet", 17, 0, "PACKET_DIAG", "packet")
DIAG(DIAG_VSOCK, "diag_vsock", 40, 0, "VSOCKETS_DIAG", "vsock")
#undef DIAG

FEATURE(SOCK_DIAG,
	.name = "sock_diag", .group = "net", .what = "sock_diag of the common kinds of sockets",
	.since = "3.3", .config = "UNIX_DIAG", .class = NEEDED, .scope = LIVE,
	.probe = probe_all_of, .path = "diag_unix,diag_tcp,diag_udp,diag_netlink,diag_packet",
	.lost = "sockets", .helps = "the modules unix_diag, tcp_diag, udp_diag, netlink_diag, af_packet_diag")

/* --- options of sockets ------------------------------------------------------------------------------- */

#define SOCKOPT(id, name_, since_, class_, kind_, level, option, what_, lost_)                          \
	FEATURE(id, .name = name_, .group = "net", .what = what_, .since = since_, .class = class_,     \
		.scope = BOOT, .probe = probe_sockopt, .path = kind_, .arg = (level) << 16 | (option), .lost = lost_)
SOCKOPT(SK_PEEK_OFF, "sk_peek_off", "3.4", NEEDED, "unix", 1, 42, "SO_PEEK_OFF", "queued data of unix sockets")
SOCKOPT(SO_GET_FILTER, "so_get_filter", "3.8", NEEDED, "udp", 1, 26, "SO_GET_FILTER: a socket's filter can be read", "sockets with packet filters")
SOCKOPT(SOCKOPT_BUF_LOCK, "sockopt_buf_lock", "5.17", EXTRA, "udp", 1, 72, "SO_BUF_LOCK: whether buffer sizes were set by hand", "locked buffer sizes; they are restored as set")
SOCKOPT(SO_PEERPIDFD, "so_peerpidfd", "6.5", INFO, "pair", 1, 77, "SO_PEERPIDFD", "")
SOCKOPT(SO_NETNS_COOKIE, "so_netns_cookie", "5.14", INFO, "udp", 1, 71, "SO_NETNS_COOKIE", "")
SOCKOPT(IPV6_FREEBIND, "ipv6_freebind", "4.15", EXTRA, "udp6", 41, 78, "IPV6_FREEBIND", "the option on IPv6 sockets")
SOCKOPT(TCP_ULP, "tcp_ulp", "4.13", INFO, "tcp", 6, 31, "TCP_ULP: upper layers such as kernel TLS can be read", "")
#undef SOCKOPT

FEATURE(SK_NS,
	.name = "sk_ns", .group = "net", .what = "SIOCGSKNS: the net namespace of a socket",
	.since = "4.10", .commit = "c62cce2caee5", .class = EXTRA, .scope = BOOT,
	.probe = probe_sk_ns, .lost = "sockets of other net namespaces", .helps = "CAP_NET_ADMIN")
FEATURE(SK_UNIX_FILE,
	.name = "sk_unix_file", .group = "net", .what = "SIOCUNIXFILE: the file of a bound unix socket",
	.since = "4.13", .commit = "ba94f3088b79", .class = EXTRA, .scope = BOOT,
	.probe = probe_sk_unix_file, .lost = "unix sockets whose path was renamed, or lies below a mount",
	.instead = "the path it was bound to", .helps = "CAP_NET_ADMIN")
FEATURE(MPTCP,
	.name = "mptcp", .group = "net", .what = "Multipath TCP",
	.since = "5.6", .config = "MPTCP", .class = INFO, .scope = LIVE, .probe = probe_mptcp, .lost = "")
FEATURE(VSOCK,
	.name = "vsock", .group = "net", .what = "vsock(7)",
	.since = "3.9", .config = "VSOCKETS", .class = INFO, .scope = LIVE, .probe = probe_vsock, .lost = "")
FEATURE(IPV6,
	.name = "ipv6", .group = "net", .what = "IPv6 sockets",
	.config = "IPV6", .class = INFO, .scope = LIVE, .probe = probe_ipv6, .lost = "IPv6 sockets")

/* --- TCP connections -------------------------------------------------------------------------------- */

FEATURE(TCP_REPAIR,
	.name = "tcp_repair", .group = "net", .what = "TCP_REPAIR: we may take connections apart here",
	.since = "3.5", .commit = "ee9952831cfd", .config = "CHECKPOINT_RESTORE", .class = NEEDED, .scope = CALLER,
	.probe = probe_tcp_repair, .lost = "established TCP connections", .helps = "CAP_NET_ADMIN in the net namespace")
FEATURE(TCP_REPAIR_WINDOW,
	.name = "tcp_repair_window", .group = "net", .what = "TCP_REPAIR_WINDOW",
	.since = "4.8", .class = EXTRA, .scope = BOOT, .lab = MAIN, .probe = probe_tcp_window,
	.lost = "window parameters", .instead = "the kernel's own")
FEATURE(TCP_REPAIR_OFF_NO_WP,
	.name = "tcp_repair_off_no_wp", .group = "net", .what = "leaving repair without a window probe",
	.since = "4.19", .class = INFO, .scope = BOOT, .lab = MAIN, .probe = probe_tcp_off_no_wp,
	.lost = "connections restored before the network is unlocked send a packet")
FEATURE(TCP_HALF_CLOSED,
	.name = "tcp_half_closed", .group = "net", .what = "repair of half-closed connections",
	.since = "4.9", .class = EXTRA, .scope = BOOT, .lab = MAIN, .probe = probe_tcp_half_closed,
	.lost = "connections one side of which is shut down")
FEATURE(TCP_TIMESTAMP,
	.name = "tcp_timestamp", .group = "net", .what = "TCP_TIMESTAMP can be read and set",
	.since = "3.9", .class = INFO, .scope = BOOT, .lab = MAIN, .probe = probe_tcp_timestamp,
	.lost = "timestamps that go on")

/* --- devices and namespaces ------------------------------------------------------------------------ */

FEATURE(NSID,
	.name = "nsid", .group = "net", .what = "ids of net namespaces (RTM_GETNSID)",
	.since = "4.0", .class = EXTRA, .scope = BOOT, .probe = probe_nsid,
	.lost = "device pairs between net namespaces of one tree")
FEATURE(LINK_NSID,
	.name = "link_nsid", .group = "net", .what = "devices of another net namespace by its id",
	.since = "4.15", .class = EXTRA, .scope = BOOT, .probe = probe_link_nsid,
	.lost = "device pairs between net namespaces of one tree")
FEATURE(EXTERNAL_NET_NS,
	.name = "external_net_ns", .group = "net", .what = "a net namespace may stay outside of the images",
	.since = "4.15", .class = EXTRA, .scope = BOOT, .probe = probe_all_of, .path = "nsid,link_nsid",
	.lost = "--external net[...]")
FEATURE(NEWIFINDEX,
	.name = "newifindex", .group = "net", .what = "IFLA_NEW_IFINDEX: a moved device gets a chosen index",
	.since = "5.13", .class = EXTRA, .scope = BOOT, .lab = MAIN, .probe = probe_newifindex,
	.lost = "indices of devices that are moved in")
FEATURE(TUN,
	.name = "tun", .group = "net", .what = "/dev/net/tun",
	.config = "TUN", .class = EXTRA, .scope = LIVE, .probe = probe_tun, .lost = "tun and tap devices",
	.helps = "the device file, the tun module")
FEATURE(TUN_NS,
	.name = "tun_ns", .group = "net", .what = "TUNGETDEVNETNS: the net namespace of a tun device",
	.since = "4.17", .config = "TUN", .class = EXTRA, .scope = LIVE, .lab = MAIN, .probe = probe_tun_ns,
	.lost = "tun devices of other net namespaces")
FEATURE(VETH,
	.name = "veth", .group = "net", .what = "veth device pairs",
	.config = "VETH", .class = INFO, .scope = LIVE, .lab = MAIN, .probe = probe_link_kind, .path = "veth", .lost = "veth devices")
FEATURE(MACVLAN,
	.name = "macvlan", .group = "net", .what = "macvlan devices",
	.config = "MACVLAN", .class = INFO, .scope = LIVE, .lab = MAIN, .probe = probe_link_kind, .path = "macvlan", .lost = "macvlan devices")
FEATURE(BRIDGE,
	.name = "bridge", .group = "net", .what = "bridge devices",
	.config = "BRIDGE", .class = INFO, .scope = LIVE, .lab = MAIN, .probe = probe_link_kind, .path = "bridge", .lost = "bridges")

/* --- packet filters ---------------------------------------------------------------------------------- */

FEATURE(NFTABLES,
	.name = "nftables", .group = "net", .what = "nf_tables over netlink; no tool or library is needed",
	.since = "3.13", .config = "NF_TABLES", .class = EXTRA, .scope = LIVE, .lab = MAIN, .probe = probe_nftables,
	.lost = "locking connections by nftables", .instead = "iptables")
FEATURE(NETWORK_LOCK_NFTABLES,
	.name = "network_lock_nftables", .group = "net", .what = "inet tables and sets of connections in nf_tables",
	.since = "4.1", .config = "NF_TABLES_INET", .class = EXTRA, .scope = LIVE, .lab = MAIN, .probe = probe_nft_lock,
	.lost = "locking connections by nftables", .instead = "iptables")
FEATURE(NFT_CONCAT,
	.name = "nft_concat", .group = "net", .what = "nf_tables sets whose keys have several fields",
	.since = "5.6", .commit = "8aeff920dcc9", .config = "NF_TABLES", .class = INFO, .scope = LIVE, .lab = MAIN,
	.probe = probe_nft_concat, .arg = 0,
	.lost = "sets of dumped namespaces that have such keys", .instead = "a lock of one key, addresses and ports side by side")
FEATURE(NFT_CONCAT_INTERVAL,
	.name = "nft_concat_interval", .group = "net", .what = "the same with ranges in the fields",
	.since = "5.6", .commit = "3c4287f62044", .config = "NF_TABLES", .class = INFO, .scope = LIVE, .lab = MAIN,
	.probe = probe_nft_concat, .arg = 4 /* NFT_SET_INTERVAL */,
	.lost = "sets of dumped namespaces that have ranges in such keys", .instead = "a rule a range")
FEATURE(IPTABLES_NFT,
	.name = "iptables_nft", .group = "net", .what = "nf_tables take the matches and targets of iptables",
	.since = "3.13", .config = "NFT_COMPAT", .class = INFO, .scope = LIVE, .lab = MAIN, .probe = probe_iptables_nft,
	.lost = "rules that iptables-nft has made in dumped namespaces", .instead = "iptables_legacy, where those are of that kind")
FEATURE(IP6TABLES_LEGACY,
	.name = "ip6tables_legacy", .group = "net", .what = "the old packet filter of the kernel, for IPv6",
	.config = "IP6_NF_IPTABLES_LEGACY", .class = INFO, .scope = LIVE, .lab = MAIN, .probe = probe_ip6tables,
	.lost = "locking IPv6 connections by iptables", .instead = "nftables")
FEATURE(IPTABLES_LEGACY,
	.name = "iptables_legacy", .group = "net", .what = "the old packet filter of the kernel",
	.config = "IP_NF_IPTABLES_LEGACY", .class = INFO, .scope = LIVE, .lab = MAIN, .probe = probe_iptables,
	.lost = "locking connections by iptables", .instead = "nftables")
FEATURE(HAS_IPT_LEGACY,
	.name = "has_ipt_legacy", .group = "net", .what = "iptables-legacy tools are installed",
	.class = INFO, .scope = LIVE, .probe = probe_ipt_tools, .lost = "rules of the old packet filter in dumped namespaces")
FEATURE(CONNTRACK,
	.name = "conntrack", .group = "net", .what = "connection tracking; the value is the limit of entries",
	.config = "NF_CONNTRACK", .class = INFO, .scope = LIVE, .probe = probe_number,
	.path = "/proc/sys/net/netfilter/nf_conntrack_max", .lost = "")
FEATURE(CONNTRACK_NETLINK,
	.name = "conntrack_netlink", .group = "net", .what = "tracked connections can be read and set over netlink",
	.since = "2.6.14", .config = "NF_CT_NETLINK", .class = INFO, .scope = LIVE, .lab = MAIN, .probe = probe_conntrack_netlink,
	.lost = "tracked connections of dumped net namespaces", .instead = "they are tracked anew")
