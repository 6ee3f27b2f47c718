/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/image/fault.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define ARMED_BY "CRIU_FAULT_AT"

static const struct {
	const char *name, *does;
} faults[FAULT_NR] = {
#define FAULT(id, name, does) [FAULT_##id] = { name, does },
#include "criu/image/faults.h"
#undef FAULT
};

const char *fault_name(enum fault f)
{
	return faults[f].name;
}

const char *fault_does(enum fault f)
{
	return faults[f].does;
}

int fault_of(enum fault f, pid_t criu)
{
	/* Passes of the one armed fault in this process; tests only. */
	static unsigned long passes;
	const char *armed = getenv(ARMED_BY), *how;
	size_t n = strlen(faults[f].name);

	if (!armed || strncmp(armed, faults[f].name, n) || (armed[n] && armed[n] != ':'))
		return 0;

	how = armed[n] ? armed + n + 1 : "";
	if (!strcmp(how, "kill")) {
		pr_warn("fault %s: criu dies here, as asked\n", faults[f].name);
		(void)kill(criu, SIGKILL);
		return 0;
	}
	passes++;
	if (*how && strtoul(how, NULL, 10) != passes)
		return 0;

	pr_err("fault %s: %s fails here, as asked\n", faults[f].name, faults[f].does);
	return -ECANCELED;
}

int fault_at(enum fault f)
{
	/* It is asked often, and almost never armed. */
	return getenv(ARMED_BY) ? fault_of(f, getpid()) : 0;
}
