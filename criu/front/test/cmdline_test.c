/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line as a whole, and what is refused before anything is touched. */
#include "criu/front/test/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static void cmdline_defaults(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "check"), 0);
	ok_int(o.command, CMD_CHECK);
	ok_str(o.images_dir, ".");
	ok(!o.work_dir && !o.log_file && !o.pidfile && !o.exec_argv);
	ok_int(o.log_level, LOG_WARN);
	ok_int(o.timeout, 10);
	ok_int(o.ghost_limit, 1 << 20);
	ok(o.ghost_fiemap && !o.shell_job && !o.restore_detached);
	ok_int(o.cpu_cap, CPU_CAP_FPU | CPU_CAP_INS);
	ok_int(o.manage_cgroups, CGROUP_SOFT);
	ok_int(o.network_lock, NETWORK_LOCK_IPTABLES);
	ok_int(o.file_validation, FILE_VALIDATE_BUILDID);
	ok_int(o.status_fd, -1);
}

static void cmdline_all_places(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "-D /i dump -t 12 -v4 -jR --work-dir=/w -o x.log --timeout 0"), 0);
	ok_int(o.command, CMD_DUMP);
	ok_int(o.tree, 12);
	ok_str(o.images_dir, "/i");
	ok_str(o.work_dir, "/w");
	ok_str(o.log_file, "x.log");
	ok(o.shell_job && o.leave_running);
	ok_int(o.timeout, 0);
	ok_int(o.log_level, 4);
}

static void cmdline_all_commands(void)
{
	static const struct {
		const char *words;
		enum command want;
	} t[] = {
		{ "dump", CMD_DUMP },		    { "pre-dump", CMD_PRE_DUMP },
		{ "restore", CMD_RESTORE },	    { "check", CMD_CHECK },
		{ "page-server", CMD_PAGE_SERVER }, { "lazy-pages", CMD_LAZY_PAGES },
		{ "service", CMD_SERVICE },	    { "swrk 5", CMD_SWRK },
		{ "dedup", CMD_DEDUP },		    { "cpuinfo dump", CMD_CPUINFO_DUMP },
		{ "cpuinfo check", CMD_CPUINFO_CHECK }, { "exec", CMD_EXEC },
		{ "show", CMD_SHOW },
	};
	struct opt_parse p;
	struct options o;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ok_int(parse(&o, &p, t[i].words), 0);
		ok_int(o.command, t[i].want);
	}
	ok_int(parse(&o, &p, "swrk 5"), 0);
	ok_int(o.swrk_fd, 5);
}

static void cmdline_wrong_words(void)
{
	static const char *const wrong[] = {
		"", "foo", "dump dump", "restore x", "restore -- x", "cpuinfo", "cpuinfo foo", "swrk",
		"swrk 1 2", "swrk x", "check -- x", "--bogus check", "-Z check", "dump -t", "--tcp check",
		"dump --leave-running=1", "--no-leave-running dump", "--no-images-dir restore",
	};
	struct opt_parse p;
	struct options o;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (parse(&o, &p, wrong[i]) >= 0)
			test_fail(__FILE__, __LINE__, "accepted: %s", wrong[i]);
		if (!*test_errors())
			test_fail(__FILE__, __LINE__, "silent: %s", wrong[i]);
	}
}

static void cmdline_wrong_values(void)
{
	static const char *const wrong[] = {
		"dump -t 0", "dump -t abc", "dump -t -5", "dump -t 99999999999", "check --timeout=5x",
		"check --ghost-limit 5X", "check -vx", "check --verbosity=x", "check --network-lock foo",
		"check --file-validation foo", "check --cpu-cap=foo", "check --manage-cgroups=foo",
		"check --pre-dump-mode foo", "check --external foo", "check --external mnt[]:x",
		"check --inherit-fd foo", "check --inherit-fd fd[999]:x", "check --join-ns pid:1",
		"check --port 0", "check --port 65536", "check --empty-ns pid", "check --close 999",
		"check --close x", "check --status-fd 999", "check --ext-unix-sk=a", "check --veth-pair x",
		"check --ext-mount-map x", "check --cgroup-root x", "check --ms", "check --enable-fs a,,b",
	};
	struct opt_parse p;
	struct options o;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (parse(&o, &p, wrong[i]) >= 0)
			test_fail(__FILE__, __LINE__, "accepted: %s", wrong[i]);
		if (!strstr(test_errors(), "cannot "))
			test_fail(__FILE__, __LINE__, "%s says: %s", wrong[i], test_errors());
	}
}

static void cmdline_verbosity_adds_up(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "check -v"), 0);
	ok_int(o.log_level, 3);
	ok_int(parse(&o, &p, "check -v -v"), 0);
	ok_int(o.log_level, 4);
	ok_int(parse(&o, &p, "check -vvvvvv"), 0);
	ok_int(o.log_level, 4);
	ok_int(parse(&o, &p, "check -v0 --verbosity"), 0);
	ok_int(o.log_level, 1);
	ok_int(parse(&o, &p, "check --verbosity=1"), 0);
	ok_int(o.log_level, 1);
}

static void cmdline_negative_forms(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "check --shell-job --no-shell-job"), 0);
	ok(!o.shell_job);
	ok_int(parse(&o, &p, "check --no-shell-job --shell-job"), 0);
	ok(o.shell_job);

	/* Every switch has one, but for these. */
	for (size_t i = 0; i < opt_rows_n; i++) {
		static const char without[] = " leave-stopped leave-running help version ms "
			"enable-external-sharing enable-external-masters lazy-pages all exec-cmd "
			"no-default-config tls-no-cn-verify list ways facts json ";
		const struct opt_row *row = &opt_rows[i];
		char name[64];

		snprintf(name, sizeof(name), " %s ", row->name);
		if (row->arg == ARG_NO && row->no_form == !!strstr(without, name))
			test_fail(__FILE__, __LINE__, "--%s: no_form is %d", row->name, row->no_form);
	}
}

static void cmdline_beginnings(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "check --images-d /x --no-ghost-f"), 0);
	ok_str(o.images_dir, "/x");
	ok(!o.ghost_fiemap);
}

static void cmdline_exec_cmd(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "restore --exec-cmd -- ls -l -t x"), 0);
	ok(o.exec_cmd && o.exec_argv);
	ok_str(o.exec_argv[0], "ls");
	ok_str(o.exec_argv[3], "x");
	ok(!o.exec_argv[4]);
	ok_int(o.tree, 0);
	ok_int(parse(&o, &p, "restore --exec-cmd -- x --config /nonexistent/c --no-default-config"), 0);
	ok(!p.config && !p.no_default_config);
}

static void cmdline_help_and_version(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "-h"), 0);
	ok(p.help);
	ok_int(parse(&o, &p, "--version"), 0);
	ok(p.version);
}

static void cmdline_collected_values(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "check --external file[1:2] --external mnt[]:m --external mnt[]:s "
			     "--ext-mount-map /k:/v --veth-pair eth0=v0 --ext-unix-sk=5,6 "
			     "--skip-mnt /a --skip-mnt /b --enable-fs nfs,ext4 --empty-ns net "
			     "--inherit-fd fd[2]:tty[1:2] --join-ns net:7 --cgroup-root cpu:/a "
			     "--port 27 --address ::1"), 0);
	ok_int(o.n_externals, 5);
	ok(options_external(&o, "file[1:2]", NULL) && options_external(&o, "mnt[/k]", NULL));
	ok(options_external(&o, "veth[eth0]", NULL) && options_external(&o, "unix[6]", NULL));
	ok(o.auto_ext_mnt && o.ext_masters && o.ext_sharing && o.ext_unix_sk);
	ok_int(o.skip_mnt.n, 2);
	ok_int(o.enable_fs.n, 2);
	ok_int(o.empty_ns, CLONE_NEWNET);
	ok_int(options_inherit(&o, "tty[1:2]")->fd, 2);
	ok_int(options_inherit(&o, "tty[1:3]") == NULL, 1);
	ok_int(o.n_join_ns, 1);
	ok_int(o.n_cgroup_roots, 1);
	ok_int(o.port, 27);
	ok_str(o.address, "::1");
}

static void cmdline_close(void)
{
	struct opt_parse p;
	struct options o;
	char words[64];
	int fd = dup(1);

	snprintf(words, sizeof(words), "check --close %d", fd);
	ok_int(parse(&o, &p, words), 0);
	ok(fcntl(fd, F_GETFD) < 0 && errno == EBADF);
}

static void cmdline_debug_mark(void)
{
	struct opt_parse p;
	struct options o;
	char words[64], got[8] = "";
	int fds[2];

	ok_int(pipe(fds), 0);
	snprintf(words, sizeof(words), "restore --inherit-fd debug[%d]:hi", fds[1]);
	ok_int(parse(&o, &p, words), 0);
	ok_int(o.n_inherit_fds, 0);
	ok_int(read(fds[0], got, 7), 2);
	ok_str(got, "hi");
}

static void cmdline_environment(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse(&o, &p, "restore"), 0);
	ok(!o.deprecated);
	setenv("CRIU_DEPRECATED", "1", 1);
	ok_int(parse(&o, &p, "restore"), 0);
	ok(o.deprecated);
	ok_int(parse(&o, &p, "restore --no-deprecated"), 0);
	ok(!o.deprecated);
}

/* getopt and the configuration files look names up each in its way; letters are unique. */
static void table_is_sane(void)
{
	for (size_t i = 0; i < opt_rows_n; i++) {
		const struct opt_row *row = &opt_rows[i];
		bool on;
		int why;

		ok(opt_find(row->name, &on, &why) == row && on);
		ok(row->set && row->help && *row->help && row->commands);
		ok(row->arg == ARG_NO || row->arg_name);
		for (size_t k = 0; k < i; k++) {
			ok(strcmp(row->name, opt_rows[k].name));
			if (row->letter && row->letter != 'd')
				ok(row->letter != opt_rows[k].letter);
		}
	}
}

const struct test cmdline_tests[] = {
	TEST(table_is_sane),
	TEST(cmdline_defaults),
	TEST(cmdline_all_places),
	TEST(cmdline_all_commands),
	TEST(cmdline_wrong_words),
	TEST(cmdline_wrong_values),
	TEST(cmdline_verbosity_adds_up),
	TEST(cmdline_negative_forms),
	TEST(cmdline_beginnings),
	TEST(cmdline_exec_cmd),
	TEST(cmdline_help_and_version),
	TEST(cmdline_collected_values),
	TEST(cmdline_close),
	TEST(cmdline_debug_mark),
	TEST(cmdline_environment),
	{},
};
