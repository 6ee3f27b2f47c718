/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux security modules: which one the host has, and the label of a thread. */
#pragma once

struct dump;
struct task;
struct thread_look;

/* Numbers as in inventory.img. */
enum lsm_kind {
	LSM_NONE = 0,
	LSM_SELINUX = 1,
	LSM_APPARMOR = 2,
};

/* What this host enforces. */
enum lsm_kind lsm_kind(void);

/* The labels of a thread, NULL where it has none or runs unconfined. */
int lsm_look(struct dump *d, struct task *t, struct thread_look *th);
