/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands around a flow: action scripts, pid files, waiting, statistics, progress. */
#include "criu/front/test/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "criu/flow/attend.h"
#include "criu/flow/pidfile.h"
#include "criu/image/progress.h"
#include "criu/flow/script.h"
#include "criu/flow/stats_print.h"
#include "criu/front/start.h"
#include "criu/front/values.h"

static void prepare(struct options *o)
{
	options_init(o);
	log_init(open("/dev/null", O_WRONLY | O_CLOEXEC), LOG_DEBUG);
	ok_int(chdir(test_dir()), 0);
	o->images_fd = o->work_fd = open(test_dir(), O_DIRECTORY | O_CLOEXEC);
	ok(o->images_fd >= 0);
}

static void add_script(struct options *o, const char *name, const char *body)
{
	char text[512];
	const char *path;

	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", body);
	path = test_file(name, text);
	chmod(path, 0755);
	ok_int(list_append(&o->action_scripts, path), 0);
}

static void script_none(void)
{
	struct options o;

	prepare(&o);
	ok_int(script_run(&o, HOOK_PRE_DUMP, 1), 0);
}

static void script_environment(void)
{
	struct options o;
	char want[256];

	prepare(&o);
	setenv("CRTOOLS_INIT_PID", "from outside", 1);
	setenv("KEPT", "yes", 1);
	add_script(&o, "s", "echo \"$# $CRTOOLS_SCRIPT_ACTION $CRTOOLS_INIT_PID $KEPT\" > out\n"
			    "readlink -f $CRTOOLS_IMAGE_DIR >> out; pwd >> out");

	ok_int(script_run(&o, HOOK_SETUP_NAMESPACES, 812), 0);
	snprintf(want, sizeof(want), "0 setup-namespaces 812 yes\n%s\n%s\n", test_dir(), test_dir());
	ok_str(test_read("out"), want);

	ok_int(script_run(&o, HOOK_PRE_RESTORE, 0), 0);
	snprintf(want, sizeof(want), "0 pre-restore  yes\n%s\n%s\n", test_dir(), test_dir());
	ok_str(test_read("out"), want);
}

static void script_all_run(void)
{
	struct options o;

	prepare(&o);
	add_script(&o, "a", "echo a >> out");
	add_script(&o, "b", "echo b >> out; exit 7");
	ok_int(list_append(&o.action_scripts, "/nonexistent/script"), 0);
	add_script(&o, "c", "echo c >> out; kill -9 $$");
	add_script(&o, "d", "echo d >> out");

	ok_int(script_run(&o, HOOK_POST_DUMP, 1), -ECANCELED);
	ok_str(test_read("out"), "a\nb\nc\nd\n");
}

static void script_each_failure_counts(void)
{
	static const char *const bodies[] = { "exit 1", "exit 127", "kill -TERM $$" };
	struct options o;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		prepare(&o);
		add_script(&o, "s", bodies[i]);
		ok_int(script_run(&o, HOOK_PRE_DUMP, 1), -ECANCELED);
		ok(strstr(log_first_error(), i == 2 ? "SIGTERM" : "status"));
	}
	prepare(&o);
	ok_int(list_append(&o.action_scripts, "/nonexistent/script"), 0);
	ok_int(script_run(&o, HOOK_PRE_DUMP, 1), -ECANCELED);
	ok(strstr(log_first_error(), "ENOENT"));
}

/* No shell stands between: a path is a path. */
static void script_path_is_no_command(void)
{
	struct options o;

	prepare(&o);
	ok_int(list_append(&o.action_scripts, "touch out"), 0);
	ok_int(script_run(&o, HOOK_PRE_DUMP, 1), -ECANCELED);
	ok(!test_read("out"));
}

static void script_signals_are_open(void)
{
	struct options o;
	sigset_t all;

	prepare(&o);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	add_script(&o, "s", "grep SigBlk /proc/$$/status > out");
	ok_int(script_run(&o, HOOK_PRE_DUMP, 1), 0);
	ok_str(test_read("out"), "SigBlk:\t0000000000000000\n");
}

static void pidfile(void)
{
	struct options o;
	struct stat st;

	prepare(&o);
	umask(0);
	ok_int(pidfile_write(&o, 5), 0);	/* not asked for */

	o.pidfile = "p";
	ok_int(pidfile_write(&o, 4711), 0);
	ok_str(test_read("p"), "4711");
	ok_int(stat("p", &st), 0);
	ok_int(st.st_mode & 07777, 0600);

	ok_int(pidfile_write(&o, 4712), -EEXIST);
	ok_str(test_read("p"), "4711");
	pidfile_undo(&o);
	ok(!test_read("p"));

	ok_int(symlink("target", "p"), 0);
	ok_int(pidfile_write(&o, 1), -EEXIST);
	ok(!test_read("target"));
}

static void attend_waits(void)
{
	struct options o;
	pid_t pid;

	prepare(&o);
	pid = fork();
	if (pid == 0)
		_exit(3);
	ok_int(attend(&o, pid), 0);
	ok(waitpid(pid, NULL, WNOHANG) < 0 && errno == ECHILD);

	o.restore_detached = true;
	ok_int(attend(&o, 999999), 0);
	o.restore_detached = false;
	ok_int(attend(&o, 999999), -ECHILD);
}

static void attend_executes(void)
{
	char *argv[] = { "sh", "-c", "exit 9", NULL }, *none[] = { "/nonexistent/x", NULL };
	struct options o;
	int status;
	pid_t pid;

	prepare(&o);
	o.exec_cmd = true;
	o.exec_argv = none;
	ok_int(attend(&o, 1), -ENOENT);

	pid = fork();
	o.exec_argv = argv;
	if (pid == 0)
		_exit(attend(&o, 1) < 0 ? 1 : 0);
	ok_int(waitpid(pid, &status, 0), pid);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 9);
}

static void start_fills_descriptors(void)
{
	struct options o;
	char target[64] = "";

	options_init(&o);
	o.command = CMD_DUMP;
	o.images_dir = test_dir();
	close(0);
	close(2);
	ok_int(start_run(&o), 0);
	ok(o.images_fd > 2);
	ok(readlink("/proc/self/fd/2", target, sizeof(target) - 1) > 0);
	ok_str(target, "/dev/null");
}

static void start_makes_a_run_id(void)
{
	struct options a, b;

	options_init(&a);
	options_init(&b);
	a.command = b.command = CMD_DUMP;
	a.images_dir = b.images_dir = test_dir();
	ok_int(start_run(&a), 0);
	ok_int(start_run(&b), 0);
	ok_int(strlen(a.run_id), 36);
	ok(a.run_id[8] == '-' && a.run_id[14] == '4' && strchr("89ab", a.run_id[19]));
	ok(strcmp(a.run_id, b.run_id));
	ok_int(a.work_fd, a.images_fd);
}

static void stats_in_print(void)
{
	DumpStatsEntry d = DUMP_STATS_ENTRY__INIT;
	StatsEntry e = STATS_ENTRY__INIT;
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	d.freezing_time = 12;
	d.pages_written = 255;
	e.dump = &d;
	stats_print(f, &e);
	fclose(f);
	ok(!strncmp(text, "Displaying dump stats:\n", 23));
	ok(strstr(text, "Freezing time: 12 us\n"));
	ok(strstr(text, "Memory pages written: 255 (0xFF)\n"));
	ok(!strstr(text, "Page pipes"));
	ok(!strstr(text, "restore"));
}

static void progress_texts(void)
{
	char buf[32];

	ok_str(progress_bytes(buf, sizeof(buf), 0), "0 B");
	ok_str(progress_bytes(buf, sizeof(buf), 1023), "1023 B");
	ok_str(progress_bytes(buf, sizeof(buf), 4096), "4.0 KiB");
	ok_str(progress_bytes(buf, sizeof(buf), 5ull << 30), "5.0 GiB");
}

/* Not a terminal: not a byte on stderr, and the closing line in the log. */
static void progress_without_terminal(void)
{
	struct progress_sum s = { "dumped", 1, 2, 8192, 1500, 2000000 };
	const char *log, *err;
	struct progress p;
	struct options o;

	prepare(&o);
	log = test_file("log", "");
	err = test_file("err", "");
	log_init(open(log, O_WRONLY | O_APPEND), LOG_INFO);
	dup2(open(err, O_WRONLY | O_APPEND), 2);

	progress_start(&p, "dumping");
	progress_task(&p, 5, 8192);
	p.start.tv_sec -= 10;
	p.shown.tv_sec -= 10;
	progress_at(&p, 4096);
	progress_end(&p);
	progress_summary(&p, &s);
	ok_str(test_read(err), "");
	ok(strstr(test_read(log), "dumped 1 task, 2 pages (8.0 KiB), frozen 1.5 ms, 2.00 s in all\n"));
}

static void progress_on_terminal(void)
{
	struct progress_sum s = { "restored", 3, 1, 4096, 0, 1500 };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave, n, len = 0;
	struct progress p;
	struct options o;
	char got[512];

	prepare(&o);
	if (master < 0 || grantpt(master) || unlockpt(master)) {
		test_skip("no pseudo terminals here");
		return;
	}
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	dup2(slave, 2);

	progress_start(&p, "restoring");
	progress_task(&p, 812, 8192);
	progress_at(&p, 1024);		/* too early to be worth a line */
	p.start.tv_sec -= 1;
	p.shown.tv_sec -= 1;
	progress_at(&p, 4096);
	progress_at(&p, 5000);		/* too soon after the last */
	progress_end(&p);
	progress_summary(&p, &s);
	progress_at(NULL, 1);

	/* A terminal hands out what was written in pieces of its own choice. */
	got[0] = 0;
	do {
		n = read(master, got + len, sizeof(got) - 1 - len);
		len += n > 0 ? n : 0;
		got[len] = 0;
	} while (n > 0 && !strstr(got, "in all"));
	ok(!strncmp(got, "\rrestoring pid 812: 4.0 KiB of 8.0 KiB  50%  ", 45));
	ok(!strstr(got, "4.9 KiB") && !strstr(got, "1.0 KiB of"));
	ok(strstr(got, "\r\033[Krestored 3 tasks, 1 page (4.0 KiB), 1.5 ms in all"));
}

const struct test flow_tests[] = {
	TEST(script_none),
	TEST(script_environment),
	TEST(script_all_run),
	TEST(script_each_failure_counts),
	TEST(script_path_is_no_command),
	TEST(script_signals_are_open),
	TEST(pidfile),
	TEST(attend_waits),
	TEST(attend_executes),
	TEST(start_fills_descriptors),
	TEST(start_makes_a_run_id),
	TEST(stats_in_print),
	TEST(progress_texts),
	TEST(progress_without_terminal),
	TEST(progress_on_terminal),
	{},
};
