/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run needs around it before a flow starts: its directories and its log. */
#pragma once

#include "criu/image/options.h"

/*
 * Open o->images_fd and o->work_fd (which may be the same descriptor), make the work directory the
 * current one, send the log to where it belongs and give the run its id. Logs what failed.
 */
int start_run(struct options *o);
