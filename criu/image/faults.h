/* SPDX-License-Identifier: GPL-2.0-only */
/* FAULT(id, name, what fails): one row a spot. Dump's first, in the order of a dump. */
FAULT(DUMP_INVENTORY,	"dump-inventory",	"writing the inventory image")
FAULT(RESTORE_READ,	"restore-read",		"reading the images")
