/* SPDX-License-Identifier: LGPL-2.1-only */
/* A net namespace to try in; for the functions that run in a probe's child. */
#pragma once

/*
 * Move this child into a net namespace of its own, with a user namespace around it where we may
 * not make one otherwise: what is asked is the kernel, not our privileges. Once is enough. 0 or -errno.
 */
int kd_own_net(void);

/* Its loopback device goes up. */
int kd_loopback_up(void);
