/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of one run: what the command line, the configuration files or an RPC request asked
 * for. Filled once by criu/front, const from then on, and handed down to every room above this one.
 *
 * options_init() gives every field its default, which is the one told here; a string is NULL, a
 * list empty, a bool false and a descriptor -1 where nothing else is said. Strings and arrays live
 * as long as the struct.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum command {
	CMD_NONE,
	CMD_DUMP,
	CMD_PRE_DUMP,
	CMD_RESTORE,
	CMD_CHECK,
	CMD_PAGE_SERVER,
	CMD_LAZY_PAGES,
	CMD_SERVICE,
	CMD_SWRK,
	CMD_DEDUP,
	CMD_CPUINFO_DUMP,
	CMD_CPUINFO_CHECK,
	CMD_EXEC,	/* known by name, refused: gone since long */
	CMD_SHOW,	/* the same */
};

/* What may be done to cgroups; single bits, as in the images. */
enum cgroup_mode {
	CGROUP_IGNORE = 0,	/* nothing; a dump writes the sets only */
	CGROUP_NONE   = 1,	/* cgroups must exist, properties are left alone, tasks are moved */
	CGROUP_PROPS  = 2,	/* cgroups must exist, properties are restored */
	CGROUP_SOFT   = 4,	/* missing ones are created, properties of created ones restored */
	CGROUP_FULL   = 8,	/* missing ones are created, properties always restored */
	CGROUP_STRICT = 16,	/* none may exist */
};

/* Numbers as in the RPC message and in inventory.img. */
enum network_lock {
	NETWORK_LOCK_IPTABLES = 1,
	NETWORK_LOCK_NFTABLES = 2,
	NETWORK_LOCK_SKIP     = 3,
};

enum pre_dump_mode {
	PRE_DUMP_SPLICE = 1,
	PRE_DUMP_READ   = 2,
};

enum file_validation {
	FILE_VALIDATE_SIZE,	/* compare the size */
	FILE_VALIDATE_BUILDID,	/* compare the build id of an ELF file, the size of others */
};

/* Bits of cpu_cap, as in the RPC message. */
enum cpu_cap {
	CPU_CAP_FPU   = 1,	/* every xsave feature that the dumped CPU had must be here */
	CPU_CAP_CPU   = 2,	/* the very same CPU model and features */
	CPU_CAP_INS   = 4,	/* every instruction set that the dumped CPU had must be here */
	CPU_CAP_IMAGE = 8,	/* write cpuinfo.img at dump, check it at restore */
};

struct opt_list {
	const char **v;
	size_t n;
};

/* --external KEY[:VALUE]: the key with its brackets ("mnt[/data]"), the value NULL if absent. */
struct opt_external {
	const char *key;
	const char *value;
};

/* --inherit-fd fd[N]:KEY. The descriptor is open in this process; the caller owns it. */
struct opt_inherit {
	int fd;
	const char *key;
};

/* --join-ns NS:{PID,FILE}[,OPTS]. */
struct opt_join_ns {
	const char *ns;		/* net, uts, time, ipc, user or mnt */
	pid_t pid;		/* whose namespace; 0: take @file */
	const char *file;	/* NULL: take @pid */
	const char *opts;	/* user: "UID,GID"; else NULL */
};

/* --cgroup-root [CTRL:]/PATH; without a controller it is the default of all others. */
struct opt_cgroup_root {
	const char *controller;
	const char *path;
};

struct options {
	enum command command;

	/*
	 * Identity of this run, an uuid in text: the log's first line, and dump_criu_run_id in
	 * inventory.img.
	 */
	char run_id[37];

	/* --- where to work ------------------------------------------------------------------ */

	/* Directory of the images, as given; ".". Open it as images_fd, the path is for messages. */
	const char *images_dir;
	int images_fd;			/* opened by front before a flow starts */
	/* Directory of log, statistics, pid file; NULL: images_dir. It is the current directory. */
	const char *work_dir;
	int work_fd;			/* opened by front before a flow starts */
	/* Images of the previous dump, relative to images_dir: the text of the `parent` link. */
	const char *prev_images_dir;

	/* --- logs and reports --------------------------------------------------------------- */

	const char *log_file;		/* relative to work_dir; NULL: stderr; "-": stdout */
	bool log_pid;			/* one log a restored task, LOG_FILE.PID */
	int log_level;			/* enum log_level of base/log.h; 2, warnings */
	bool display_stats;		/* print the statistics at the end */
	const char *pidfile;		/* restore: pid of the root task goes here */
	int status_fd;			/* servers: a NUL byte is written to it when ready */

	/* --- what may be done --------------------------------------------------------------- */

	struct opt_list action_scripts;	/* paths, run in this order: criu/flow/script.h */
	bool unprivileged;		/* live with what a user without capabilities can do */
	bool deprecated;		/* restore image features that are out of use */
	const char *libdir;		/* folder of plugins; NULL: none are loaded */
	bool stream;			/* images go through criu-image-streamer */

	/* --- dump --------------------------------------------------------------------------- */

	pid_t tree;			/* root of the tree to dump, > 0; 0: not given */
	bool leave_running;		/* let the tasks go on after the dump */
	bool leave_stopped;		/* leave the tasks stopped (SIGSTOP) after dump or restore */
	const char *freeze_cgroup;	/* freezer cgroup directory that holds the tree */
	unsigned int timeout;		/* seconds to freeze the tree in; 10; 0: no limit */
	bool track_mem;			/* track changed pages from this dump on */
	bool auto_dedup;		/* punch pages out of the parent images */
	enum pre_dump_mode pre_dump_mode; /* splice */
	bool lazy_pages;		/* leave pages to a page fault server */
	uint64_t ghost_limit;		/* bytes a deleted file may occupy to be saved; 1 MiB */
	bool ghost_fiemap;		/* find holes of deleted files by FIEMAP; true */
	bool link_remap;		/* may make temporary hard links to deleted files */
	bool force_irmap;		/* resolve watches by scanning, never by handle */
	struct opt_list irmap_scan_paths;
	bool evasive_devices;		/* any path to the same device will do */
	bool ext_unix_sk;		/* peers of unix sockets may be outside the tree */
	bool skip_in_flight;		/* forget TCP connections that were not accepted */
	enum network_lock network_lock;	/* iptables */
	bool network_lock_given;	/* restore takes it from the images, and warns if given */
	enum file_validation file_validation; /* buildid */
	bool allow_uprobes;		/* a uprobes mapping is left out instead of refused */

	/* --- dump and restore --------------------------------------------------------------- */

	bool shell_job;			/* the root is not a session leader; its terminal is ours */
	bool file_locks;		/* keep file locks; without it a lock is refused */
	bool tcp_established;		/* keep connected TCP sockets; without it they are refused */
	bool tcp_close;			/* connected TCP sockets come back closed */
	struct opt_external *externals;
	size_t n_externals;
	unsigned int cpu_cap;		/* mask of enum cpu_cap; FPU | INS */
	uint32_t empty_ns;		/* CLONE_NEWNET: make the namespace, leave it empty */
	bool weak_sysctls;		/* a sysctl that does not exist here is skipped */

	/* --- cgroups ------------------------------------------------------------------------ */

	enum cgroup_mode manage_cgroups; /* soft */
	struct opt_cgroup_root *cgroup_roots;
	size_t n_cgroup_roots;
	const char *cgroup_yard;	/* directory where all hierarchies are mounted */
	const char *cgroup_props;	/* which properties to keep: the text itself */
	const char *cgroup_props_file;	/* the same from a file */
	struct opt_list cgroup_dump_controllers; /* empty: all */

	/* --- mounts and security ------------------------------------------------------------ */

	bool auto_ext_mnt;		/* --external mnt[]: find mounts from outside by itself */
	bool ext_sharing;		/* ... shared ones, too */
	bool ext_masters;		/* ... slaves, too */
	struct opt_list skip_mnt;	/* mount points to leave out */
	bool enable_all_fs;		/* --enable-fs all */
	struct opt_list enable_fs;	/* file systems to treat as mountable anew */
	const char *root;		/* restore: new root of the mount namespace */
	bool mntns_compat_mode;		/* restore: build mounts the classic way */
	const char *lsm_profile;	/* restore: TYPE:NAME */
	const char *lsm_mount_context;	/* restore: replaces context= */

	/* --- restore ------------------------------------------------------------------------ */

	bool restore_detached;		/* end when the tasks go on; servers: to the background */
	bool restore_sibling;		/* the root is made a child of our parent */
	struct opt_inherit *inherit_fds;
	size_t n_inherit_fds;
	struct opt_join_ns *join_ns;
	size_t n_join_ns;
	bool exec_cmd;			/* after success, execute exec_argv */
	char *const *exec_argv;		/* NULL-terminated; NULL without exec_cmd */
	bool skip_file_rwx_check;	/* permission bits of a file may differ from the dump's */

	/* --- servers ------------------------------------------------------------------------ */

	bool page_server;		/* dump: send pages to address:port */
	const char *address;		/* page server: IP address or name; service: socket path */
	uint16_t port;			/* 0: chosen by the kernel */
	int ps_socket;			/* a connected stream socket instead of address:port */
	int swrk_fd;			/* swrk: the socket of our one client */
	bool tls;
	bool tls_no_cn_verify;
	const char *tls_cacert, *tls_cacrl, *tls_cert, *tls_key;

	/* --- check -------------------------------------------------------------------------- */

	const char *check_feature;	/* these only, by name, commas between; the last one given */
	bool check_extra;		/* also what only some trees need */
	bool check_experimental;	/* also what is still in the making */
	bool check_list;		/* names and what they are, without asking the kernel */
	const char *check_explain;	/* all there is to say of this one */
	bool check_ways;		/* which of its ways the engine takes here */
	bool check_json;		/* any of these for programs */
	bool check_images;		/* --images: can those in images_dir be restored? */
	bool check_facts;		/* what --against wants to know of this host */
	const char *check_against;	/* a file of --facts, absolute: of that host, not this one */
};

/* All defaults. Whatever @o held before is forgotten, not freed. */
void options_init(struct options *o);

/*
 * Is @key, brackets and all, declared external? On true @ret_value (may be NULL) is what followed
 * the colon, "" if there was none.
 */
bool options_external(const struct options *o, const char *key, const char **ret_value);

/* The --inherit-fd for @key, or NULL. */
const struct opt_inherit *options_inherit(const struct options *o, const char *key);

/* The word on the command line: "dump", "cpuinfo check". */
const char *command_name(enum command c);
