/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of options by themselves. */
#include "criu/front/test/test.h"

#include <errno.h>
#include <limits.h>

#include "base/log.h"
#include "criu/front/values.h"

static void numbers(void)
{
	static const char *const wrong[] = { "", " 1", "1 ", "+1", "-1", "0x10", "1k", "one", "1.5" };
	uint64_t n = 4711;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok_int(value_number(wrong[i], UINT64_MAX, &n), -EINVAL);
	ok_int(value_number("256", 255, &n), -ERANGE);
	ok_int(value_number("18446744073709551616", UINT64_MAX, &n), -ERANGE);
	ok_int(n, 4711);

	ok_int(value_number("255", 255, &n), 0);
	ok_int(n, 255);
	ok_int(value_number("18446744073709551615", UINT64_MAX, &n), 0);
	ok(n == UINT64_MAX);
	ok_int(value_number("007", 255, &n), 0);
	ok_int(n, 7);
}

static void sizes(void)
{
	static const char *const wrong[] = { "", "K", "5X", "5KB", "5 K", "5k", "-5K" };
	uint64_t n;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok_int(value_size(wrong[i], &n), -EINVAL);
	ok_int(value_size("17179869184G", &n), -ERANGE);

	ok_int(value_size("5", &n), 0);
	ok_int(n, 5);
	ok_int(value_size("5K", &n), 0);
	ok_int(n, 5 << 10);
	ok_int(value_size("5M", &n), 0);
	ok_int(n, 5 << 20);
	ok_int(value_size("5G", &n), 0);
	ok_int(n, 5LL << 30);
	ok_int(value_size("17179869183G", &n), 0);
	ok_int(value_size("0", &n), 0);
	ok_int(n, 0);
}

static void verbosity(void)
{
	int v;

	ok_int(value_verbosity(NULL, 2, &v), 0);
	ok_int(v, 3);
	ok_int(value_verbosity("v", 2, &v), 0);
	ok_int(v, 4);
	ok_int(value_verbosity("vvvvv", 2, &v), 0);
	ok_int(v, LOG_DEBUG);
	ok_int(value_verbosity("0", 2, &v), 0);
	ok_int(v, 0);
	ok_int(value_verbosity("9", 2, &v), 0);
	ok_int(v, LOG_DEBUG);
	ok_int(value_verbosity("vx", 2, &v), -EINVAL);
	ok_int(value_verbosity("v4", 2, &v), -EINVAL);
	ok_int(value_verbosity("x", 2, &v), -EINVAL);
}

static void cpu_caps(void)
{
	static const struct {
		const char *text;
		unsigned int want;
	} right[] = {
		{ "fpu", 1 | 8 },     { "cpu", 2 | 8 },	      { "ins", 4 | 8 },	 { "all", 7 | 8 },
		{ "fpu,ins", 5 | 8 }, { "all,^cpu", 5 | 8 },  { "none", 0 },	 { NULL, 7 | 8 },
		{ "", 7 | 8 },	      { "^ins", 1 | 8 },      { "fpu,none", 0 }, { "^all", 0 },
		{ "^none", 7 | 8 },   { "none,cpu", 2 | 8 },
	};
	static const char *const wrong[] = { "foo", "fpu,", ",fpu", "fpu;ins", "^", "fp", "fpux" };
	unsigned int mask;

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		ok_int(value_cpu_cap(right[i].text, &mask), 0);
		ok_int(mask, right[i].want);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok_int(value_cpu_cap(wrong[i], &mask), -EINVAL);
}

static void externals(void)
{
	static const char *const wrong[] = { "", "foo", "[x]", "file", "file[", "file[1:2", "File[1]",
					     "file[1]x", "file x[1]" };
	struct opt_external e;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok_int(value_external(wrong[i], &e), -EINVAL);

	ok_int(value_external("file[1c:5f]", &e), 0);
	ok_str(e.key, "file[1c:5f]");
	ok(!e.value);
	ok_int(value_external("mnt[/a/b]:name:x", &e), 0);
	ok_str(e.key, "mnt[/a/b]");
	ok_str(e.value, "name:x");
	ok_int(value_external("dev[8/1]:", &e), 0);
	ok_str(e.key, "dev[8/1]");
	ok_str(e.value, "");
	ok_int(value_external("mnt[/a[1]b]:n", &e), 0);
	ok_str(e.key, "mnt[/a[1]b]");
	ok_str(e.value, "n");
}

static void external_lookup(void)
{
	struct opt_external e[2];
	struct options o;
	const char *v = "unset";

	options_init(&o);
	ok_int(value_external("file[1c:5f]", &e[0]), 0);
	ok_int(value_external("mnt[/x]:y", &e[1]), 0);
	o.externals = e;
	o.n_externals = 2;

	ok(!options_external(&o, "file[1c:5]", &v));
	ok_str(v, "unset");
	ok(options_external(&o, "file[1c:5f]", &v));
	ok_str(v, "");
	ok(options_external(&o, "mnt[/x]", &v));
	ok_str(v, "y");
	ok(options_external(&o, "mnt[/x]", NULL));
}

static void inherit_fds(void)
{
	static const char *const wrong[] = { "", "fd", "fd[]:x", "fd[1]", "fd[1]:", "fd[1]x", "fd[-1]:x",
					     "fd[a]:x", "1:x" };
	struct opt_inherit in;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok_int(value_inherit_fd(wrong[i], &in), -EINVAL);
	ok_int(value_inherit_fd("fd[2147483648]:x", &in), -ERANGE);

	ok_int(value_inherit_fd("fd[7]:pipe:[1234]", &in), 0);
	ok_int(in.fd, 7);
	ok_str(in.key, "pipe:[1234]");
	ok_int(value_inherit_fd("fd[0]:tmp/a b", &in), 0);
	ok_str(in.key, "tmp/a b");
}

static void join_ns(void)
{
	static const char *const wrong[] = { "", "net", "net:", "foo:1", "net:0", "net:1,2", "user:1,",
					     "user:,1,2" };
	struct opt_join_ns j;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok_int(value_join_ns(wrong[i], &j), -EINVAL);
	ok_int(value_join_ns("pid:1", &j), -ENOTSUP);

	ok_int(value_join_ns("net:41", &j), 0);
	ok_str(j.ns, "net");
	ok_int(j.pid, 41);
	ok(!j.file && !j.opts);
	ok_int(value_join_ns("user:/run/u,5,6", &j), 0);
	ok_str(j.file, "/run/u");
	ok_int(j.pid, 0);
	ok_str(j.opts, "5,6");
}

static void cgroup_values(void)
{
	struct opt_cgroup_root root;
	enum cgroup_mode m;

	ok_int(value_cgroup_root("/a", &root), 0);
	ok(!root.controller);
	ok_str(root.path, "/a");
	ok_int(value_cgroup_root("cpu:/a", &root), 0);
	ok_str(root.controller, "cpu");
	ok_str(root.path, "/a");
	ok_int(value_cgroup_root("cpu:a", &root), -EINVAL);
	ok_int(value_cgroup_root(":/a", &root), -EINVAL);
	ok_int(value_cgroup_root("a", &root), -EINVAL);

	ok_int(value_cgroup_mode(NULL, &m), 0);
	ok_int(m, CGROUP_SOFT);
	ok_int(value_cgroup_mode("ignore", &m), 0);
	ok_int(m, CGROUP_IGNORE);
	ok_int(value_cgroup_mode("strict", &m), 0);
	ok_int(m, 16);
	ok_int(value_cgroup_mode("", &m), -EINVAL);
	ok_int(value_cgroup_mode("Soft", &m), -EINVAL);
}

static void lists(void)
{
	struct opt_list l = {};

	ok_int(list_append_split(&l, "a,bc,d"), 0);
	ok_int(l.n, 3);
	ok_str(l.v[1], "bc");
	ok_str(l.v[2], "d");
	ok_int(list_append_split(&l, "a,,d"), -EINVAL);
	ok_int(list_append_split(&l, ""), -EINVAL);
	ok_int(list_append_split(&l, "a,"), -EINVAL);
}

const struct test values_tests[] = {
	TEST(numbers), TEST(sizes),	  TEST(verbosity),   TEST(cpu_caps),
	TEST(externals), TEST(external_lookup), TEST(inherit_fds), TEST(join_ns),
	TEST(cgroup_values), TEST(lists), {},
};
