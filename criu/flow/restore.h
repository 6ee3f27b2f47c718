/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

struct options;

/*
 * criu restore. With restore_detached it returns when the tasks run, else when their root has ended;
 * with exec_cmd it does not return after success. 0, or -errno with nothing left behind.
 */
int restore_run(const struct options *o);
