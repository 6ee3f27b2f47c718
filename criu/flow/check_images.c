/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/check_images.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "arch/arch.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/fd/fd.h"
#include "criu/flow/cpuinfo.h"
#include "criu/flow/facts.h"
#include "criu/flow/findings.h"
#include "criu/flow/needs.h"
#include "criu/flow/restore_tree.h"
#include "criu/image/options.h"
#include "criu/task/restore.h"
#include "criu/task/tree_restore.h"
#include "proto/core.pb-c.h"
#include "proto/mm.pb-c.h"

struct look {
	struct options opt; /* as given, but that the CPU is compared by look_at_cpu() */
	bool wants_cpu;
	struct restore rs;
	struct arena *arena;
	struct host_facts host;
	struct findings found;
	enum finding_about about; /* what errors are about at the moment */
	size_t n_tasks, n_files;
};

__attribute__((format(printf, 4, 5)))
static void add(struct look *l, enum finding_about about, enum finding_weight weight, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	findings_add(&l->found, about, weight, text);
}

static bool is_here(const struct look *l)
{
	return !l->opt.check_against;
}

/* An error of a restore is a finding of a check. */
static void take_error(void *arg, const char *text)
{
	struct look *l = arg;

	findings_add(&l->found, l->about, FINDING_BAD, text);
}

/* --- what is compared with the host ----------------------------------------------------------------- */

static void tell_cpu(void *arg, bool counts, const char *what)
{
	add(arg, ABOUT_CPU, counts ? FINDING_BAD : FINDING_NOTE, "cpuinfo.img: the CPU does not have %s", what);
}

static void look_at_cpu(struct look *l)
{
	struct CpuinfoEntry *image = NULL;

	l->about = ABOUT_CPU;
	if (!(l->opt.cpu_cap & (CPU_CAP_FPU | CPU_CAP_INS | CPU_CAP_CPU)) || cpuinfo_read(l->rs.images, &image) < 0)
		return;
	if (!image && l->wants_cpu)
		add(l, ABOUT_CPU, FINDING_BAD, "cpuinfo.img is not there; dump with --cpu-cap writes it");
	else if (!image)
		add(l, ABOUT_CPU, FINDING_NOTE,
		    "the images do not tell which instructions their CPU had; dump with --cpu-cap saves that");
	else if (!l->host.cpu)
		add(l, ABOUT_CPU, FINDING_UNKNOWN, "the CPU of the host is not known");
	else
		(void)cpuinfo_compare(image, l->host.cpu, l->opt.cpu_cap, tell_cpu, l);
}

/* What registers hold in the images, and no unit of the other host may have; tree_check() tells it for this one. */
static void look_at_registers(struct look *l)
{
	const struct kd_answer a = facts_ask(&l->host, KD_XFEATURES);
	uint64_t used = 0;

	for (size_t i = 0; i < l->rs.n_tasks; i++)
		for (size_t k = 0; k < l->rs.tasks[i]->n_threads; k++)
			used |= arch_image_xfeatures(l->rs.tasks[i]->threads[k].core);
	if (!used || is_here(l))
		return;
	if (a.state == KD_CANNOT_TELL || a.state == KD_NOT_ASKED || (a.state == KD_YES && !a.has_value))
		add(l, ABOUT_CPU, FINDING_UNKNOWN, "which vector registers the host has is not known");
	else if (used & ~(a.state == KD_YES ? a.value : 0))
		add(l, ABOUT_CPU, FINDING_BAD, "registers hold vector state %#" PRIx64 " that the host does not have",
		    used & ~(a.state == KD_YES ? a.value : 0));
}

/* "S390" of the images is s390x of uname(2), "PPC64" ppc64le, "ARM" armv7l. */
static void look_at_arch(struct look *l)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(&core_entry__march__descriptor,
									   (int)l->rs.root->core->mtype);

	if (!v || strncasecmp(v->name, l->host.arch, strlen(v->name)))
		add(l, ABOUT_HOST, FINDING_BAD, "the images are of architecture %s, the host is %s", v ? v->name : "?",
		    l->host.arch);
}

/* The images do not tell the size of a page; mappings tell what it can be. */
static void look_at_page_size(struct look *l)
{
	const uint64_t mask = l->host.page_size - 1;

	for (size_t i = 0; i < l->rs.n_tasks; i++) {
		const struct rtask *rt = l->rs.tasks[i];

		for (size_t k = 0; rt->mm && k < rt->mm->n_vmas; k++)
			if ((rt->mm->vmas[k]->start | rt->mm->vmas[k]->end) & mask) {
				add(l, ABOUT_HOST, FINDING_BAD, "pid %d: a mapping at %#" PRIx64 " does not fit pages of %" PRIu64 " bytes",
				    rt->pid, rt->mm->vmas[k]->start, l->host.page_size);
				return;
			}
	}
}

static void look_at_need(struct look *l, const struct image_need *need)
{
	const struct kd_feature *f = kerndat_feature(need->row);
	const struct kd_answer a = facts_ask(&l->host, need->row);

	if (a.state == KD_YES || (need->or_row && facts_ask(&l->host, need->or_row).state == KD_YES))
		return;
	add(l, ABOUT_KERNEL, a.state == KD_NO ? FINDING_BAD : FINDING_UNKNOWN, "%s, for %s: %s%s%s%s%s", f->name, need->what,
	    a.state == KD_NOT_ASKED ? "the facts do not tell" : kd_state_name(a.state), *a.why ? ": " : "", a.why,
	    f->helps && *f->helps ? "; " : "", f->helps ? f->helps : "");
}

static void look_at_kernel(struct look *l)
{
	for (size_t i = 0; i < image_needs_n; i++)
		if (image_needs[i].is_there(&l->rs))
			look_at_need(l, &image_needs[i]);
}

static int look_at_pid(void *arg, pid_t pid, const struct rtask *rt)
{
	struct look *l = arg;

	if (is_here(l)) {
		(void)tree_check_pid(pid); /* told by its error */
		return 0;
	}
	if (rt->any_pid)
		return 0;
	if (facts_pid_is_taken(&l->host, pid))
		add(l, ABOUT_PIDS, FINDING_BAD, "pid %d is taken there; restore in a new pid namespace", pid);
	if (pid >= l->host.pid_max)
		add(l, ABOUT_PIDS, FINDING_NOTE, "pid %d is above pid_max, %d, which the restore will raise", pid, l->host.pid_max);
	return 0;
}

static void look_at_files(struct look *l)
{
	l->about = ABOUT_FILES;
	l->n_files = fd_restore_count_named(&l->rs);
	if (is_here(l))
		(void)fd_restore_look(&l->rs); /* told by its errors */
	else if (l->n_files)
		add(l, ABOUT_FILES, FINDING_UNKNOWN, "%zu named files were not looked at; facts do not tell of files, and "
		    "each must be there as it was", l->n_files);
}

/* --- the whole --------------------------------------------------------------------------------------- */

static void look_at_all(struct look *l)
{
	look_at_cpu(l);
	l->about = ABOUT_IMAGES;
	if (restore_read(&l->rs) < 0)
		return;
	l->n_tasks = l->rs.n_tasks;
	look_at_arch(l);
	look_at_page_size(l);
	look_at_registers(l);
	look_at_kernel(l);
	look_at_files(l);

	l->about = ABOUT_TREE;
	if (tree_plan(&l->rs) < 0)
		return;
	l->about = ABOUT_PIDS;
	(void)tree_each_pid(&l->rs, look_at_pid, l);
}

static int begin(struct look *l)
{
	int r = restore_prepare(&l->rs);

	if (r < 0)
		return r;
	return is_here(l) ? facts_here(l->rs.kd, l->arena, &l->host) :
			    facts_read(l->opt.check_against, l->arena, &l->host);
}

static void tell(const struct look *l)
{
	const char *where = is_here(l) ? "this host" : l->opt.check_against;

	(l->opt.check_json ? findings_print_json : findings_print)(stdout, &l->found, where, l->n_tasks, l->n_files);
}

/* The answers on stdout: 0 or -errno (logged). */
static int flush(void)
{
	return fflush(stdout) || ferror(stdout) ? err_any(-EIO, "write the answers to stdout") : 0;
}

int check_images_run(const struct options *o)
{
	struct look l = { .opt = *o, .wants_cpu = o->cpu_cap & CPU_CAP_IMAGE, .arena = arena_new() };
	int r;

	if (!l.arena)
		return err_any(-ENOMEM, "begin") < 0;
	l.opt.cpu_cap &= ~(unsigned int)CPU_CAP_IMAGE;
	l.rs = (struct restore){ .opt = &l.opt, .lifeline = { -1, -1 }, .old_log_fd = -1, .elsewhere = o->check_against };
	findings_init(&l.found, l.arena);
	r = begin(&l);
	if (!r) {
		log_divert_errors(take_error, &l);
		look_at_all(&l);
		log_divert_errors(NULL, NULL);
		if (l.found.lost)
			r = err_any(-ENOMEM, "keep what was found");
	}
	if (!r) {
		tell(&l);
		r = flush();
	}
	restore_end(&l.rs);
	if (l.found.count[FINDING_BAD])
		r = -ENOTSUP;
	arena_free(l.arena);
	return r < 0;
}

int check_facts_run(void)
{
	int r = facts_print(stdout);

	if (!r)
		r = flush();
	return r < 0;
}
