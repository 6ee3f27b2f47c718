/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/table.h"

#include <errno.h>
#include <string.h>

#include "criu/front/setters.h"

#define BIT(c) (1u << CMD_##c)

#define D   (BIT(DUMP))
#define DP  (BIT(DUMP) | BIT(PRE_DUMP))
#define R   (BIT(RESTORE))
#define DR  (D | R)
#define DPR (DP | R)
#define S   (BIT(PAGE_SERVER))
#define L   (BIT(LAZY_PAGES))
#define SVL (S | L | BIT(SERVICE) | BIT(SWRK))
#define C   (BIT(CHECK))
#define ALL (~0u)

#define FIELD(f) .field = offsetof(struct options, f)
#define BOOL(f)	 .arg = ARG_NO, .no_form = true, .set = set_bool, FIELD(f)
#define SWITCH(f) .arg = ARG_NO, .set = set_bool, FIELD(f)	/* without a --no- form */
#define TEXT(f, a) .arg = ARG_YES, .arg_name = a, .set = set_text, FIELD(f)
#define LIST(f, a) .arg = ARG_YES, .arg_name = a, .set = set_list, FIELD(f)

/* Sorted by section, and there in the order of `criu --help`. */
const struct opt_row opt_rows[] = {
	/* --- dump --- */
	{ "tree", 't', ARG_YES, "PID", .commands = DP | C, .group = GROUP_DUMP, .set = set_tree,
	  .help = "root of the tree to dump, or to look at with check" },
	{ "leave-running", 'R', SWITCH(leave_running), .commands = D, .group = GROUP_DUMP,
	  .help = "let the tasks go on after the dump" },
	{ "leave-stopped", 's', SWITCH(leave_stopped), .commands = DR, .group = GROUP_DUMP,
	  .help = "leave the tasks stopped after dump or restore" },
	{ "timeout", 0, ARG_YES, "SECONDS", .commands = DP, .group = GROUP_DUMP, .set = set_timeout,
	  .help = "give up if the tree is not frozen in this time (10; 0: never)" },
	{ "freeze-cgroup", 0, TEXT(freeze_cgroup, "DIR"), .commands = DP, .group = GROUP_DUMP,
	  .later = LATER_CGROUPS, .help = "freeze the tree by this freezer cgroup" },
	{ "ghost-limit", 0, ARG_YES, "SIZE", .commands = D | C, .group = GROUP_DUMP, .set = set_size,
	  FIELD(ghost_limit),
	  .help = "most that a deleted file may occupy to be saved (1M); K, M, G behind a number" },
	{ "ghost-fiemap", 0, BOOL(ghost_fiemap), .commands = D, .group = GROUP_DUMP,
	  .help = "find the holes of deleted files by FIEMAP (on)" },
	{ "link-remap", 0, BOOL(link_remap), .commands = D | C, .group = GROUP_DUMP,
	  .help = "allow temporary hard links to deleted files" },
	{ "evasive-devices", 0, BOOL(evasive_devices), .commands = DR | C, .group = GROUP_DUMP,
	  .help = "accept any other path to the same device" },
	{ "allow-uprobes", 0, BOOL(allow_uprobes), .commands = DR | C, .group = GROUP_DUMP,
	  .help = "leave a mapping of uprobes out instead of refusing it" },
	{ "skip-in-flight", 0, BOOL(skip_in_flight), .commands = D, .group = GROUP_DUMP,
	  .later = LATER_TCP,
	  .help = "forget connections that nobody has accepted yet" },
	{ "network-lock", 0, ARG_YES, "METHOD", .commands = D, .group = GROUP_DUMP,
	  .set = set_network_lock,
	  .help = "how to hold back packets: iptables (default), nftables or skip" },
	{ "ext-unix-sk", 'x', ARG_MAYBE, "INODE,...", .no_form = true, .commands = D,
	  .group = GROUP_DUMP, .set = set_ext_unix_sk, .later = LATER_UNIX,
	  .help = "allow unix sockets whose other end is outside the tree" },
	{ "force-irmap", 0, BOOL(force_irmap), .commands = DP, .group = GROUP_DUMP,
	  .later = LATER_WATCHES, .help = "always find watched files by scanning" },
	{ "irmap-scan-path", 0, LIST(irmap_scan_paths, "DIR"), .commands = DP,
	  .group = GROUP_DUMP, .later = LATER_WATCHES, .help = "scan here, too" },

	/* --- restore --- */
	{ "restore-detached", 'd', BOOL(restore_detached), .commands = R | SVL, .group = GROUP_RESTORE,
	  .help = "end when the tasks go on, instead of waiting for their root" },
	{ "restore-sibling", 'S', BOOL(restore_sibling), .commands = R, .group = GROUP_RESTORE,
	  .help = "make the root a child of the caller; needs -d" },
	{ "inherit-fd", 0, ARG_YES, "fd[N]:KEY", .commands = R | C, .group = GROUP_RESTORE,
	  .set = set_inherit_fd,
	  .help = "give descriptor N where the images name KEY: tty[RDEV:DEV], pipe:[INODE], "
		  "file[MNTID:INODE], /memfd:NAME or path/to/file" },
	{ "exec-cmd", 0, SWITCH(exec_cmd), .commands = R, .group = GROUP_RESTORE,
	  .help = "after success execute what follows --, as parent of the root" },
	{ "skip-file-rwx-check", 0, BOOL(skip_file_rwx_check), .commands = R | C,
	  .group = GROUP_RESTORE, .help = "a file's permission bits may have changed" },
	{ "weak-sysctls", 0, BOOL(weak_sysctls), .commands = R, .group = GROUP_RESTORE,
	  .later = LATER_NS,
	  .help = "skip a sysctl that does not exist here" },
	{ "deprecated", 0, BOOL(deprecated), .commands = R, .group = GROUP_RESTORE,
	  .later = LATER_OLD,
	  .help = "accept image features that are out of use" },
	{ "pidfile", 0, TEXT(pidfile, "FILE"), .commands = R | SVL, .group = GROUP_RESTORE,
	  .help = "write the pid of the root (or of the server) to this new file" },

	/* --- dump and restore --- */
	{ "shell-job", 'j', BOOL(shell_job), .commands = DR | C, .group = GROUP_BOTH,
	  .help = "the tree runs in the session and terminal of another task" },
	{ "external", 0, ARG_YES, "RES", .commands = DPR | C, .group = GROUP_BOTH,
	  .set = set_external,
	  .help = "what is outside: file[MNTID:INODE], tty[RDEV:DEV]; not yet: mnt, dev, unix, "
		  "net, pid, veth, macvlan, netdev" },
	{ "file-validation", 0, ARG_YES, "METHOD", .commands = DR | C, .group = GROUP_BOTH,
	  .set = set_file_validation,
	  .help = "tell a changed file by filesize or by buildid (default)" },
	{ "cpu-cap", 0, ARG_MAYBE, "CAP,...", .commands = DR | C | BIT(CPUINFO_CHECK), .group = GROUP_BOTH,
	  .set = set_cpu_cap,
	  .help = "save the CPU in the images and compare: fpu, ins, cpu (all of it), all or "
		  "none; ^ leaves one out" },
	{ "file-locks", 'l', BOOL(file_locks), .commands = DR | C, .group = GROUP_BOTH,
	  .help = "save and restore file locks" },
	{ "tcp-established", 0, BOOL(tcp_established), .commands = DR, .group = GROUP_BOTH,
	  .later = LATER_TCP, .help = "save and restore connected TCP sockets" },
	{ "tcp-close", 0, BOOL(tcp_close), .commands = DR, .group = GROUP_BOTH, .later = LATER_TCP,
	  .help = "connected TCP sockets come back closed" },
	{ "stream", 0, BOOL(stream), .commands = DPR | BIT(CPUINFO_DUMP), .group = GROUP_BOTH,
	  .later = LATER_STREAM, .help = "pass images to and from criu-image-streamer" },
	{ "libdir", 'L', TEXT(libdir, "DIR"), .commands = DR, .group = GROUP_BOTH,
	  .later = LATER_PLUGINS, .help = "load plugins from here" },
	{ "lsm-profile", 0, TEXT(lsm_profile, "TYPE:NAME"), .commands = R, .group = GROUP_BOTH,
	  .later = LATER_LSM, .help = "restore with this security label" },

	/* --- memory --- */
	{ "track-mem", 0, BOOL(track_mem), .commands = DP, .group = GROUP_MEMORY,
	  .help = "track changed pages for the next dump" },
	{ "prev-images-dir", 0, TEXT(prev_images_dir, "DIR"), .commands = DP | S,
	  .group = GROUP_MEMORY, .later = LATER_INCREMENTAL,
	  .help = "images of the dump before, relative to -D" },
	{ "auto-dedup", 0, BOOL(auto_dedup), .commands = DPR | S, .group = GROUP_MEMORY,
	  .later = LATER_INCREMENTAL, .help = "punch pages out of older images" },
	{ "pre-dump-mode", 0, ARG_YES, "MODE", .commands = BIT(PRE_DUMP), .group = GROUP_MEMORY,
	  .set = set_pre_dump_mode, .help = "splice (default) or read" },
	{ "page-server", 0, BOOL(page_server), .commands = DP, .group = GROUP_MEMORY,
	  .later = LATER_PAGES, .help = "send pages to the page server at --address" },
	{ "lazy-pages", 0, SWITCH(lazy_pages), .commands = DPR | S, .group = GROUP_MEMORY,
	  .later = LATER_LAZY, .help = "bring pages only when they are touched" },

	/* --- cgroups --- */
	{ "manage-cgroups", 0, ARG_MAYBE, "MODE", .commands = DR | C,
	  .group = GROUP_CGROUP, .set = set_manage_cgroups,
	  .help = "ignore, soft (default); not yet: none, props, full, strict" },
	{ "cgroup-root", 0, ARG_YES, "[CTRL:]/DIR", .commands = DR, .group = GROUP_CGROUP,
	  .set = set_cgroup_root, .later = LATER_CGROUPS,
	  .help = "start here at dump; restore under this directory" },
	{ "cgroup-yard", 0, TEXT(cgroup_yard, "DIR"), .commands = DR, .group = GROUP_CGROUP,
	  .later = LATER_CGROUPS, .help = "directory where all hierarchies are mounted" },
	{ "cgroup-props", 0, TEXT(cgroup_props, "TEXT"), .commands = D, .group = GROUP_CGROUP,
	  .later = LATER_CGROUPS, .help = "which properties to save" },
	{ "cgroup-props-file", 0, TEXT(cgroup_props_file, "FILE"), .commands = D,
	  .group = GROUP_CGROUP, .later = LATER_CGROUPS, .help = "the same from a file" },
	{ "cgroup-dump-controller", 0, LIST(cgroup_dump_controllers, "NAME"), .commands = D,
	  .group = GROUP_CGROUP, .later = LATER_CGROUPS, .help = "save this controller and no other" },

	/* --- namespaces --- */
	{ "root", 'r', TEXT(root, "DIR"), .commands = R, .group = GROUP_NS, .later = LATER_MNT,
	  .help = "new root of the mount namespace; a mount point" },
	{ "skip-mnt", 0, LIST(skip_mnt, "DIR"), .commands = DR, .group = GROUP_NS, .later = LATER_MNT,
	  .help = "leave this mount out" },
	{ "enable-fs", 0, ARG_YES, "FS,...", .commands = DR, .group = GROUP_NS,
	  .set = set_enable_fs, .later = LATER_MNT, .help = "mount these file systems anew; or all" },
	{ "ext-mount-map", 'M', ARG_YES, "KEY:VAL", .commands = DR, .group = GROUP_NS,
	  .set = set_ext_mount_map, .later = LATER_MNT,
	  .help = "older spelling of --external mnt[KEY]:VAL; or auto" },
	{ "enable-external-sharing", 0, SWITCH(ext_sharing), .commands = DR, .group = GROUP_NS,
	  .later = LATER_MNT, .help = "auto-detected mounts may be shared" },
	{ "enable-external-masters", 0, SWITCH(ext_masters), .commands = DR, .group = GROUP_NS,
	  .later = LATER_MNT, .help = "auto-detected mounts may be slaves" },
	{ "mntns-compat-mode", 0, BOOL(mntns_compat_mode), .commands = R, .group = GROUP_NS,
	  .later = LATER_MNT, .help = "build mounts the classic way" },
	{ "lsm-mount-context", 0, TEXT(lsm_mount_context, "CTX"), .commands = R,
	  .group = GROUP_NS, .later = LATER_MNT, .help = "mount with this context=" },
	{ "empty-ns", 0, ARG_YES, "net", .commands = DR, .group = GROUP_NS, .set = set_empty_ns,
	  .later = LATER_NET, .help = "make the namespace and leave it empty" },
	{ "veth-pair", 0, ARG_YES, "IN=OUT", .commands = R, .group = GROUP_NS,
	  .set = set_veth_pair, .later = LATER_NET,
	  .help = "older spelling of --external veth[IN]:OUT" },
	{ "join-ns", 'J', ARG_YES, "NS:PID|FILE", .commands = R, .group = GROUP_NS,
	  .set = set_join_ns, .later = LATER_NS,
	  .help = "restore into this namespace: net, uts, time, ipc, user, mnt" },

	/* --- servers --- */
	{ "address", 0, TEXT(address, "ADDR"), .commands = DP | SVL, .group = GROUP_SERVER,
	  .later = LATER_PAGES, .help = "address of the page server, socket of the service" },
	{ "port", 0, ARG_YES, "N", .commands = DP | SVL, .group = GROUP_SERVER, .set = set_port,
	  .later = LATER_PAGES, .help = "port of the page server" },
	{ "ps-socket", 0, ARG_YES, "FD", .commands = DP | SVL, .group = GROUP_SERVER, .set = set_fd,
	  FIELD(ps_socket), .later = LATER_PAGES, .help = "a connected socket to the page server" },
	{ "daemon", 'd', BOOL(restore_detached), .commands = R | SVL, .group = GROUP_SERVER,
	  .help = "go to the background when ready" },
	{ "status-fd", 0, ARG_YES, "FD", .commands = SVL, .group = GROUP_SERVER, .set = set_fd,
	  FIELD(status_fd), .help = "write a NUL byte here when ready" },
	{ "tls", 0, BOOL(tls), .commands = DP | SVL, .group = GROUP_SERVER, .later = LATER_PAGES,
	  .help = "encrypt the connection" },
	{ "tls-cacert", 0, TEXT(tls_cacert, "FILE"), .commands = DP | SVL, .group = GROUP_SERVER,
	  .later = LATER_PAGES, .help = "certificates of those whom we trust to sign" },
	{ "tls-cacrl", 0, TEXT(tls_cacrl, "FILE"), .commands = DP | SVL, .group = GROUP_SERVER,
	  .later = LATER_PAGES, .help = "certificates taken back" },
	{ "tls-cert", 0, TEXT(tls_cert, "FILE"), .commands = DP | SVL, .group = GROUP_SERVER,
	  .later = LATER_PAGES, .help = "our certificate" },
	{ "tls-key", 0, TEXT(tls_key, "FILE"), .commands = DP | SVL, .group = GROUP_SERVER,
	  .later = LATER_PAGES, .help = "our key" },
	{ "tls-no-cn-verify", 0, SWITCH(tls_no_cn_verify), .commands = DP | SVL,
	  .group = GROUP_SERVER, .later = LATER_PAGES, .help = "do not compare the server's name" },

	/* --- check --- */
	{ "extra", 0, BOOL(check_extra), .commands = C, .group = GROUP_CHECK,
	  .help = "also what only some trees need" },
	{ "experimental", 0, BOOL(check_experimental), .commands = C, .group = GROUP_CHECK,
	  .help = "also what is still in the making" },
	{ "all", 0, ARG_NO, .commands = C, .group = GROUP_CHECK, .set = set_check_all,
	  .help = "both" },
	{ "feature", 0, TEXT(check_feature, "NAME,..."), .commands = C, .group = GROUP_CHECK,
	  .help = "only these; the last option given counts" },
	{ "list", 0, SWITCH(check_list), .commands = C, .group = GROUP_CHECK,
	  .help = "the names of all features" },
	{ "explain", 0, TEXT(check_explain, "NAME"), .commands = C, .group = GROUP_CHECK,
	  .help = "all there is to say of one feature" },
	{ "ways", 0, SWITCH(check_ways), .commands = C, .group = GROUP_CHECK,
	  .help = "which of several ways is taken here, and why" },
	{ "images", 0, ARG_YES, "DIR", .commands = ALL, .group = GROUP_CHECK, .set = set_images,
	  .help = "can these images be restored here, with these options of restore?" },
	{ "against", 0, ARG_YES, "FILE", .commands = C, .group = GROUP_CHECK, .set = set_against,
	  .help = "with --images: on the host whose --facts these are" },
	{ "facts", 0, SWITCH(check_facts), .commands = C, .group = GROUP_CHECK,
	  .help = "print what --against wants to know of this host" },
	{ "json", 0, SWITCH(check_json), .commands = C, .group = GROUP_CHECK,
	  .help = "any of these for programs" },
	{ "ms", 0, ARG_NO, .commands = C, .group = GROUP_CHECK, .set = set_gone,
	  .help = "gone, an error" },

	/* --- all commands --- */
	{ "images-dir", 'D', TEXT(images_dir, "DIR"), .commands = ALL, .group = GROUP_COMMON,
	  .help = "directory of the images (.)" },
	{ "work-dir", 'W', TEXT(work_dir, "DIR"), .commands = ALL, .group = GROUP_COMMON,
	  .help = "directory of log, statistics and pid file (that of the images)" },
	{ "action-script", 0, LIST(action_scripts, "FILE"), .commands = ALL,
	  .group = GROUP_COMMON, .help = "run this at fixed points; may be repeated" },
	{ "unprivileged", 0, BOOL(unprivileged), .commands = ALL, .group = GROUP_COMMON,
	  .help = "live with what an ordinary user can do" },
	{ "close", 0, ARG_YES, "FD", .commands = ALL, .group = GROUP_COMMON, .set = set_close,
	  .help = "close this descriptor at once" },
	{ "config", 0, ARG_YES, "FILE", .commands = ALL, .group = GROUP_COMMON, .set = set_config,
	  .help = "read this configuration file instead of the default ones" },
	{ "no-default-config", 0, ARG_NO, .commands = ALL, .group = GROUP_COMMON,
	  .set = set_no_default_config, .help = "read no default configuration file" },
	{ "help", 'h', ARG_NO, .commands = ALL, .group = GROUP_COMMON, .set = set_help,
	  .help = "print this" },
	{ "version", 'V', ARG_NO, .commands = ALL, .group = GROUP_COMMON, .set = set_version,
	  .help = "print the version" },

	/* --- logs --- */
	{ "log-file", 'o', TEXT(log_file, "FILE"), .commands = ALL, .group = GROUP_LOG,
	  .help = "log to this file in the work directory (stderr); - is stdout" },
	{ "log-pid", 0, BOOL(log_pid), .commands = R, .group = GROUP_LOG,
	  .help = "one log a task, FILE.PID" },
	{ "verbosity", 'v', ARG_MAYBE, "N", .commands = ALL, .group = GROUP_LOG,
	  .set = set_verbosity,
	  .help = "-v one more, -vv two more, -vN just N: 0 messages, 1 errors, 2 warnings "
		  "(default), 3 steps and time, 4 everything" },
	{ "display-stats", 0, BOOL(display_stats), .commands = DPR, .group = GROUP_LOG,
	  .help = "print statistics at the end" },
};

const size_t opt_rows_n = sizeof(opt_rows) / sizeof(opt_rows[0]);

_Static_assert(sizeof(opt_rows) / sizeof(opt_rows[0]) <= OPT_ROWS_MAX, "struct opt_parse is too small");

const struct command_row command_rows[] = {
	{ CMD_DUMP, "dump", NULL, "-t PID", NULL, "checkpoint a tree of processes" },
	{ CMD_RESTORE, "restore", NULL, "", NULL, "bring it back" },
	{ CMD_CHECK, "check", NULL, "", NULL, "what works here; -t PID: can this tree be dumped?" },
	{ CMD_PRE_DUMP, "pre-dump", NULL, "-t PID", LATER_INCREMENTAL, "save memory only, ahead of a dump" },
	{ CMD_DEDUP, "dedup", NULL, "", LATER_INCREMENTAL, "punch pages that newer images have" },
	{ CMD_PAGE_SERVER, "page-server", NULL, "", LATER_PAGES, "take pages of a dump from another host" },
	{ CMD_LAZY_PAGES, "lazy-pages", NULL, "-D DIR", LATER_LAZY, "bring pages on demand" },
	{ CMD_SERVICE, "service", NULL, "", LATER_RPC, "serve RPC on a socket" },
	{ CMD_SWRK, "swrk", NULL, "FD", LATER_RPC, "serve one RPC client on a descriptor" },
	{ CMD_CPUINFO_DUMP, "cpuinfo", "dump", "", NULL, "write cpuinfo.img" },
	{ CMD_CPUINFO_CHECK, "cpuinfo", "check", "", NULL, "compare it with this CPU" },
	{ CMD_EXEC, "exec", NULL, "", NULL, "gone, an error" },
	{ CMD_SHOW, "show", NULL, "", NULL, "gone, an error" },
};

const size_t command_rows_n = sizeof(command_rows) / sizeof(command_rows[0]);

/* Does @name, exactly or as a beginning, mean @row? */
static bool matches(const struct opt_row *row, const char *name, bool exact, bool *ret_on)
{
	size_t len = strlen(name);

	*ret_on = true;
	if (exact ? !strcmp(row->name, name) : !strncmp(row->name, name, len))
		return true;

	*ret_on = false;
	if (!row->no_form || strncmp(name, "no-", 3))
		return false;
	return exact ? !strcmp(row->name, name + 3) : !strncmp(row->name, name + 3, len - 3);
}

const struct opt_row *opt_find(const char *name, bool *ret_on, int *ret_why)
{
	const struct opt_row *found = NULL;
	bool on;

	for (size_t i = 0; i < opt_rows_n; i++)
		if (matches(&opt_rows[i], name, true, ret_on))
			return &opt_rows[i];

	for (size_t i = 0; i < opt_rows_n; i++) {
		if (!matches(&opt_rows[i], name, false, &on))
			continue;
		if (found) {
			*ret_why = -EEXIST;
			return NULL;
		}
		found = &opt_rows[i];
		*ret_on = on;
	}
	if (!found)
		*ret_why = -ENOENT;
	return found;
}
