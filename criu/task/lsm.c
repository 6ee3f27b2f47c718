/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of AppArmor and SELinux, as text.
 * Saved: the current label, and SELinux's label for new sockets.
 * Not saved: the policies themselves.
 */
#include "criu/task/lsm.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"

enum lsm_kind lsm_kind(void)
{
	/* Where each puts its files when it is on. */
	if (access("/sys/fs/selinux/enforce", F_OK) == 0)
		return LSM_SELINUX;
	if (access("/sys/kernel/security/apparmor/profiles", F_OK) == 0 ||
	    access("/sys/module/apparmor/parameters/mode", F_OK) == 0)
		return LSM_APPARMOR;
	return LSM_NONE;
}

/* A label file as a string in the arena; NULL when it is empty or says that nothing is confined. */
static int read_label(struct dump *d, struct task *t, pid_t tid, const char *file, const char **ret_label)
{
	char path[64], text[4096], *mode;
	int r;

	*ret_label = NULL;
	snprintf(path, sizeof(path), "task/%d/attr/%s", tid, file);
	r = proc_read_text(t->proc, path, text, sizeof(text));
	if (r == -ENOENT || r == -EINVAL)
		return 0; /* this module has no such label */
	if (r < 0)
		return err_task(tid, r, "read its security label (%s)", file);

	/* AppArmor: "profile (enforce)". */
	mode = strrchr(text, '(');
	if (mode && mode > text && mode[-1] == ' ')
		mode[-1] = 0;
	if (!*text || !strcmp(text, "unconfined"))
		return 0;
	*ret_label = arena_strdup(d->arena, text);
	return *ret_label ? 0 : -ENOMEM;
}

int lsm_look(struct dump *d, struct task *t, struct thread_look *th)
{
	int r;

	if (d->lsm == LSM_NONE)
		return 0;
	r = read_label(d, t, th->tid, "current", &th->lsm_profile);
	if (r == 0 && d->lsm == LSM_SELINUX)
		r = read_label(d, t, th->tid, "sockcreate", &th->lsm_sockcreate);
	return r;
}
