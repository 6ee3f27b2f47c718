// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that know nothing of us, zdtm/programs/NAME.zt. A file of "key: value" lines and two
 * shell scripts:
 *
 *	does: one sentence
 *	needs-program: python3 sqlite3		(absent in PATH: a skip)
 *	rounds: 20
 *	refused: text				(dump must refuse it with this text, each round; it lives on)
 *	opts: --file-locks
 *	seconds: 60
 *	=== program
 *	...becomes the root task (exec the last command); says "zdtm: ready" when it is up
 *	=== client
 *	...runs outside the tree before the first dump (ROUND=0) and after each restore
 *	   (ROUND=1, 2...; LAST=1 in the last), with PID; exit status 0: all is well
 *
 * Both run in the folder of the test. /proc is not compared: such programs never stand still.
 */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The part of the file behind "=== NAME", to be freed; NULL when there is none. */
static char *part_of(const char *path, const char *name)
{
	char *line = NULL, *text = NULL;
	FILE *f = fopen(path, "re"), *to = NULL;
	size_t size = 0, len;

	while (f && getline(&line, &size, f) > 0) {
		if (!strncmp(line, "=== ", 4)) {
			line[strcspn(line, "\n")] = 0;
			if (to)
				break;
			if (!strcmp(line + 4, name))
				to = open_memstream(&text, &len);
		} else if (to) {
			fputs(line, to);
		}
	}
	if (to)
		fclose(to);
	if (f)
		fclose(f);
	free(line);
	return text;
}

static char *value_of(const char *path, const char *key)
{
	char *line = NULL, *value = NULL;
	FILE *f = fopen(path, "re");
	size_t size = 0, n = strlen(key);

	while (f && !value && getline(&line, &size, f) > 0 && strncmp(line, "===", 3)) {
		line[strcspn(line, "\n")] = 0;
		if (!strncmp(line, key, n) && line[n] == ':')
			value = strdup(line + n + 1 + strspn(line + n + 1, " \t"));
	}
	if (f)
		fclose(f);
	free(line);
	return value;
}

static bool in_path(const char *program)
{
	static const char *const dirs[] = { "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", NULL };
	bool found = false;
	char *path;

	for (int i = 0; dirs[i] && !found; i++) {
		if (asprintf(&path, "%s/%s", dirs[i], program) < 0)
			return false;
		found = !access(path, X_OK);
		free(path);
	}
	return found;
}

int script_read(struct test *t)
{
	char *needs = value_of(t->path, "needs-program"), *word, *save, *text;

	t->does = value_of(t->path, "does");
	t->peer = value_of(t->path, "peer");
	t->opts = value_of(t->path, "opts");
	t->refused = value_of(t->path, "refused");
	text = value_of(t->path, "seconds");
	t->seconds = text ? atoi(text) : 60;
	free(text);
	text = value_of(t->path, "rounds");
	t->rounds = text ? atoi(text) : 20;
	free(text);
	t->modes[MODE_HOST] = t->as[AS_ROOT] = true;
	for (word = needs ? strtok_r(needs, " ", &save) : NULL; word; word = strtok_r(NULL, " ", &save))
		if (!in_path(word) && asprintf(&text, "%s is not installed", word) > 0)
			t->cannot = text;
	free(needs);
	text = part_of(t->path, "program");
	free(text);
	return t->does && text ? 0 : -ENOMSG;
}

void script_exec(const struct test *t)
{
	char *program = part_of(t->path, "program");

	execl("/bin/sh", "sh", "-c", program, NULL);
}

static int ask_client(struct stage *s, const char *script, int round, bool is_last)
{
	char number[16], pid_text[16];
	int status, r;
	pid_t pid;

	printf("client, round %d\n", round);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		snprintf(number, sizeof(number), "%d", round);
		snprintf(pid_text, sizeof(pid_text), "%d", s->root);
		setenv("ROUND", number, 1);
		setenv("PID", pid_text, 1);
		if (is_last)
			setenv("LAST", "1", 1);
		setsid();
		if (chdir("task") == 0)
			execl("/bin/sh", "sh", "-exc", script, NULL);
		_exit(126);
	}
	r = pid < 0 ? -errno : stage_wait(s, pid, s->r->t->seconds * 1000, &status);
	if (r < 0) {
		stage_explain(stdout);
		if (pid > 0)
			kill(pid, SIGKILL);
		return verdict(s->r, FAIL, "the client gets no answer in round %d", round);
	}
	if (status)
		return verdict(s->r, FAIL, "the client is not content in round %d (wait status %#x)", round, status);
	return PASS;
}

int script_act(struct stage *s)
{
	const struct options *o = s->r->o;
	int rounds = o->rounds ? o->rounds : s->r->t->rounds;
	char *client = part_of(s->r->t->path, "client");
	int v;

	if (!client)
		return verdict(s->r, FAIL, "there is no client in %s", s->r->t->path);
	if (o->undisturbed)
		rounds = 2;
	v = ask_client(s, client, 0, false);
	for (int i = 1; i <= rounds && v == PASS; i++) {
		if (!o->undisturbed)
			v = s->r->t->refused ? act_refused(s) : act_round(s);
		if (v == PASS)
			v = ask_client(s, client, i, i == rounds);
	}
	free(client);
	return v;
}
