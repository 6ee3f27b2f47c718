/* SPDX-License-Identifier: LGPL-2.1-only */
/**
 * @file libkerndat.h
 * What this kernel, this machine and these privileges can do, told honestly.
 *
 *	struct libkerndat *kd;
 *	int r = libkerndat_open(0, &kd);
 *
 *	if (r < 0)
 *		return r;
 *	if (libkerndat_has(kd, "pidfd_getfd"))
 *		...
 *	libkerndat_close(kd);
 *
 * Features are asked for by the names that `criu check --list` prints: they never change their
 * meaning, and new ones come with new releases. A feature is probed when it is first asked for, by
 * asking the kernel and never its version. A probe leaves nothing behind; one that touches
 * process state or may hang or die runs in a child of its own, that raises no SIGCHLD, and is bounded in
 * time. No outside program is run. What was learned is kept, until the next boot, in a file on a tmpfs
 * (/run for root, $XDG_RUNTIME_DIR for others, else /dev/shm), under a key of all that it depends
 * on: boot, kernel, CPU, namespaces, ids, capabilities, security label and the build of the program.
 *
 * A handle may be used by several threads at once. A process that changes its namespaces or
 * privileges opens another handle. The library prints nothing. Functions return 0 or a negative errno.
 */
#ifndef LIBKERNDAT_H
#define LIBKERNDAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** All that one user of the library has learned. */
struct libkerndat;

/** An answer. A question that failed is never a no. */
enum libkerndat_state {
	LIBKERNDAT_YES = 1,
	LIBKERNDAT_NO = 2,
	LIBKERNDAT_CANNOT_TELL = 3, /**< a missing /proc, a seccomp filter, a probe that died */
};

/** What `criu check` makes of a feature that is not there. */
enum libkerndat_class {
	LIBKERNDAT_NEEDED = 1,	     /**< without it most dumps or restores fail */
	LIBKERNDAT_EXTRA = 2,	     /**< without it some trees cannot be dumped or restored */
	LIBKERNDAT_EXPERIMENTAL = 3, /**< the same, of what is in the making */
	LIBKERNDAT_INFO = 4,	     /**< a fact; no answer is better than another */
};

/** What an answer depends on; each holds what the one above holds. */
enum libkerndat_scope {
	LIBKERNDAT_BOOT = 1,   /**< kernel and CPU */
	LIBKERNDAT_NS = 2,     /**< and the namespaces and root directory we are in */
	LIBKERNDAT_CALLER = 3, /**< and our ids, capabilities and security label */
	LIBKERNDAT_LIVE = 4,   /**< may change at any moment: never kept between runs */
};

struct libkerndat_answer {
	enum libkerndat_state state;
	int err;	/**< errno behind a no or a cannot tell; 0 if there is none */
	bool has_value;
	uint64_t value; /**< a size, a version, a mask: libkerndat_feature.what says which */
	char why[96];	/**< the reason in words, "" if there is nothing to add */
	bool cached;	/**< an earlier run has asked */
};

/** All there is to say of a feature. Texts are never NULL; "" where there is nothing to say. */
struct libkerndat_feature {
	const char *name;
	const char *group;   /**< task, ptrace, mem, fd, ns, net, cgroup, security, caps, cpu, host */
	const char *what;    /**< what it is */
	const char *since;   /**< first Linux that has it; vendors backport: for readers, not for decisions */
	const char *commit;  /**< the change that brought it, as in Linux's git */
	const char *config;  /**< kernel option, without CONFIG_ */
	const char *lost;    /**< what checkpoint and restore cannot do without it */
	const char *instead; /**< what is done then */
	const char *helps;   /**< what a person can do about a missing one */
	enum libkerndat_class importance;
	enum libkerndat_scope scope;
};

/** Flags of libkerndat_open(). */
enum {
	LIBKERNDAT_UNCACHED = 1, /**< neither read nor write the file */
};

/**
 * Make a handle. No probe runs here.
 * The environment variable KERNDAT_MASK forces answers, for tests: "pagemap_scan=no,kcmp=cannot".
 * @return -EINVAL for an unknown flag, or for a name or word in KERNDAT_MASK that does not exist; -ENOMEM.
 */
int libkerndat_open(unsigned int flags, struct libkerndat **ret_kd);

/** Keep what was learned, and free @kd. NULL is fine. A forked child that closes it keeps nothing. */
void libkerndat_close(struct libkerndat *kd);

/** Is it there, for us, now? False for no, for cannot tell, and for a name that nobody knows. */
bool libkerndat_has(struct libkerndat *kd, const char *name);

/** The whole answer. @return -ENOENT for a name that nobody knows. */
int libkerndat_ask(struct libkerndat *kd, const char *name, struct libkerndat_answer *ret_answer);

/**
 * Ask many at once, for who will need them all: what needs a child shares a few. Nothing is lost by
 * asking one by one but time. @return -ENOENT for an unknown name; nothing is asked then.
 */
int libkerndat_warm(struct libkerndat *kd, const char *const *names, size_t count);

/** How many features there are. */
size_t libkerndat_count(void);

/** The feature at @index, from 0 on. Its texts live as long as the program. @return -ERANGE beyond the last. */
int libkerndat_feature(size_t index, struct libkerndat_feature *ret_feature);

/** The feature of a name. @return -ENOENT. */
int libkerndat_find(const char *name, struct libkerndat_feature *ret_feature);

/**
 * Which of several ways criu takes here for @choice, as `criu check --ways` names them: "clone3" for "task_pid".
 * @return -ENOENT for a choice that nobody knows, -ENOTSUP if no way is open here.
 */
int libkerndat_way(struct libkerndat *kd, const char *choice, const char **ret_way);

/** "yes", "no", "cannot tell". */
const char *libkerndat_state_name(enum libkerndat_state state);

#ifdef __cplusplus
}
#endif

#endif
