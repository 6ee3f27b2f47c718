// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory without a name in a file system: memfd_create(2), and what mmap(2) makes for anonymous shared mappings ("/dev/zero"),
 * which is a descriptor only when somebody opens it below map_files.
 * Saved:     name, size, owner, mode, seals, huge page size; content in pagemap-shmem-INODE. Each descriptor's
 *            flags and position.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/files.h"
#include "criu/fd/fown.h"
#include "criu/fd/rfiles.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/pages.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

#define DELETED " (deleted)"
#define MEMFD	"/memfd:"
/* What the kernel calls the inodes of anonymous shared mappings. */
#define ZERO	"/dev/zero"
#define HUGE	"/anon_hugepage"

/* --- dump ------------------------------------------------------------------------------------- */

#define BUCKETS 1024

struct dinode {
	struct list all;
	struct dinode *next; /* in its bucket */
	MemfdInodeEntry *me;
	dev_t dev;
	ino_t ino;
	struct task *task; /* where to get it again */
	const char *at;
};

struct dinodes {
	struct list all;
	struct dinode *buckets[BUCKETS]; /* by inode number: a task may have as many as it has mappings */
	uint32_t n;
};

static bool is_text(const char *link, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(link, name, n) && (!strcmp(link + n, DELETED) || !link[n]);
}

static bool memfd_is(const struct dump *d, const struct fd_info *fi)
{
	/* None has a link: a real file of such a name has, or was removed by somebody who looks for trouble. */
	return S_ISREG(fi->st.st_mode) && !fi->st.st_nlink && !(fi->flags & O_PATH) &&
	       (!strncmp(fi->link, MEMFD, strlen(MEMFD)) || is_text(fi->link, ZERO) || is_text(fi->link, HUGE));
}

/* Without the marker of a name that is gone, and without what says memfd: that is what memfd_create() adds. */
static char *name_of(struct dump *d, const char *link)
{
	size_t n = strlen(link), cut = strlen(DELETED);

	if (n > cut && !strcmp(link + n - cut, DELETED))
		n -= cut;
	if (!strncmp(link, MEMFD, strlen(MEMFD))) {
		link += strlen(MEMFD);
		n -= strlen(MEMFD);
	}
	return arena_printf(d->arena, "%.*s", (int)n, link);
}

/* Seals and page size need a descriptor that is open for reading. */
static int ask_inode(const struct fd_info *fi, MemfdInodeEntry *me)
{
	autofd int fd = neg_errno(openat(fi->task->proc, fi->at, O_RDONLY | O_CLOEXEC));
	struct statfs fs;
	int seals;

	if (fd < 0)
		return err_fd(fi, fd, "open it");
	seals = neg_errno(fcntl(fd, F_GET_SEALS));
	if (seals < 0)
		return err_fd(fi, seals, "read its seals");
	if (fstatfs(fd, &fs) < 0)
		return err_fd(fi, -errno, "tell its file system");

	me->seals = seals;
	if (fs.f_type == HUGETLBFS_MAGIC) {
		me->has_hugetlb_flag = true;
		me->hugetlb_flag = MFD_HUGETLB | (uint32_t)__builtin_ctzl(fs.f_bsize) << MFD_HUGE_SHIFT;
	}
	return 0;
}

static int new_inode(struct dump *d, const struct fd_info *fi, struct dinodes *set, struct dinode **ret_inode)
{
	struct dinode *in = arena_obj(d->arena, struct dinode);
	MemfdInodeEntry *me = image_new(d->arena, MEMFD_INODE_ENTRY, MemfdInodeEntry);
	int r;

	if (!in || !me)
		return -ENOMEM;
	me->name = name_of(d, fi->link);
	in->at = arena_strdup(d->arena, fi->at);
	if (!me->name || !in->at)
		return -ENOMEM;
	r = d->survey ? 0 : ask_inode(fi, me); /* a survey opens nothing */
	if (r < 0)
		return r;

	me->uid = fi->st.st_uid;
	me->gid = fi->st.st_gid;
	me->has_mode = true;
	me->mode = fi->st.st_mode;
	me->size = fi->st.st_size;
	me->shmid = fi->st.st_ino;
	me->inode_id = ++set->n;
	in->me = me;
	in->dev = fi->st.st_dev;
	in->ino = fi->st.st_ino;
	in->task = fi->task;
	list_add_tail(&in->all, &set->all);
	in->next = set->buckets[in->ino % BUCKETS];
	set->buckets[in->ino % BUCKETS] = in;
	*ret_inode = in;
	return 0;
}

static int find_inode(struct dump *d, const struct fd_info *fi, struct dinode **ret_inode)
{
	struct dinodes *set = d->files->state[FD_KIND_memfd];
	struct dinode *in;

	if (!set) {
		d->files->state[FD_KIND_memfd] = set = arena_obj(d->arena, struct dinodes);
		if (!set)
			return -ENOMEM;
		list_init(&set->all);
	}
	for (in = set->buckets[fi->st.st_ino % BUCKETS]; in; in = in->next) {
		if (in->dev == fi->st.st_dev && in->ino == fi->st.st_ino) {
			*ret_inode = in;
			return 0;
		}
	}
	return new_inode(d, fi, set, ret_inode);
}

static int fill_entry(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	struct dinode *in;
	int r;

	out->memfd = image_new(d->arena, MEMFD_FILE_ENTRY, MemfdFileEntry);
	if (!out->memfd)
		return -ENOMEM;
	r = find_inode(d, fi, &in);
	if (r < 0)
		return r;
	out->memfd->id = out->id;
	out->memfd->pos = fi->pos;
	out->memfd->inode_id = in->me->inode_id;
	return 0;
}

static int memfd_dump(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	return fill_entry(d, fi, out);
}

int memfd_add(struct dump *d, const struct fd_info *fi, uint32_t flags, uint32_t *ret_id)
{
	struct dfile *f = dfile_add(d, &memfd_kind, fi->task, -1, fi->at);
	int r;

	if (!f)
		return -ENOMEM;
	r = fill_entry(d, fi, f->fe);
	if (r < 0)
		return r;
	f->fe->memfd->flags = flags;
	f->fe->memfd->fown = image_new(d->arena, FOWN_ENTRY, FownEntry);
	*ret_id = f->fe->id;
	return f->fe->memfd->fown ? 0 : -ENOMEM;
}

static int write_content(struct dump *d, const struct dinode *in)
{
	struct pages_count count = { 0 };
	autofd int fd = -1;
	int r;

	r = fault_at(FAULT_DUMP_MEMFD);
	if (r < 0)
		return r;
	fd = neg_errno(openat(in->task->proc, in->at, O_RDONLY | O_CLOEXEC));
	if (fd < 0)
		return err_task(in->task->pid, fd, "read the shared memory behind its %s", in->at);
	r = pages_save_file(d->images, in->me->shmid, fd, in->me->size, &count);
	d->stats.shpages_scanned += count.scanned;
	d->stats.shpages_written += count.written;
	return r;
}

static int memfd_write(struct dump *d)
{
	struct dinodes *set = d->files->state[FD_KIND_memfd];
	autoimage struct image *img = NULL;
	struct dinode *in;
	int r;

	r = image_create(d->images, IMG_MEMFD, 0, &img);
	if (r < 0)
		return r;
	if (set) {
		list_for_each (in, &set->all, all) {
			if (r >= 0 && in->me->size)
				r = write_content(d, in);
			if (r >= 0)
				r = image_write(img, &in->me->base);
		}
	}
	return r < 0 ? r : image_close(take_ptr(img));
}

/* --- restore ---------------------------------------------------------------------------------- */

struct rinode {
	const MemfdInodeEntry *me;
	bool used;
	bool inherited; /* its content is its own */
	int fd;		/* in the coordinator, and in every task by inheritance, above all numbers; -1 */
};

struct rinodes {
	struct rinode *all;
	size_t n;
};

static int check_inode(struct restore *rs, const MemfdInodeEntry *me)
{
	const uint32_t seals = 63, huge = MFD_HUGETLB | (uint32_t)MFD_HUGE_MASK << MFD_HUGE_SHIFT;

	if (me->size > INT64_MAX)
		return refuse_any(-EINVAL, "make memory %s of %" PRIu64 " bytes", me->name, me->size);
	if (me->seals & ~seals)
		return refuse_any(-EINVAL, "seal memory %s by %#x", me->name, me->seals);
	if (me->has_hugetlb_flag && (me->hugetlb_flag & ~huge))
		return refuse_any(-EINVAL, "make memory %s of huge pages by %#x", me->name, me->hugetlb_flag);
	return 0;
}

static int by_inode(const void *a, const void *b)
{
	uint64_t x = ((const struct rinode *)a)->me->inode_id, y = ((const struct rinode *)b)->me->inode_id;

	return x < y ? -1 : x > y;
}

static int memfd_read(struct restore *rs)
{
	struct rinodes *set = arena_obj(rs->arena, struct rinodes);
	MemfdInodeEntry **all;
	int r;

	if (!set)
		return -ENOMEM;
	r = image_read_all(rs->images, IMG_MEMFD, 0, &memfd_inode_entry__descriptor, &all, &set->n);
	if (r < 0)
		return r;
	set->all = arena_array(rs->arena, set->n, sizeof(*set->all));
	if (set->n && !set->all)
		return -ENOMEM;
	for (size_t i = 0; i < set->n; i++) {
		r = check_inode(rs, all[i]);
		if (r < 0)
			return r;
		set->all[i] = (struct rinode){ .me = all[i], .fd = -1 };
	}
	if (set->n)
		qsort(set->all, set->n, sizeof(*set->all), by_inode);
	for (size_t i = 1; i < set->n; i++) {
		if (set->all[i].me->inode_id == set->all[i - 1].me->inode_id)
			return refuse_any(-EINVAL, "use memfd.img: it has memory %" PRIu64 " twice", set->all[i].me->inode_id);
	}
	rs->files->state[FD_KIND_memfd] = set;
	return 0;
}

static int memfd_collect(struct restore *rs, struct rfile *rf)
{
	struct rinodes *set = rs->files->state[FD_KIND_memfd];

	const MemfdInodeEntry wanted = { .inode_id = rf->fe->memfd->inode_id };
	const struct rinode key = { .me = &wanted };
	struct rinode *in = set->n ? bsearch(&key, set->all, set->n, sizeof(*set->all), by_inode) : NULL;

	if (!in)
		return refuse_rfile(rf, -EINVAL, "find memory %u in memfd.img", rf->fe->memfd->inode_id);
	rs->files->n_held += !in->used;
	in->used = true;
	rf->state = in;
	return 0;
}

/*
 * Memory that mmap() made is called so by the kernel, and only mmap() makes it. Its descriptor is below map_files,
 * for those with CAP_CHECKPOINT_RESTORE.
 */
static int make_by_mmap(const MemfdInodeEntry *me)
{
	int flags = MAP_SHARED | MAP_ANONYMOUS;
	char link[64];
	void *mem;
	int fd;

	if (me->has_hugetlb_flag) /* both interfaces encode the page size alike, at bit 26 */
		flags |= MAP_HUGETLB | (me->hugetlb_flag & ~(uint32_t)MFD_HUGETLB);
	mem = mmap(NULL, me->size, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (mem == MAP_FAILED)
		return -errno;
	snprintf(link, sizeof(link), "/proc/self/map_files/%lx-%lx", (unsigned long)mem, (unsigned long)mem + (unsigned long)me->size);
	fd = neg_errno(open(link, O_RDWR | O_CLOEXEC));
	munmap(mem, me->size);
	return fd;
}

static int make_by_memfd(const MemfdInodeEntry *me)
{
	unsigned int flags = MFD_CLOEXEC | (me->has_hugetlb_flag ? me->hugetlb_flag : 0);
	autofd int fd = -1;

	if (me->seals != F_SEAL_SEAL)
		flags |= MFD_ALLOW_SEALING;
	fd = neg_errno(memfd_create(me->name, flags));
	if (fd < 0)
		return fd;
	return ftruncate(fd, me->size) < 0 ? -errno : take_fd(&fd);
}

static int make_inode(const MemfdInodeEntry *me)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd;

	if ((strcmp(me->name, ZERO) && strcmp(me->name, HUGE)) || !me->size || me->size % page)
		return make_by_memfd(me);
	fd = make_by_mmap(me);
	if (fd != -EPERM && fd != -EACCES && fd != -ENOENT)
		return fd;
	pr_debug("%s: no CAP_CHECKPOINT_RESTORE, it will be called memfd:%s\n", me->name, me->name);
	return make_by_memfd(me);
}

static int set_attributes(int fd, const MemfdInodeEntry *me)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if ((st.st_uid != me->uid || st.st_gid != me->gid) && fchown(fd, me->uid, me->gid) < 0)
		return -errno;
	if (me->has_mode && (st.st_mode & 07777) != (me->mode & 07777) && fchmod(fd, me->mode & 07777) < 0)
		return -errno;
	return 0;
}

static int begin_inode(struct restore *rs, struct rinode *in)
{
	const MemfdInodeEntry *me = in->me;
	char *key = arena_printf(rs->arena, MEMFD "%s", me->name);
	autofd int fd = -1;
	int r;

	if (!key)
		return -ENOMEM;
	fd = rfile_inherited(rs, key);
	in->inherited = fd >= 0;
	if (!in->inherited) {
		r = fault_at(FAULT_RESTORE_MEMFD);
		if (r < 0)
			return r;
		fd = make_inode(me);
		if (fd < 0)
			return err_path(key, fd, "make %" PRIu64 " bytes of memory", me->size);
		r = me->size ? pages_load_file(rs->images, me->shmid, fd, me->size) : 0;
		if (r < 0)
			return r;
		r = set_attributes(fd, me);
		if (r < 0)
			return err_path(key, r, "give it to user %u with mode %#o", me->uid, me->mode);
	}
	in->fd = rfile_park(rs, NULL, take_fd(&fd));
	return in->fd < 0 ? err_path(key, in->fd, "keep it for the tasks") : 0;
}

static int memfd_begin(struct restore *rs)
{
	struct rinodes *set = rs->files->state[FD_KIND_memfd];
	int r = 0;

	for (size_t i = 0; r >= 0 && i < set->n; i++) {
		if (set->all[i].used)
			r = begin_inode(rs, &set->all[i]);
	}
	return r;
}

static int memfd_reopen(struct restore *rs, struct rfile *rf, int flags)
{
	const struct rinode *in = rf->state;
	char self[32];
	int fd;

	if (flags == FD_FLAGS_RECORDED)
		flags = rf->fe->memfd->flags;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", in->fd);
	fd = neg_errno(open(self, (flags & ~O_ASYNC) | O_CLOEXEC));
	return fd < 0 ? err_rfile(rf, fd, "open memory %s with %#o", in->me->name, flags) : fd;
}

static int memfd_open(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	const MemfdFileEntry *fe = rf->fe->memfd;
	autofd int fd = memfd_reopen(rs, rf, FD_FLAGS_RECORDED);

	if (fd < 0)
		return fd;
	if (fe->pos && lseek(fd, fe->pos, SEEK_SET) < 0)
		return err_rfile(rf, -errno, "set its position to %" PRIu64, fe->pos);
	return take_fd(&fd);
}

/* Seals come after all mappings: F_SEAL_FUTURE_WRITE leaves those alone that were there before. */
static int memfd_settle(struct restore *rs)
{
	struct rinodes *set = rs->files->state[FD_KIND_memfd];

	for (size_t i = 0; i < set->n; i++) {
		const struct rinode *in = &set->all[i];
		int r;

		if (in->fd < 0 || in->inherited || !in->me->seals || in->me->seals == F_SEAL_SEAL)
			continue;
		r = neg_errno(fcntl(in->fd, F_ADD_SEALS, in->me->seals));
		if (r < 0)
			return err_path(in->me->name, r, "seal the memory by %#x", in->me->seals);
	}
	return 0;
}

static void memfd_end(struct restore *rs, bool failed)
{
	struct rinodes *set = rs->files->state[FD_KIND_memfd];

	for (size_t i = 0; set && i < set->n; i++) {
		if (set->all[i].fd >= 0)
			close(take_fd(&set->all[i].fd));
	}
}

const struct fd_kind memfd_kind = {
	.name = "memfd",
	.type = FD_TYPES__MEMFD,
	FD_MESSAGE(memfd, MemfdFileEntry),
	.is = memfd_is,
	.dump = memfd_dump,
	.write = memfd_write,
	.read = memfd_read,
	.collect = memfd_collect,
	.begin = memfd_begin,
	.open = memfd_open,
	.reopen = memfd_reopen,
	.settle = memfd_settle,
	.end = memfd_end,
};
