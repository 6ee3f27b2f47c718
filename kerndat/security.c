/* SPDX-License-Identifier: LGPL-2.1-only */
/* Seccomp, security modules, and what we ourselves may do. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "kerndat/state.h"

/* --- seccomp ------------------------------------------------------------------------------------------ */

/* Flags are looked at before the filter, which cannot be read here: EFAULT from who knows them. */
static long try_flag(unsigned long flag)
{
	return neg_errno(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL));
}

PROBE(probe_seccomp_flag)
{
	return kd_by_refusal(try_flag((unsigned long)row->arg), EFAULT);
}

PROBE(probe_seccomp)
{
	struct kd_answer a = kd_by_refusal(try_flag(0), EFAULT);

	if (a.state != KD_YES)
		return a;
	a = kd_yes_value(0);
	for (int bit = 0; bit < 16; bit++)
		if (try_flag(1ul << bit) == -EFAULT)
			a.value |= 1u << bit;
	return a;
}

PROBE(probe_seccomp_action)
{
	uint32_t action = (uint32_t)row->arg;
	long r = neg_errno(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));

	if (r == -EOPNOTSUPP || r == -EINVAL)
		return kd_no_err((int)r);
	return kd_by_enosys(r);
}

PROBE(probe_seccomp_on_us)
{
	return kd_filtered(kd) ? kd_yes() : kd_no();
}

/* --- security modules ------------------------------------------------------------------------------------ */

/* The list; empty without securityfs. */
static int read_lsms(char *text, size_t size)
{
	int r = kd_read_file("/sys/kernel/security/lsm", text, size);

	if (r >= 0)
		text[strcspn(text, "\n")] = 0;
	return r;
}

PROBE(probe_lsm)
{
	char text[512];
	struct kd_answer a;
	int r = read_lsms(text, sizeof(text));

	if (r < 0)
		return kd_cannot_tell_why(r, "securityfs is not mounted");
	a = *text ? kd_yes() : kd_no();
	snprintf(a.why, sizeof(a.why), "%.*s", (int)sizeof(a.why) - 1, text);
	return a;
}

PROBE(probe_lsm_named)
{
	char name[128], text[512], *file, *found;
	int r;

	snprintf(name, sizeof(name), "%s", row->path);
	file = strchr(name, '\n');
	*file++ = 0;
	if (access(file, F_OK) == 0)
		return kd_yes();
	r = read_lsms(text, sizeof(text));
	if (r >= 0) {
		found = strstr(text, name);
		return found ? kd_yes() : kd_no();
	}
	/* No list. A module that labels answers for our own label; EINVAL: none does. */
	r = kd_read_file("/proc/self/attr/current", text, sizeof(text));
	if (r == -EINVAL)
		return kd_no_why("no security module labels tasks");
	return kd_cannot_tell(r < 0 ? r : ENOENT);
}

/* The label that this child has anyway, set as a restore sets it. */
static struct kd_answer set_own_label(void *arg)
{
	const struct kd_feature *row = arg;
	char label[1024], text[1100], *mode;
	autofd int fd = -1;
	int r = kd_read_file(row->path, label, sizeof(label));

	if (r < 0)
		return kd_cannot_tell(r);
	label[strcspn(label, "\n")] = 0;
	if (row->arg == KD_APPARMOR) {
		mode = strrchr(label, '(');
		if (mode && mode > label && mode[-1] == ' ')
			mode[-1] = 0;
		snprintf(text, sizeof(text), "changeprofile %s", label);
	} else {
		snprintf(text, sizeof(text), "%s", label);
	}
	fd = neg_errno(open(row->path, O_WRONLY | O_CLOEXEC));
	r = fd < 0 ? fd : (int)neg_errno(write(fd, text, strlen(text)));
	if (r == -EACCES || r == -EPERM)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

/* arg: the row of the module */
PROBE(probe_lsm_set)
{
	struct kd_answer there = kerndat_ask(kd, (enum kd_row)row->arg);

	if (there.state == KD_NO)
		return kd_no_why("no such module labels tasks");
	if (there.state != KD_YES)
		return there;
	return kd_in_child(kd, set_own_label, (void *)row);
}

PROBE(probe_apparmor_stacking)
{
	struct kd_answer aa = kerndat_ask(kd, KD_APPARMOR);
	char text[64];
	int r;

	if (aa.state == KD_NO)
		return kd_no_why("no AppArmor");
	if (aa.state != KD_YES)
		return aa;
	r = kd_read_file("/sys/kernel/security/apparmor/features/domain/stack", text, sizeof(text));
	if (r == -ENOENT && access("/sys/kernel/security/apparmor/features/domain", F_OK) == 0)
		return kd_no_err(r);
	if (r < 0)
		return kd_cannot_tell(r);
	return !strncmp(text, "yes", 3) ? kd_yes() : kd_no();
}

PROBE(probe_landlock)
{
	long r = neg_errno(syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* VERSION */));

	if (r == -EOPNOTSUPP)
		return kd_no_why("built in, and not in force");
	return r < 0 ? kd_by_enosys(r) : kd_yes_value((uint64_t)r);
}

/* --- ourselves --------------------------------------------------------------------------------------------- */

PROBE(probe_securebits)
{
	int r = neg_errno(prctl(PR_GET_SECUREBITS));

	return r < 0 ? kd_cannot_tell(r) : kd_yes_value((uint64_t)r);
}

PROBE(probe_no_new_privs)
{
	int r = neg_errno(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));

	if (r == -EINVAL)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes_value((uint64_t)r);
}

PROBE(probe_cap)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2];
	unsigned word = (unsigned)row->arg / 32, bit = 1u << row->arg % 32;
	struct kd_answer a;

	if (syscall(SYS_capget, &head, sets) < 0)
		return kd_cannot_tell(errno);
	a = sets[word].effective & bit ? kd_yes() : kd_no();
	a.has_value = true;
	a.value = (sets[word].effective & bit ? 1 : 0) | (sets[word].permitted & bit ? 2 : 0) |
		  (sets[word].inheritable & bit ? 4 : 0) |
		  (prctl(PR_CAPBSET_READ, row->arg, 0, 0, 0) == 1 ? 8 : 0) |
		  (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, row->arg, 0, 0) == 1 ? 16 : 0);
	return a;
}
