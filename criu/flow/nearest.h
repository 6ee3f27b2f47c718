/* SPDX-License-Identifier: GPL-2.0-only */
/* What somebody may have meant who asks for a feature that there is not. */
#pragma once

/* The feature whose name is most like @name, or NULL if none is much like it. */
const char *nearest_feature(const char *name);
/* "; did you mean NAME? `criu check --list` lists them", to be put behind a refusal; without a name if there is none. */
const char *nearest_hint(const char *name, char buf[128]);
