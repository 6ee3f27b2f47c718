/* SPDX-License-Identifier: GPL-2.0-only */
/* Configuration files: lines by themselves, whole files, and which file wins. */
#include "criu/front/test/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "criu/front/config.h"

static int cut(const char *text, struct config_line *l)
{
	return config_split(strdup(text), l);
}

static void config_plain_lines(void)
{
	static const struct {
		const char *line, *name, *value;
	} t[] = {
		{ "", NULL, NULL },
		{ "  \t ", NULL, NULL },
		{ "# tcp-close", NULL, NULL },
		{ "   # x", NULL, NULL },
		{ "shell-job", "shell-job", NULL },
		{ "  shell-job  ", "shell-job", NULL },
		{ "shell-job # why", "shell-job", NULL },
		{ "shell-job#x", "shell-job#x", NULL },	/* no blank, no comment */
		{ "log-file a.log", "log-file", "a.log" },
		{ "log-file\ta.log\t", "log-file", "a.log" },
		{ "log-file   a.log   # b", "log-file", "a.log" },
		{ "log-file a#b", "log-file", "a" },
		{ "log-file a\"b", "log-file", "a\"b" },
		{ "log-file=a.log", "log-file", "a.log" },
		{ "log-file=a#b", "log-file", "a#b" },
		{ "log-file=", "log-file", "" },
		{ "log-file=a=b", "log-file", "a=b" },
		{ "log-file a=b", "log-file", "a=b" },
		{ "log-file a.log\r", "log-file", "a.log" },
	};
	struct config_line l;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ok_int(cut(t[i].line, &l), 0);
		ok_str(l.name, t[i].name);
		ok_str(l.value, t[i].value);
		ok(!l.words && !l.stray && !l.cut);
	}
}

static void config_quotes(void)
{
	struct config_line l;

	ok_int(cut("log-file \"a b\"", &l), 0);
	ok_str(l.value, "a b");
	ok_int(cut("log-file \"a b\" # c", &l), 0);
	ok_str(l.value, "a b");
	ok(!l.words);
	ok_int(cut("log-file \"a\\\"b\"", &l), 0);
	ok_str(l.value, "a\"b");
	ok_int(cut("log-file \"a\\nb\"", &l), 0);
	ok_str(l.value, "a\\nb");
	ok_int(cut("log-file \"\"", &l), 0);
	ok_str(l.value, "");
	ok_int(cut("log-file \"a # b\"", &l), 0);
	ok_str(l.value, "a ");
	ok(l.cut);

	ok_int(cut("log-file \"a b", &l), -EINVAL);
	ok_int(cut("log-file \"a b\\\"", &l), -EINVAL);
	ok_int(cut("log-file \"", &l), -EINVAL);
}

static void config_words_behind(void)
{
	struct config_line l;

	ok_int(cut("log-file a b", &l), 0);
	ok(l.stray && !l.words);
	ok_str(l.value, "a");
	ok_int(cut("log-file a bc", &l), 0);
	ok(l.words);
	ok_int(cut("log-file a b c", &l), 0);
	ok(l.words);
	ok_int(cut("log-file \"a\" bc", &l), 0);
	ok(l.words);
	ok_int(cut("log-file \"a\"b", &l), 0);
	ok(l.stray && !l.words);
	ok_int(cut("log-file = ab", &l), 0);
	ok(l.words);
}

static int parse_config(struct options *o, struct opt_parse *p, const char *text)
{
	char words[256];

	snprintf(words, sizeof(words), "check --config %s", test_file("c", text));
	return parse(o, p, words);
}

static void config_files_right(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse_config(&o, &p,
			    "# all of it\n\n"
			    "shell-job\n"
			    "no-ghost-fiemap\n"
			    "ghost-limit 10M\n"
			    "timeout=3\n"
			    "verbosity 4\n"
			    "action-script /a\n"
			    "action-script \"/b c\"\n"
			    "cpu-cap fpu\n"
			    "leave-running yes indeed\n"
			    "pidfile last"), 0);
	ok(o.shell_job && !o.ghost_fiemap && o.leave_running);
	ok_int(o.ghost_limit, 10 << 20);
	ok_int(o.timeout, 3);
	ok_int(o.log_level, 4);
	ok_int(o.action_scripts.n, 2);
	ok_str(o.action_scripts.v[0], "/a");
	ok_str(o.action_scripts.v[1], "/b c");
	ok_int(o.cpu_cap, CPU_CAP_FPU | CPU_CAP_IMAGE);
	ok_str(o.pidfile, "last");
	ok(strstr(test_errors(), ":11: what follows leave-running has no meaning"));
}

static void config_files_wrong(void)
{
	static const char *const wrong[] = {
		"--shell-job\n", "-j\n", "dump\n", "no-such-option\n", "shell-job#x\n", "shell-job=1\n",
		"images-dir\n", "images-dir \n", "images-dir # x\n", "images-dir a bc\n",
		"images-dir \"a\n", "images-dir = ab\n", "ghost-limit 5X\n", "no-timeout 5\n",
		"no-leave-running\n", "config other\n", "tcp\n", "tree 0\n",
	};
	struct opt_parse p;
	struct options o;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int r = parse_config(&o, &p, wrong[i]);

		if (r >= 0)
			test_fail(__FILE__, __LINE__, "accepted: %s", wrong[i]);
		if (!strstr(test_errors(), "/c:1: cannot "))
			test_fail(__FILE__, __LINE__, "%s says: %s", wrong[i], test_errors());
	}
}

static void config_names_its_line(void)
{
	struct opt_parse p;
	struct options o;

	ok(parse_config(&o, &p, "shell-job\n\n# x\nbogus 1\n") < 0);
	ok(strstr(test_errors(), "/c:4: cannot find an option named \"bogus\""));
}

static void config_stray_is_warned_of(void)
{
	struct opt_parse p;
	struct options o;

	ok_int(parse_config(&o, &p, "log-file a b\n"), 0);
	ok_str(o.log_file, "a");
	ok(strstr(test_errors(), "stray"));
	ok_int(parse_config(&o, &p, "log-file \"a#b\"\n"), 0);
	ok_str(o.log_file, "a");
	ok(strstr(test_errors(), "comment"));
}

static void config_nul_bytes(void)
{
	const char *path = test_file("c", "shell-job\n");
	struct opt_parse p;
	struct options o;
	char words[256];
	FILE *f = fopen(path, "ae");

	fwrite("\0\n", 1, 2, f);
	fclose(f);
	snprintf(words, sizeof(words), "check --config %s", path);
	ok(parse(&o, &p, words) < 0);
}

static void config_missing_is_no_error(void)
{
	struct opt_parse p;
	struct options o;

	setenv("CRIU_CONFIG_FILE", "/nonexistent/b", 1);
	ok_int(parse(&o, &p, "check --config /nonexistent/a"), 0);
	ok_str(test_errors(), "");
}

static void config_directory_is_an_error(void)
{
	struct opt_parse p;
	struct options o;

	ok(parse(&o, &p, "check --config /tmp") < 0);
}

static void make_user_config(const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/.criu", test_dir());
	mkdir(path, 0700);
	test_file(".criu/default.conf", text);
}

static void drop_user_config(void)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/.criu/default.conf", test_dir());
	unlink(path);
	snprintf(path, sizeof(path), "%s/.criu", test_dir());
	rmdir(path);
}

static void config_order(void)
{
	struct opt_parse p;
	struct options o;
	char words[256];

	make_user_config("timeout 1\nlog-file home\nghost-limit 1K\nshell-job\n");
	ok_int(parse(&o, &p, "check"), 0);
	ok_int(o.timeout, 1);
	ok(o.shell_job);

	setenv("CRIU_CONFIG_FILE", test_file("e", "timeout 2\nlog-file env\n"), 1);
	ok_int(parse(&o, &p, "check"), 0);
	ok_int(o.timeout, 2);
	ok_str(o.log_file, "env");
	ok_int(o.ghost_limit, 1 << 10);

	/* The default files are out, the environment's is not. */
	ok_int(parse(&o, &p, "check --no-default-config"), 0);
	ok_int(o.timeout, 2);
	ok_int(o.ghost_limit, 1 << 20);
	ok(!o.shell_job);

	snprintf(words, sizeof(words), "--config %s check", test_file("f", "timeout 3\n"));
	ok_int(parse(&o, &p, words), 0);
	ok_int(o.timeout, 3);
	ok_str(o.log_file, "env");
	ok_int(o.ghost_limit, 1 << 20);

	snprintf(words, sizeof(words), "check --timeout 4 --config %s", test_file("f", "timeout 3\nshell-job\n"));
	ok_int(parse(&o, &p, words), 0);
	ok_int(o.timeout, 4);
	ok(o.shell_job);

	snprintf(words, sizeof(words), "check --no-shell-job --config %s", test_file("f", "shell-job\n"));
	ok_int(parse(&o, &p, words), 0);
	ok(!o.shell_job);
	drop_user_config();
}

static void config_lists_add_up(void)
{
	struct opt_parse p;
	struct options o;
	char words[256];

	snprintf(words, sizeof(words), "check --action-script /b --config %s",
		 test_file("f", "action-script /a\n"));
	ok_int(parse(&o, &p, words), 0);
	ok_int(o.action_scripts.n, 2);
	ok_str(o.action_scripts.v[0], "/a");
	ok_str(o.action_scripts.v[1], "/b");
}

const struct test config_tests[] = {
	TEST(config_plain_lines),
	TEST(config_quotes),
	TEST(config_words_behind),
	TEST(config_files_right),
	TEST(config_files_wrong),
	TEST(config_names_its_line),
	TEST(config_stray_is_warned_of),
	TEST(config_nul_bytes),
	TEST(config_missing_is_no_error),
	TEST(config_directory_is_an_error),
	TEST(config_order),
	TEST(config_lists_add_up),
	{},
};
