/* SPDX-License-Identifier: GPL-2.0-only */
/* The program from outside: exit statuses, and that a refusal touches nothing. */
#include "criu/front/test/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void expect(int want, const char *words, const char *says)
{
	int got = run(words);

	if (got != want)
		test_fail(__FILE__, __LINE__, "criu %s: status %d, want %d; it says: %s", words, got, want,
			  test_errors());
	if (says && !strstr(test_errors(), says))
		test_fail(__FILE__, __LINE__, "criu %s: no \"%s\" in: %s", words, says, test_errors());
}

static void binary_version_and_help(void)
{
	expect(0, "-V", NULL);
	ok(!strncmp(test_errors(), "Version: 4.2\n", 13));
	expect(0, "--help", "--leave-running");
	expect(0, "dump -h", "Usage: criu");
}

static void binary_usage_errors(void)
{
	expect(1, "", "Usage: criu");
	expect(1, "foo", "Usage: criu");
	expect(1, "dump dump", "Usage: criu");
	expect(1, "--bogus", "bogus");
	expect(1, "dump", "cannot dump without a pid");
	expect(1, "dump -t 0", "--tree");
	expect(1, "dump -t 1 --ghost-limit 5X", "--ghost-limit");
	expect(1, "restore -S", "--restore-detached");
	expect(1, "restore --exec-cmd", "--");
	expect(1, "restore --exec-cmd -d -- true", "--exec-cmd with --restore-detached");
	expect(1, "pre-dump -t 1 --lazy-pages", "--lazy-pages");
	expect(1, "check --list --ways", "give one of");
	expect(1, "check --explain", "requires an argument");
	expect(255, "exec", "any more");
	expect(255, "show", "crit show");
}

/* For terminals of 80 columns. */
static void fits(const char *words)
{
	expect(0, words, NULL);
	for (const char *line = test_errors(); *line; line += strcspn(line, "\n") + 1) {
		if (strcspn(line, "\n") > 80)
			test_fail(__FILE__, __LINE__, "criu %s: %zu columns: %.200s", words, strcspn(line, "\n"), line);
		if (!strchr(line, '\n'))
			break;
	}
	ok(!strchr(test_errors(), '\033'));
}

static void binary_check_fits_a_terminal(void)
{
	fits("check --list");
	fits("check --ways");
	fits("check --explain mem_dirty_track");
	fits("check --explain seccomp_wait_killable");
	fits("check --explain unprivileged_bpf_disabled");
}

static void binary_check_nearest_name(void)
{
	expect(1, "check --feature mem_dirty_trak", "did you mean mem_dirty_track?");
	expect(1, "check --explain pagemapscan", "did you mean pagemap_scan?");
	expect(1, "check --explain xyzzy", "there is no such feature; `criu check --list`");
}

static void binary_check_features(void)
{
	expect(1, "check --feature no_such_feature", "no_such_feature");
	expect(0, "check --list", "clone3_set_tid");
	expect(1, "check --ms", "--ms");
}

static void binary_directories(void)
{
	char words[256];

	expect(1, "restore -D /nonexistent/dir", "/nonexistent/dir: cannot open the images directory: ENOENT");
	expect(1, "restore -W /nonexistent/dir", "work directory");
	snprintf(words, sizeof(words), "restore -D %s -o /nonexistent/log", test_dir());
	expect(1, words, "/nonexistent/log: cannot open the log");
	snprintf(words, sizeof(words), "restore -D %s", test_file("plain", ""));
	expect(1, words, "ENOTDIR");
}

static void binary_log(void)
{
	char words[256], path[128], *log;

	snprintf(path, sizeof(path), "%s/x.log", test_dir());
	snprintf(words, sizeof(words), "restore -D %s -v4 -o x.log", test_dir());
	expect(1, words, NULL);		/* there are no images */
	ok_str(test_errors(), "");
	log = test_read(path);
	ok(log && strstr(log, "Run id = ") && strstr(log, "Version: 4.2"));
	ok(log && strstr(log, "Running on") > strstr(log, "Version: 4.2"));
	ok(log && strstr(log, "Version: 4.2") > strstr(log, "Run id = "));

	snprintf(words, sizeof(words), "restore -D %s -v3 -o -", test_dir());
	expect(1, words, "Run id = ");
}

/* Options of work to come: named, and the directory stays empty. */
static void binary_refuses_by_name(void)
{
	char words[256], path[128];

	snprintf(path, sizeof(path), "%s/x.log", test_dir());
	for (size_t i = 0; i < opt_rows_n; i++) {
		const struct opt_row *row = &opt_rows[i];
		bool dump = row->commands & (1u << CMD_DUMP), restore = row->commands & (1u << CMD_RESTORE);
		const char *value = row->arg != ARG_YES ? "" : "=/a:/b";
		char says[128];

		if (!row->later || !(dump || restore))
			continue;
		if (!strcmp(row->name, "port"))
			value = "=27";
		if (!strcmp(row->name, "ps-socket"))
			value = "=1";
		if (!strcmp(row->name, "empty-ns"))
			value = "=net";
		if (!strcmp(row->name, "veth-pair"))
			value = "=a=b";
		if (!strcmp(row->name, "join-ns"))
			value = "=net:/x";
		if (!strcmp(row->name, "cgroup-root"))
			value = "=/x";

		snprintf(words, sizeof(words), "%s -D %s -o x.log --%s%s", dump ? "dump -t 999999999" : "restore",
			 test_dir(), row->name, value);
		snprintf(says, sizeof(says), "cannot use --%s yet; this version does not handle", row->name);
		if (!strcmp(row->name, "ext-mount-map") || !strcmp(row->name, "veth-pair"))
			says[0] = 0;	/* told as what it stands for, too */
		expect(1, words, says);
		ok(access(path, F_OK) < 0);
	}
	expect(1, "pre-dump -t 1", "cannot run pre-dump yet");
	expect(1, "service", "cannot run service yet");
	expect(1, "swrk 0", "cannot run swrk yet");
	expect(1, "page-server", "cannot run page-server yet");
	expect(1, "lazy-pages", "cannot run lazy-pages yet");
	expect(1, "dedup", "cannot run dedup yet");
	expect(1, "cpuinfo check -D /nowhere", "cannot open the images directory");
}

static void binary_refuses_values(void)
{
	expect(1, "dump -t 999999999 --external mnt[/x]:y", "cannot use --external mnt[/x] yet");
	expect(1, "dump -t 999999999 --external foo[x]:y", "no such type");
	expect(1, "dump -t 999999999 --manage-cgroups=full", "--manage-cgroups");
	expect(1, "restore --cpu-cap=fpu", "cannot compare CPUs: it is not there");
	expect(1, "restore -D /nonexistent/dir --cpu-cap=none", "ENOENT");
	/* A refused option that is taken back, or means nothing here, is in nobody's way. */
	expect(1, "restore -D /nonexistent/dir --tcp-established --no-tcp-established", "ENOENT");
	ok(!strstr(test_errors(), "yet"));
	expect(1, "check -D /nonexistent/dir --tcp-established", "--tcp-established has no effect on check");
}

static void binary_bad_config(void)
{
	char words[256];

	snprintf(words, sizeof(words), "check --config %s", test_file("c", "--shell-job\n"));
	expect(1, words, "/c:1: cannot find an option named \"--shell-job\"");
}

const struct test binary_tests[] = {
	TEST(binary_version_and_help),
	TEST(binary_usage_errors),
	TEST(binary_check_features),
	TEST(binary_check_fits_a_terminal),
	TEST(binary_check_nearest_name),
	TEST(binary_directories),
	TEST(binary_log),
	TEST(binary_refuses_by_name),
	TEST(binary_refuses_values),
	TEST(binary_bad_config),
	{},
};
