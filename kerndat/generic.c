/* SPDX-License-Identifier: LGPL-2.1-only */
/* Probes that serve many rows by .arg and .path. */
#include "kerndat/probes.h"

#include <errno.h>
#include <string.h>

PROBE(probe_all_of)
{
	char names[128];
	char *name, *rest;

	strncpy(names, row->path, sizeof(names) - 1);
	names[sizeof(names) - 1] = 0;
	for (name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		int r = kerndat_find(name);
		struct kd_answer a = r < 0 ? kd_cannot_tell(r) : kerndat_ask(kd, r);

		if (a.state == KD_NO)
			return kd_no_why("%s is not there", name);
		if (a.state != KD_YES)
			return kd_cannot_tell_why(a.err, "cannot tell about %s", name);
	}
	return kd_yes();
}
