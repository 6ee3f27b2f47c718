/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

/* What callers gate features on: the version that we are compatible with. Frozen. */
#define CRIU_VERSION "4.2"

/* Our own count. */
#define OUR_RELEASE "0.1"
