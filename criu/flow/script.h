/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Action scripts: programs of the user that run at fixed points of a dump or a restore
 * (--action-script, repeatable).
 *
 * What failing means is the caller's to decide: see the table of wire/cli.md section 6. In short:
 * pre-dump, network-lock, pre-restore, setup-namespaces, post-setup-namespaces and post-restore
 * abort; post-dump keeps the tasks and makes the exit code 255; network-unlock, pre-resume and
 * post-resume only log.
 */
#pragma once

#include <sys/types.h>

struct options;

enum hook {
	HOOK_PRE_DUMP,			/* before anything is frozen */
	HOOK_NETWORK_LOCK,		/* dump of a tree with its own network namespace */
	HOOK_POST_DUMP,			/* images are complete, tasks still frozen */
	HOOK_NETWORK_UNLOCK,		/* such a tree goes on */
	HOOK_PRE_RESTORE,		/* before the first task exists */
	HOOK_SETUP_NAMESPACES,		/* the root task stands in new namespaces */
	HOOK_POST_SETUP_NAMESPACES,	/* they are filled */
	HOOK_POST_RESTORE,		/* all is restored, nobody runs yet */
	HOOK_PRE_RESUME,
	HOOK_POST_RESUME,		/* the tasks run */
};

/* "pre-dump", "network-lock", ...: what the script finds in CRTOOLS_SCRIPT_ACTION. */
const char *hook_name(enum hook h);

/*
 * Run every registered script, one after the other, also behind one that failed; wait for each.
 * @root_pid, the root task as we see it, is not told to the scripts when 0 (pre-restore).
 * Returns 0, or -ECANCELED if at least one could not be run, was killed or ended with a status
 * other than 0; each such script has been logged by name. Without scripts it does nothing.
 */
int script_run(const struct options *o, enum hook h, pid_t root_pid);
