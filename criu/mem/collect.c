// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mappings of a task: what each one is, how the image tells it, and what cannot be saved.
 * A kind of mapping is recognised by its name in smaps, which for real files is a path that a
 * user chooses: the names of kernel objects are believed only where the device agrees.
 */
#include "criu/mem/vma.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/image/options.h"
#include "criu/mem/mem.h"
#include "criu/mem/smaps.h"
#include "criu/task/dump.h"
#include "kerndat/kerndat.h"

/* What is known while the mappings of one task are read. */
struct collecting {
	struct dump *d;
	struct task *t;
	dev_t shmem; /* where memfds and shared anonymous memory live; 0: not asked */
	/* The private file mapping before, for most files are mapped in several pieces. */
	dev_t dev;
	ino_t ino;
	uint32_t id, fdflags;
};

#define LINK_ROOM 64

static const char *link_of(const struct smap *m, char buf[LINK_ROOM])
{
	snprintf(buf, LINK_ROOM, "map_files/%" PRIx64 "-%" PRIx64, m->start, m->end);
	return buf;
}

static int refuse_map_at(int line, const struct collecting *c, const struct smap *m, enum blocker code, const char *why)
{
	char buf[LINK_ROOM];
	const char *name = m->name[0] ? m->name : "anonymous";
	const struct block_object o = { .pid = c->t->pid, .fd = -1, .at = link_of(m, buf), .path = name };

	return block_object_at(__FILE__, line, c->d->survey, code, &o, -ENOTSUP, "dump its mapping: %s", why);
}
#define refuse_map(c, m, id, why) refuse_map_at(__LINE__, c, m, BLOCKER_##id, why)

static bool has_suffix(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && !strcmp(s + n - k, suffix);
}

/* Is it memory without a name in any mounted file system, as memfd_create(2) and mmap(2) make it? */
static int is_shmem(struct collecting *c, const struct smap *m, bool *ret_is)
{
	struct stat st;

	*ret_is = false;
	if (!has_suffix(m->name, " (deleted)") || major(m->dev))
		return 0;
	if (m->flags & SMAP_ht) {
		/* Each huge page size has a mount of the kernel's own. */
		*ret_is = !strncmp(m->name, "/memfd:", 7) || !strcmp(m->name, "/anon_hugepage (deleted)");
		return 0;
	}
	if (!c->shmem) {
		autofd int fd = neg_errno(memfd_create("criu", MFD_CLOEXEC));

		if (fd < 0)
			return err_any(fd, "make a memfd, to learn where they live");
		if (fstat(fd, &st) < 0)
			return err_any(-errno, "stat a memfd of our own");
		c->shmem = st.st_dev;
	}
	*ret_is = m->dev == c->shmem;
	return 0;
}

/* The access with which a file was opened for this mapping: the mode of its link in map_files. */
static int access_of(const struct collecting *c, const char *link, uint32_t *ret_flags)
{
	struct stat st;

	if (fstatat(c->t->proc, link, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_task(c->t->pid, -errno, "stat its %s", link);
	if (!(st.st_mode & S_IWUSR))
		*ret_flags = O_RDONLY;
	else
		*ret_flags = st.st_mode & S_IRUSR ? O_RDWR : O_WRONLY;
	return 0;
}

/* What is mapped; by its path, checked by device and inode, where links of map_files may not be followed. */
static int stat_mapped(const struct collecting *c, const struct smap *m, const char *link, struct stat *ret_st)
{
	char path[4096];
	ssize_t n;
	int r;

	r = kerndat_way(c->d->kd, WAY_MAPPED_FILES) == BY_MAP_FILES ? neg_errno(fstatat(c->t->proc, link, ret_st, 0)) : -EPERM;
	if (r != -EPERM && r != -EACCES)
		return r < 0 ? err_task(c->t->pid, r, "stat its %s", link) : 0;

	n = readlinkat(c->t->proc, link, path, sizeof(path) - 1);
	if (n < 0)
		return err_task(c->t->pid, -errno, "read its %s", link);
	path[n] = 0;
	if (stat(path, ret_st) < 0 || ret_st->st_ino != m->ino || ret_st->st_dev != m->dev)
		return refuse_map(c, m, MAP_LOST, "its path leads to another file by now, and links in /proc/PID/map_files "
					"may not be followed; CAP_CHECKPOINT_RESTORE is needed");
	return 0;
}

static bool is_dev_zero(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 5);
}

static int collect_file(struct collecting *c, const struct smap *m, struct vma *v)
{
	char buf[LINK_ROOM];
	const char *link = link_of(m, buf);
	struct stat st;
	int r;

	v->e.flags = m->shared ? MAP_SHARED : MAP_PRIVATE;
	v->e.status = VMA_REGULAR | (m->shared ? VMA_FILE_SHARED : VMA_FILE_PRIVATE);
	v->e.pgoff = m->pgoff;
	v->e.has_fdflags = true;
	if (!m->shared) {
		v->content = CONTENT_PRIVATE;
		v->pages_flags = PE_PRESENT;
	}
	if (!m->shared && c->id && c->dev == m->dev && c->ino == m->ino) {
		v->e.shmid = c->id;
		v->e.fdflags = c->fdflags;
		return 0;
	}

	r = fault_at(FAULT_DUMP_MAPPED_FILE);
	if (r < 0)
		return r;
	r = stat_mapped(c, m, link, &st);
	if (r < 0)
		return r;
	if (S_ISSOCK(st.st_mode))
		return refuse_map(c, m, MAP_SOCKET, "it is the ring of a packet socket");
	if (!S_ISREG(st.st_mode) && !is_dev_zero(&st))
		return refuse_map(c, m, MAP_DEVICE, "a device is mapped, whose state only its driver knows");
	r = access_of(c, link, &v->e.fdflags);
	if (r < 0)
		return r;
	r = fd_path_id(c->d, c->t, link, v->e.fdflags, &c->id);
	if (r < 0)
		return r;

	v->e.shmid = c->id;
	c->fdflags = v->e.fdflags;
	c->dev = m->dev;
	c->ino = m->ino;
	if (m->shared)
		c->id = 0;
	return 0;
}

/* memfd and shared anonymous memory; both are files to the kernel and in the image. */
static int collect_shmem(struct collecting *c, const struct smap *m, struct vma *v)
{
	char buf[LINK_ROOM];
	const char *link = link_of(m, buf);
	uint32_t id = 0;
	int r;

	v->e.flags = m->shared ? MAP_SHARED : MAP_PRIVATE;
	v->e.status = VMA_REGULAR | VMA_MEMFD | (m->shared ? VMA_FILE_SHARED : VMA_FILE_PRIVATE);
	v->e.pgoff = m->pgoff;
	v->e.has_fdflags = true;
	if (!m->shared) {
		v->content = CONTENT_PRIVATE;
		v->pages_flags = PE_PRESENT;
	}
	r = fault_at(FAULT_DUMP_MAPPED_FILE);
	if (r < 0)
		return r;
	r = access_of(c, link, &v->e.fdflags);
	if (r < 0)
		return r;
	r = fd_shmem_id(c->d, c->t, link, v->e.fdflags, &id);
	v->e.shmid = id;
	return r;
}

static void collect_anon(const struct smap *m, struct vma *v)
{
	v->e.flags = (m->flags & SMAP_dp ? MAP_DROPPABLE : MAP_PRIVATE) | MAP_ANONYMOUS;
	v->e.status = VMA_REGULAR | VMA_ANON_PRIVATE;
	if (!strcmp(m->name, "[heap]"))
		v->e.status |= VMA_HEAP;
	if (m->flags & SMAP_dp)
		return; /* may be dropped at any moment: so it may now */
	v->content = CONTENT_PRIVATE;
	v->pages_flags = PE_PRESENT;
	if (!(m->flags & (SMAP_lo | SMAP_ht)))
		v->pages_flags |= PE_LAZY;
}

static void collect_aio(struct vma *v)
{
	v->e.flags = MAP_SHARED;
	v->e.status = VMA_AIORING;
	v->e.has_fdflags = true;
	v->e.fdflags = O_RDWR;
	v->content = CONTENT_ALL;
	v->pages_flags = PE_PRESENT;
}

static void collect_kernel(struct vma *v, uint32_t status)
{
	v->e.flags = MAP_PRIVATE | MAP_ANONYMOUS;
	v->e.status = status | VMA_ANON_PRIVATE;
	if (status & VMA_VDSO) {
		v->content = CONTENT_ALL;
		v->pages_flags = PE_PRESENT;
	}
}

/* Mappings that the kernel names in brackets; 0: it is none. */
static uint32_t kernel_area(const char *name)
{
	if (!strcmp(name, "[vdso]"))
		return VMA_REGULAR | VMA_VDSO;
	if (!strcmp(name, "[vvar]") || !strcmp(name, "[vvar_vclock]"))
		return VMA_REGULAR | VMA_VVAR;
	if (!strcmp(name, "[vsyscall]") || !strcmp(name, "[vectors]"))
		return VMA_VSYSCALL;
	return 0;
}

static bool is_plain_name(const char *name)
{
	return !name[0] || !strcmp(name, "[heap]") || !strncmp(name, "[stack", 6) || !strncmp(name, "[anon:", 6);
}

static int collect_object(struct collecting *c, const struct smap *m, struct vma *v)
{
	bool shmem;
	int r;

	if (!strcmp(m->name, "/[aio] (deleted)") && !major(m->dev)) {
		collect_aio(v);
		return 0;
	}
	if (!strncmp(m->name, "anon_inode:", 11) || !strncmp(m->name, "socket:", 7) || !strncmp(m->name, "/dmabuf:", 8))
		return refuse_map(c, m, MAP_OBJECT, "memory shared with the kernel or a device through a descriptor");
	if (!strcmp(m->name, "/anon_hugepage (deleted)") && m->flags & SMAP_ht && !m->shared) {
		collect_anon(m, v);
		return 0;
	}
	r = is_shmem(c, m, &shmem);
	if (r < 0)
		return r;
	if (shmem && !strncmp(m->name, "/SYSV", 5))
		return refuse_map(c, m, MAP_SYSV, "a System V segment outlives the tree; it can be saved only together "
					"with an ipc namespace");
	return shmem ? collect_shmem(c, m, v) : collect_file(c, m, v);
}

static uint64_t madv_of(uint32_t f)
{
	static const struct {
		uint32_t flag;
		int advice;
	} table[] = {
		{ SMAP_rr, MADV_RANDOM },     { SMAP_sr, MADV_SEQUENTIAL }, { SMAP_dc, MADV_DONTFORK },
		{ SMAP_mg, MADV_MERGEABLE },  { SMAP_hg, MADV_HUGEPAGE },   { SMAP_nh, MADV_NOHUGEPAGE },
		{ SMAP_dd, MADV_DONTDUMP },   { SMAP_wf, MADV_WIPEONFORK },
	};
	uint64_t madv = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (f & table[i].flag)
			madv |= 1ull << table[i].advice;
	return madv;
}

static uint32_t huge_flags(const struct smap *m)
{
	return MAP_HUGETLB | (uint32_t)__builtin_ctzll(m->page_size) << 26;
}

static int classify(struct collecting *c, const struct smap *m, struct vma *v)
{
	uint32_t kernel = kernel_area(m->name);
	int r = 0;

	if (m->flags & SMAP_ss)
		return refuse_map(c, m, MAP_SHSTK, "a shadow stack");
	if (m->flags & SMAP_mt)
		return refuse_map(c, m, MAP_TAGS, "memory with tags (PROT_MTE), which the format has no place for");
	if (kernel)
		collect_kernel(v, kernel);
	else if (is_plain_name(m->name) && !m->ino)
		collect_anon(m, v);
	else if (m->name[0] == '[' && strncmp(m->name, "[anon_shmem:", 12))
		return refuse_map(c, m, MAP_UNKNOWN, "this kind is not known");
	else
		r = collect_object(c, m, v);
	if (r < 0)
		return r;
	if (!kernel && m->flags & (SMAP_io | SMAP_pf))
		return refuse_map(c, m, MAP_DEVICE, "memory of a device");

	v->e.start = m->start;
	v->e.end = m->end;
	v->e.prot = m->prot;
	v->e.fd = -1;
	v->anon = m->anon;
	v->pkey = m->pkey;
	/*
	 * Since Linux 5.19 (a7f226604170) process_vm_readv gives the task its own copy of each page that it
	 * shares copy-on-write, as any pin does; reading /proc/PID/mem leaves them shared.
	 */
	v->by_mem = !(m->prot & PROT_READ) || (!m->shared && m->anon && m->common);
	if (m->flags & SMAP_gd)
		v->e.flags |= MAP_GROWSDOWN;
	if (m->flags & SMAP_lo)
		v->e.flags |= MAP_LOCKED;
	if (m->flags & SMAP_nr)
		v->e.flags |= MAP_NORESERVE;
	if (m->flags & SMAP_ht && m->page_size)
		v->e.flags |= huge_flags(m);
	if (v->e.status != VMA_AIORING)
		v->e.madv = madv_of(m->flags);
	v->e.has_madv = v->e.madv != 0;
	if (m->flags & SMAP_sl)
		block_warn(c->d, MAP_SEALED, c->t->pid, "mapping %#" PRIx64 " is sealed (mseal); the image cannot tell, "
			   "it will not be after restore", m->start);
	return 0;
}

/* The next slot; it stays unused unless mem->n is raised. */
static struct vma *new_vma(struct dump *d, struct task_mem *mem)
{
	if (mem->n == mem->room) {
		size_t room = mem->room ? 2 * mem->room : 64;
		struct vma *more = arena_array(d->arena, room, sizeof(*more));

		if (!more)
			return NULL;
		if (mem->n)
			memcpy(more, mem->vmas, mem->n * sizeof(*more));
		mem->vmas = more;
		mem->room = room;
	}
	mem->vmas[mem->n] = (struct vma){ .e = VMA_ENTRY__INIT };
	return &mem->vmas[mem->n];
}

/* One more mapping. The parts of vvar are one area to the image. */
static int collect_one(struct collecting *c, struct task_mem *mem, const struct smap *m)
{
	struct vma *last = mem->n ? &mem->vmas[mem->n - 1] : NULL, *v;
	int r;

	if (!strcmp(m->name, "[uprobes]") && c->d->opt->allow_uprobes)
		return 0;
	if (last && last->e.status & VMA_VVAR && last->e.end == m->start && !strcmp(m->name, "[vvar_vclock]")) {
		last->e.end = m->end;
		return 0;
	}

	v = new_vma(c->d, mem);
	if (!v)
		return -ENOMEM;
	r = classify(c, m, v);
	if (r < 0)
		return r;
	mem->n++;
	mem->n_aio += v->e.status == VMA_AIORING;
	return 0;
}

int mem_collect(struct dump *d, struct task *t)
{
	struct collecting c = { .d = d, .t = t };
	struct task_mem *mem = arena_obj(d->arena, struct task_mem);
	autosmaps struct smaps *maps = NULL;
	struct smap m;
	int r;

	if (!mem)
		return -ENOMEM;
	r = fault_at(FAULT_DUMP_MAPS);
	if (r < 0)
		return r;
	r = smaps_open(t->proc, &maps);
	if (r < 0)
		return err_task(t->pid, r, "open its smaps");
	while ((r = smaps_next(maps, &m)) > 0) {
		r = survey_pass(d->survey, collect_one(&c, mem, &m), t->pid, "a mapping");
		if (r < 0)
			return r;
	}
	if (r < 0)
		return err_task(t->pid, r, "read its smaps");

	r = survey_pass(d->survey, fd_path_id(d, t, "exe", O_RDONLY, &mem->exe_id), t->pid, "its executable");
	if (r < 0)
		return r;
	t->mem = mem;
	pr_debug("pid %d: %zu mappings\n", t->pid, mem->n);
	return 0;
}
