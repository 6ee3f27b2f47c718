/* SPDX-License-Identifier: GPL-2.0-only */
/* This host. */
#include "criu/flow/facts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "arch/arch.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "criu/flow/check_report.h"
#include "criu/flow/cpuinfo.h"
#include "proto/cpuinfo.pb-c.h"

static pid_t read_pid_max(void)
{
	autofree char *text = NULL;

	return io_slurp_at(AT_FDCWD, "/proc/sys/kernel/pid_max", &text, NULL) < 0 ? 0 : (pid_t)atol(text);
}

int facts_here(struct kerndat *kd, struct arena *arena, struct host_facts *ret)
{
	ProtobufCAllocator alloc = cpuinfo_allocator(arena);
	struct utsname u;

	*ret = (struct host_facts){ .kd = kd, .page_size = arch_page_size(), .pid_max = read_pid_max() };
	if (uname(&u) < 0)
		return err_any(-errno, "ask for the name of this kernel");
	ret->arch = arena_strdup(arena, u.machine);
	ret->release = arena_strdup(arena, u.release);
	ret->cpu = arena_obj(arena, CpuinfoEntry);
	if (!ret->arch || !ret->release || !ret->cpu)
		return err_any(-ENOMEM, "keep what this host is");
	cpuinfo_entry__init(ret->cpu);
	if (arch_cpu_to_image(ret->cpu, &alloc) < 0)
		ret->cpu = NULL;
	return 0;
}

struct kd_answer facts_ask(const struct host_facts *h, enum kd_row row)
{
	return h->kd ? kerndat_ask(h->kd, row) : h->answers[row];
}

static int by_number(const void *a, const void *b)
{
	return *(const pid_t *)a < *(const pid_t *)b ? -1 : *(const pid_t *)a > *(const pid_t *)b;
}

bool facts_pid_is_taken(const struct host_facts *h, pid_t pid)
{
	return h->n_pids && bsearch(&pid, h->pids, h->n_pids, sizeof(pid), by_number);
}

/* --- print ---------------------------------------------------------------------------------------- */

static void print_tids(FILE *out, const char *pid, bool *first)
{
	char path[300];
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		fprintf(out, "%s%s", *first ? "" : ", ", e->d_name);
		*first = false;
	}
	if (dir)
		closedir(dir);
}

static int print_pids(FILE *out)
{
	DIR *proc = opendir("/proc");
	bool first = true;
	struct dirent *e;

	if (!proc)
		return err_path("/proc", -errno, "list who runs here");
	fprintf(out, "\"pids\": [");
	while ((e = readdir(proc)))
		if (isdigit((unsigned char)e->d_name[0]))
			print_tids(out, e->d_name, &first);
	fprintf(out, "]");
	closedir(proc);
	return 0;
}

static void print_cpu(FILE *out, const struct CpuinfoEntry *cpu)
{
	const CpuinfoX86Entry *e = cpu && cpu->n_x86_entry ? cpu->x86_entry[0] : NULL;

	if (!e) {
		fprintf(out, "\"cpu\": null");
		return;
	}
	fprintf(out, "\"cpu\": { \"x86_entry\": { \"vendor_id\": %d, \"cpu_family\": %u, \"model\": %u, \"stepping\": %u,\n"
		"    \"capability_ver\": %u, \"capability\": [", (int)e->vendor_id, e->cpu_family, e->model, e->stepping,
		e->capability_ver);
	for (size_t i = 0; i < e->n_capability; i++)
		fprintf(out, "%s%u", i ? ", " : "", e->capability[i]);
	fprintf(out, "],\n    \"model_id\": ");
	check_put_string(out, e->model_id);
	if (e->has_xfeatures_mask)
		fprintf(out, ", \"xfeatures_mask\": %" PRIu64 ", \"xsave_size\": %u, \"xsave_size_max\": %u",
			e->xfeatures_mask, e->xsave_size, e->xsave_size_max);
	fprintf(out, " } }");
}

static void print_row(FILE *out, const char *name, const struct kd_answer *a)
{
	fprintf(out, "    ");
	check_put_string(out, name);
	fprintf(out, ": { \"answer\": ");
	check_put_string(out, kd_state_name(a->state));
	/* JSON readers agree on numbers of 63 bits. */
	if (a->has_value)
		fprintf(out, a->value > INT64_MAX ? ", \"value\": \"%" PRIu64 "\"" : ", \"value\": %" PRIu64, a->value);
	if (a->err) {
		fprintf(out, ", \"errno\": ");
		check_put_string(out, errno_name(a->err));
	}
	if (*a->why) {
		fprintf(out, ", \"why\": ");
		check_put_string(out, a->why);
	}
	fprintf(out, " }");
}

static void print_rows(FILE *out, struct kerndat *kd)
{
	enum kd_row rows[KD_ROWS_END];
	size_t n = 0;

	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++)
		rows[n++] = row;
	kerndat_warm(kd, rows, n);
	fprintf(out, "\"features\": {\n");
	for (size_t i = 0; i < n; i++) {
		struct kd_answer a = kerndat_ask(kd, rows[i]);

		print_row(out, kerndat_feature(rows[i])->name, &a);
		fprintf(out, "%s\n", i + 1 < n ? "," : "");
	}
	fprintf(out, "  }");
}

static int print_all(FILE *out, struct kerndat *kd, struct arena *arena)
{
	struct host_facts h;
	int r = facts_here(kd, arena, &h);

	if (r < 0)
		return r;
	fprintf(out, "{ \"facts\": 1,\n  \"arch\": ");
	check_put_string(out, h.arch);
	fprintf(out, ", \"release\": ");
	check_put_string(out, h.release);
	fprintf(out, ", \"page_size\": %" PRIu64 ", \"pid_max\": %d,\n  ", h.page_size, h.pid_max);
	print_cpu(out, h.cpu);
	fprintf(out, ",\n  ");
	r = print_pids(out);
	if (r < 0)
		return r;
	fprintf(out, ",\n  ");
	print_rows(out, kd);
	fprintf(out, " }\n");
	return 0;
}

int facts_print(FILE *out)
{
	struct arena *arena = arena_new();
	struct kerndat *kd;
	int r = arena ? kerndat_open(&kd) : err_any(-ENOMEM, "begin");

	if (!r) {
		r = print_all(out, kd, arena);
		kerndat_close(kd);
	}
	arena_free(arena);
	return r;
}
