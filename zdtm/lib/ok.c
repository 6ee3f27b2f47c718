// SPDX-License-Identifier: GPL-2.0-only
/* What stands behind the ok_...() macros. */
#include "zdtm.h"

void zdtm_ok_eq(const char *file, int line, const char *gs, intmax_t got, const char *ws, intmax_t want)
{
	if (got != want)
		zdtm_fail(file, line, "%s is %jd (%#jx), not %s = %jd (%#jx)", gs, got, got, ws, want, want);
}

void zdtm_ok_ne(const char *file, int line, const char *gs, intmax_t got, const char *ws, intmax_t not)
{
	if (got == not)
		zdtm_fail(file, line, "%s is %s = %jd (%#jx)", gs, ws, not, not);
}

void zdtm_ok_ge(const char *file, int line, const char *gs, intmax_t got, const char *ws, intmax_t low)
{
	if (got < low)
		zdtm_fail(file, line, "%s = %jd is less than %s = %jd", gs, got, ws, low);
}

void zdtm_ok_str(const char *file, int line, const char *gs, const char *got, const char *want)
{
	if (!got || strcmp(got, want))
		zdtm_fail(file, line, "%s is \"%s\", not \"%s\"", gs, got ? got : "(null)", want);
}

void zdtm_ok_mem(const char *file, int line, const char *gs, const void *got, const void *want, size_t n)
{
	const unsigned char *g = got, *w = want;

	for (size_t i = 0; i < n; i++)
		if (g[i] != w[i])
			zdtm_fail(file, line, "%s: byte %zu of %zu is %#x, not %#x", gs, i, n, g[i], w[i]);
}

intmax_t zdtm_ok_sys(const char *file, int line, const char *cs, intmax_t r)
{
	if (r == -1)
		zdtm_fail(file, line, "%s: %s", cs, strerror(errno));
	return r;
}

void zdtm_ok_zero(const char *file, int line, const char *cs, intmax_t r)
{
	if (r == -1)
		zdtm_fail(file, line, "%s: %s", cs, strerror(errno));
	if (r)
		zdtm_fail(file, line, "%s is %jd, not 0", cs, r);
}

void zdtm_ok_errno(const char *file, int line, const char *cs, intmax_t r, int got, int want, const char *ws)
{
	if (r != -1)
		zdtm_fail(file, line, "%s is %jd, and does not fail with %s", cs, r, ws);
	if (got != want)
		zdtm_fail(file, line, "%s fails with \"%s\", not with %s", cs, strerror(got), ws);
}
