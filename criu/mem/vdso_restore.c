// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vdso at restore. Its code and the vvar pages behind it belong to the running kernel; the
 * tasks have pointers into the one they were dumped with. The very same code: the host's is moved to
 * where the task had it. Another: the old code stays as ordinary memory, and each of its
 * functions begins with a jump to the host's of that name. What the host lacks runs on in the old code,
 * whose vvar is then a page of zeros: clock mode "none", for which it makes a system call.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/image/fault.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"

#define STACK_GROWTH (2ull << 20)

int vdso_note_part(struct vdso_host *h, uint64_t start, uint64_t end, const char *name)
{
	if (strcmp(name, "[vdso]") && strcmp(name, "[vvar]") && strcmp(name, "[vvar_vclock]"))
		return 0;
	if (h->n == VDSO_PARTS || (h->n && h->parts[h->n - 1].end > start))
		return -EOPNOTSUPP;
	h->parts[h->n].start = start;
	h->parts[h->n].end = end;
	h->n++;
	if (strcmp(name, "[vdso]"))
		return 0;
	h->code = (const void *)(uintptr_t)start;
	h->has_symbols = !arch_vdso_parse(h->code, end - start, h->symbols);
	return 0;
}

int vdso_look(struct restore_mem *rm)
{
	autofile FILE *maps = fopen("/proc/self/maps", "re");
	char line[8192];

	if (!maps)
		return err_path("/proc/self/maps", -errno, "open it");
	while (fgets(line, sizeof(line), maps)) {
		uint64_t start, end;
		char name[32] = "";
		int r;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %*s %*s %*s %31s", &start, &end, name) < 2)
			return err_path("/proc/self/maps", -EBADMSG, "make sense of it");
		r = vdso_note_part(&rm->vdso, start, end, name);
		if (!strcmp(name, "[stack]")) {
			rm->stack_low = start - STACK_GROWTH;
			rm->stack_high = end;
		}
		if (strcmp(name, "[vsyscall]") != 0)
			rm->top = end;
		if (r < 0)
			return err_any(r, "place the vdso of this host: its order is not known");
	}
	return 0;
}

/* vvar and code have the same sizes and the same distance. */
static bool has_same_shape(const struct rtask_mem *m, const struct vdso_host *h)
{
	const uint64_t first = h->parts[0].start, code = h->parts[h->n - 1].start;

	if (rvma_size(m->vdso) != h->parts[h->n - 1].end - code || !m->vvar != (h->n == 1))
		return false;
	if (!m->vvar)
		return true;
	return rvma_size(m->vvar) == h->parts[h->n - 2].end - first &&
	       m->vdso->e->start - m->vvar->e->start == code - first;
}

/* 1, 0, -errno */
static int has_same_code(const struct rtask_mem *m, const struct vdso_host *h)
{
	const size_t size = rvma_size(m->vdso);
	autofree char *buf = malloc(size);
	int r;

	if (!buf)
		return -ENOMEM;
	r = pages_read(m->pages, m->vdso->e->start, buf, size);
	pages_shut(m->pages);
	return r > 0 ? !memcmp(buf, h->code, size) : r;
}

int vdso_choose(struct restore *rs, struct rtask *rt, struct rtask_mem *m)
{
	const struct vdso_host *h = m->host;
	int r = 0;

	if (!m->vdso || !h->n) {
		m->vdso_way = VDSO_NONE;
		return 0;
	}
	if (has_same_shape(m, h))
		r = has_same_code(m, h);
	if (r < 0)
		return r;
	m->vdso_way = r ? VDSO_SAME : VDSO_PROXY;
	if (!r)
		pr_info("pid %d: its vdso is not that of this kernel: calls to it are sent on\n", rt->pid);
	return 0;
}

int vdso_place(struct restore *rs, struct rtask *rt)
{
	struct rtask_mem *m = rt->mem;
	const struct vdso_host *h = m->host;
	uint64_t size;
	int r;

	r = fault_at(FAULT_RESTORE_VDSO);
	if (r < 0 || m->vdso_way != VDSO_PROXY)
		return r;
	m->vdso_host_at = h->parts[0].start;
	size = h->parts[h->n - 1].end - h->parts[0].start;
	if (!hole_is_taken(m, m->vdso_host_at, m->vdso_host_at + size))
		return 0;
	/* Reserve another place. */
	r = hole_map(rs, m, size, 0, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, &m->vdso_host_at);
	return r < 0 ? err_task(rt->pid, r, "find room for the vdso of this kernel") : 0;
}

/* Is [off, off + n) of the old code free of the functions already redirected? */
static bool is_free(const uint64_t *taken, size_t n_taken, uint64_t off, size_t n)
{
	for (size_t i = 0; i < n_taken; i++)
		if (off < taken[i] + n && taken[i] < off + n)
			return false;
	return true;
}

int vdso_patch(struct restore *rs, struct rtask *rt)
{
	struct rtask_mem *m = rt->mem;
	const struct vdso_host *h = m->host;
	uint64_t old[ARCH_VDSO_MAX], taken[ARCH_VDSO_MAX], code;
	uint8_t jump[ARCH_VDSO_JUMP_SIZE];
	size_t n_taken = 0, n;
	char *at;

	if (m->vdso_way != VDSO_PROXY || !h->has_symbols)
		return 0;
	at = (char *)(uintptr_t)m->vdso->at;
	if (!(m->vdso->prot & PROT_WRITE))
		return err_task(rt->pid, -EINVAL, "use its vdso: the image has no pages of it");
	if (arch_vdso_parse(at, rvma_size(m->vdso), old) < 0)
		return err_task(rt->pid, -EINVAL, "make sense of its vdso");

	code = m->vdso_host_at + (h->parts[h->n - 1].start - h->parts[0].start);
	for (size_t i = 0; arch_vdso_symbols[i]; i++) {
		if (!old[i] || !h->symbols[i])
			continue;
		n = arch_vdso_jump(jump, m->vdso->e->start + old[i], code + h->symbols[i], m->is_compat);
		if (old[i] + n > rvma_size(m->vdso) || !is_free(taken, n_taken, old[i], n))
			continue;
		memcpy(at + old[i], jump, n);
		taken[n_taken++] = old[i];
	}
	return 0;
}
