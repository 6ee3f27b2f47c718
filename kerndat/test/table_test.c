/* SPDX-License-Identifier: LGPL-2.1-only */
/* The table says what a table must: unique names, whole texts, references that lead somewhere. */
#include "kerndat/test/test.h"

#include <ctype.h>
#include <string.h>

#include "kerndat/kerndat.h"

#define each_row(row) (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++)

static void names_are_unique(void)
{
	for each_row (a) {
		const char *name = kerndat_feature(a)->name;

		ok(name && *name, "row %d", a);
		ok(!strpbrk(name, " ,=/\n"), "%s", name);
		ok(kerndat_find(name) == a, "%s stands twice", name);
	}
	ok(kerndat_find("no such feature") < 0);
}

static void texts_are_whole(void)
{
	for each_row (row) {
		const struct kd_feature *f = kerndat_feature(row);

		ok(f->what && *f->what, "%s", f->name);
		ok(f->group && *f->group, "%s", f->name);
		ok(f->probe, "%s", f->name);
		ok(f->class >= KD_NEEDED && f->class <= KD_INFO, "%s", f->name);
		ok(f->scope >= KD_BOOT && f->scope <= KD_LIVE, "%s", f->name);
		ok(f->class == KD_INFO || (f->lost && *f->lost), "%s: what is lost without it?", f->name);
		ok(!f->since || !*f->since || isdigit(f->since[0]), "%s", f->name);
		ok(strlen(f->name) < 30, "%s is too long for the table of criu check", f->name);
	}
}

static void rows_of_rows_exist(void)
{
	for each_row (row) {
		const struct kd_feature *f = kerndat_feature(row);
		char names[256], *name, *rest;

		ok(f->unless >= 0 && f->unless < KD_ROWS_END && (int)f->unless != row, "%s", f->name);
		if (!f->path || strchr(f->path, '\n') || strchr(f->path, '/') || !strchr(f->path, ','))
			continue;
		snprintf(names, sizeof(names), "%s", f->path);
		for (name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
			ok(kerndat_find(name) > 0 && kerndat_find(name) != row, "%s needs %s", f->name, name);
	}
}

/* The names that scripts give to `criu check --feature`. */
static void compatible_names_are_there(void)
{
	static const char *const names[] = {
		"mnt_id", "mem_dirty_track", "aio_remap", "timerfd", "tun", "tun_ns", "userns", "fdinfo_lock",
		"seccomp_suspend", "seccomp_filters", "loginuid", "cgroupns", "autofs", "tcp_half_closed",
		"compat_cr", "uffd", "uffd-noncoop", "can_map_vdso", "sk_ns", "sk_unix_file", "net_diag_raw",
		"nsid", "link_nsid", "kcmp_epoll", "timens", "external_net_ns", "clone3_set_tid", "newifindex",
		"nftables", "has_ipt_legacy", "pidfd_store", "ns_pid", "apparmor_stacking",
		"network_lock_nftables", "sockopt_buf_lock", "memfd_hugetlb", "move_mount_set_group", "openat2",
		"get_rseq_conf", "ipv6_freebind", "pagemap_scan", "timer_cr_ids", "overlayfs_maps",
		"breakpoints", "pagemap_scan_guard_pages",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ok(kerndat_find(names[i]) > 0, "%s", names[i]);
}

static void ways_are_whole(void)
{
	bool seen[BY_WAYS_END] = { false };

	for (int c = 0; c < WAY_CHOICES_END; c++) {
		const struct kd_choice_info *info = kerndat_choice(c);

		ok(info->name && info->what && info->ways[0].name, "choice %d", c);
		for (int d = 0; d < c; d++)
			ok(strcmp(kerndat_choice(d)->name, info->name), "%s stands twice", info->name);
		for (int i = 0; i < KD_WAYS_MAX && info->ways[i].name; i++) {
			const struct kd_way_info *w = &info->ways[i];

			ok(w->way > BY_NONE && w->way < BY_WAYS_END && !seen[w->way], "%s/%s", info->name, w->name);
			seen[w->way] = true;
			for (int j = 0; j < i; j++)
				ok(strcmp(info->ways[j].name, w->name), "%s/%s", info->name, w->name);
		}
	}
}

const struct test table_tests[] = {
	{ "table_names_are_unique", names_are_unique },
	{ "table_texts_are_whole", texts_are_whole },
	{ "table_rows_of_rows_exist", rows_of_rows_exist },
	{ "table_compatible_names_are_there", compatible_names_are_there },
	{ "table_ways_are_whole", ways_are_whole },
	{ 0 },
};
