// SPDX-License-Identifier: GPL-2.0-only
/* zdtm: run the tests. `zdtm --help` is the manual. */
#include "run.h"

#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"zdtm run [OPTIONS] [PATTERN...]   run the tests whose name matches (fd/*, *timer*; default: all)\n"
	"zdtm list [PATTERN...]            what each of them is about\n"
	"\n"
	"  --criu PATH           the criu to test (default: the one beside this program)\n"
	"  --restore-criu PATH   restore with another one than dumps\n"
	"  --peer WHICH          dump, restore or both: that criu is CRIU 4.2 itself; leaves out what it cannot do\n"
	"  --excepted            with --peer: only that, and whatever passes all the same is a failure\n"
	"  --mode MODE           host, ns or userns, may be repeated (default: host)\n"
	"  --as WHO              root or user, may be repeated (default: both)\n"
	"  --undisturbed         no checkpoint: the tests alone must pass\n"
	"  --rounds N            dump and restore N times, then verify\n"
	"  --check-tree          before each dump ask criu check --tree; fail if the dump does otherwise\n"
	"  --leave-running       dump twice with --leave-running, verify in place\n"
	"  --fault NAME          dump with this fault must fail and leave the tree alive; then dump and restore\n"
	"  --restore-fault NAME  restore with this fault must fail and leave nothing; then restore\n"
	"                        NAME:kill of either: criu dies there; NAME:N: at the Nth time\n"
	"  --kill-at N/M         SIGKILL criu after N/M of the time of a dump; all/M: after each of M times\n"
	"  --restore-kill-at N/M the same in a restore\n"
	"  --kill-with SIGNAL    KILL (default), INT or TERM: criu must clean up and exit 1\n"
	"  --check-images        before every restore criu check --images must say what the restore then does\n"
	"  --mask ROW,...        hide kernel features from criu\n"
	"  --crit PATH           have PATH FOLDER read the images of every dump; see ci/crit_all\n"
	"  --slow N              allow everything N times its time: for emulated machines\n"
	"  --compare PATH        dump with --leave-running by --criu and by --restore-criu, and have PATH FOLDER FOLDER\n"
	"                        compare the images; see ci/same_fields\n"
	"  --jobs N              so many at a time (default: one a CPU)\n"
	"  --tests DIR           where the test programs are (default: ../zdtm beside this program)\n"
	"  --dir DIR             where to run (default: $TMPDIR or /tmp)\n"
	"  --keep                keep the folder of every run, not only of failed ones\n"
	"  --tap                 print TAP\n"
	"  --list                list what would be run\n"
	"\n"
	"The last line says `N passed, N failed, N skipped`. Exit status: 0, 1 when any failed, 2 for a usage error.\n";

static char *beside(const char *rel)
{
	char self[PATH_MAX], *slash, *out;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return strdup(rel);
	self[n] = 0;
	slash = strrchr(self, '/');
	*slash = 0;
	slash = strrchr(self, '/');
	*slash = 0;
	if (asprintf(&out, "%s/%s", self, rel) < 0)
		abort();
	return out;
}

static char *absolute(const char *path)
{
	char *out = realpath(path, NULL);

	if (!out) {
		fprintf(stderr, "zdtm: %s: ", path);
		perror("");
		exit(2);
	}
	return out;
}

static int named(const char *what, const char *name, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return i;
	fprintf(stderr, "zdtm: unknown %s %s\n", what, name);
	exit(2);
}

static void parse_kill(struct options *o, const char *arg)
{
	if (!strncmp(arg, "all/", 4))
		o->kill_of = atoi(arg + 4);
	else if (sscanf(arg, "%d/%d", &o->kill_at, &o->kill_of) != 2 || o->kill_at < 1 || o->kill_at > o->kill_of)
		o->kill_of = -1;
	if (o->kill_of < 1) {
		fprintf(stderr, "zdtm: --kill-at takes N/M or all/M\n");
		exit(2);
	}
}

static const char *const kill_names[] = { "KILL", "INT", "TERM" };
static const int kill_signals[] = { SIGKILL, SIGINT, SIGTERM };

enum { O_CRIU = 256, O_RESTORE, O_PEER, O_EXCEPTED, O_MODE, O_AS, O_UNDISTURBED, O_ROUNDS, O_LEAVE, O_CHECK_TREE, O_CHECK_IMAGES, O_FAULT, O_RFAULT,
       O_KILL, O_RKILL, O_KILL_WITH, O_MASK, O_CRIT, O_COMPARE, O_SLOW, O_JOBS, O_TESTS, O_DIR, O_KEEP, O_TAP, O_LIST, O_HELP };

static const struct option longs[] = {
	{ "criu", 1, NULL, O_CRIU },
	{ "restore-criu", 1, NULL, O_RESTORE },
	{ "peer", 1, NULL, O_PEER },
	{ "excepted", 0, NULL, O_EXCEPTED },
	{ "mode", 1, NULL, O_MODE },
	{ "as", 1, NULL, O_AS },
	{ "undisturbed", 0, NULL, O_UNDISTURBED },
	{ "rounds", 1, NULL, O_ROUNDS },
	{ "leave-running", 0, NULL, O_LEAVE },
	{ "check-tree", 0, NULL, O_CHECK_TREE },
	{ "check-images", 0, NULL, O_CHECK_IMAGES },
	{ "fault", 1, NULL, O_FAULT },
	{ "restore-fault", 1, NULL, O_RFAULT },
	{ "kill-at", 1, NULL, O_KILL },
	{ "restore-kill-at", 1, NULL, O_RKILL },
	{ "kill-with", 1, NULL, O_KILL_WITH },
	{ "mask", 1, NULL, O_MASK },
	{ "crit", 1, NULL, O_CRIT },
	{ "slow", 1, NULL, O_SLOW },
	{ "compare", 1, NULL, O_COMPARE },
	{ "jobs", 1, NULL, O_JOBS },
	{ "tests", 1, NULL, O_TESTS },
	{ "dir", 1, NULL, O_DIR },
	{ "keep", 0, NULL, O_KEEP },
	{ "tap", 0, NULL, O_TAP },
	{ "list", 0, NULL, O_LIST },
	{ "help", 0, NULL, O_HELP },
	{ NULL, 0, NULL, 0 },
};

static void one_option(struct options *o, int c, bool *any_mode, bool *any_as)
{
	const char *who = optarg;

	switch (c) {
	case O_CRIU: o->dump_criu = absolute(optarg); break;
	case O_RESTORE: o->restore_criu = absolute(optarg); break;
	case O_PEER:
		o->peer_dumps = !strcmp(who, "dump") || !strcmp(who, "both");
		o->peer_restores = !strcmp(who, "restore") || !strcmp(who, "both");
		if (!o->peer_dumps && !o->peer_restores) {
			fprintf(stderr, "zdtm: --peer takes dump, restore or both\n");
			exit(2);
		}
		break;
	case O_EXCEPTED: o->excepted = true; break;
	case O_MODE: o->modes[named("mode", optarg, mode_names, MODES)] = *any_mode = true; break;
	case O_AS: o->as[named("user", optarg, as_names, ASES)] = *any_as = true; break;
	case O_UNDISTURBED: o->undisturbed = true; break;
	case O_ROUNDS: o->rounds = atoi(optarg); break;
	case O_LEAVE: o->leave_running = true; break;
	case O_CHECK_TREE: o->check_tree = true; break;
	case O_CHECK_IMAGES: o->check_images = true; break;
	case O_FAULT: o->fault = optarg; break;
	case O_RFAULT: o->restore_fault = optarg; break;
	case O_KILL: parse_kill(o, optarg); break;
	case O_RKILL: parse_kill(o, optarg); o->kill_restore = true; break;
	case O_KILL_WITH: o->kill_signal = kill_signals[named("signal", optarg, kill_names, 3)]; break;
	case O_MASK: o->mask = optarg; break;
	case O_COMPARE: o->compare = absolute(optarg); o->leave_running = true; break;
	case O_CRIT: o->crit = absolute(optarg); break;
	case O_SLOW: o->slow = atoi(optarg); break;
	case O_JOBS: o->jobs = atoi(optarg); break;
	case O_TESTS: o->tests = absolute(optarg); break;
	case O_DIR: o->keep_dir = absolute(optarg); break;
	case O_KEEP: o->keep = true; break;
	case O_TAP: o->tap = true; break;
	case O_LIST: o->list = true; break;
	case O_HELP: fputs(usage, stdout); exit(0);
	default: fputs(usage, stderr); exit(2);
	}
}

int main(int argc, char **argv)
{
	struct options o = { .kill_signal = SIGKILL, .jobs = (int)sysconf(_SC_NPROCESSORS_ONLN) };
	bool any_mode = false, any_as = false;
	struct test *tests;
	const char *verb;
	int c, n;

	while ((c = getopt_long(argc, argv, "h", longs, NULL)) >= 0)
		one_option(&o, c == 'h' ? O_HELP : c, &any_mode, &any_as);
	verb = optind < argc ? argv[optind++] : "";
	if (!strcmp(verb, "list"))
		o.list = true;
	else if (strcmp(verb, "run")) {
		fputs(usage, stderr);
		return 2;
	}
	o.patterns = argv + optind;
	o.n_patterns = argc - optind;
	if (!any_mode)
		o.modes[MODE_HOST] = true;
	if (!any_as)
		o.as[AS_ROOT] = o.as[AS_USER] = true;
	if (!o.tests)
		o.tests = beside("zdtm");
	if (!o.dump_criu)
		o.dump_criu = beside("bin/criu");
	if (!o.restore_criu)
		o.restore_criu = o.dump_criu;
	if (!o.keep_dir)
		o.keep_dir = getenv("TMPDIR") ? absolute(getenv("TMPDIR")) : "/tmp";
	if (o.slow < 1)
		o.slow = 1;
	if (o.jobs < 1)
		o.jobs = 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (catalog_read(&o, &tests, &n) < 0)
		return 2;
	return pool_run(&o, tests, n);
}
