/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/own.h"

#define MAGIC_COMMON  0x54564319u
#define MAGIC_SERVICE 0x55105940u
#define BUFFER_SIZE   (32 * 1024)
/* No message of ours comes near; a larger size word is damage or malice. */
#define MAX_MESSAGE   (256u << 20)
/* Previous dumps behind one another; a "parent" that leads in a circle ends here. */
#define MAX_PARENTS   512

enum head { HEAD_I, HEAD_C, HEAD_S, HEAD_R };

static const struct {
	const char *name;
	uint32_t magic;
	enum head head;
} kinds[IMG_NR] = {
#define IMAGE(id, name, magic, head) [IMG_##id] = { name, magic, HEAD_##head },
#include "criu/image/kinds.h"
#undef IMAGE
};

/* Notes of protobuf-c begin at this size. */
#define NOTE_MIN     512
#define NOTE_CLASSES 16

struct image_dir {
	int fd;
	bool one_word_heads;
	uint32_t last_pages_id;
	unsigned int depth;	  /* parents above */
	struct image_dir *parent; /* once asked for */
	struct arena *arena;
	ProtobufCAllocator allocator; /* gives out arena memory */
	struct {
		void *last[NOTE_CLASSES];  /* handed out */
		void *spare[NOTE_CLASSES]; /* given back */
	} notes;			   /* message_alloc() */
};

struct image {
	struct image_dir *dir;
	enum image_kind kind;
	char name[IMAGE_NAME_MAX];
	int fd; /* -1: not yet created, or does not exist */
	bool writing;
	size_t start, end; /* of what is in buf; a writer uses end alone */
	unsigned char buf[BUFFER_SIZE];
};

/*
 * protobuf-c frees while it unpacks only the notes that it has made about a message: powers of two, larger than all
 * that comes of most messages. So these are used again.
 */
static int note_class(size_t size)
{
	return size >= NOTE_MIN && size <= NOTE_MIN << (NOTE_CLASSES - 1) && !(size & (size - 1)) ?
		       __builtin_ctzl(size / NOTE_MIN) : -1;
}

static void *message_alloc(void *data, size_t size)
{
	struct image_dir *dir = data;
	int class = note_class(size);
	void *p;

	if (class < 0)
		return arena_alloc(dir->arena, size);
	p = dir->notes.spare[class];
	dir->notes.spare[class] = NULL;
	if (!p)
		p = arena_alloc(dir->arena, size);
	dir->notes.last[class] = p;
	return p;
}

static void message_free(void *data, void *p)
{
	struct image_dir *dir = data;

	for (int class = 0; p && class < NOTE_CLASSES; class++)
		if (dir->notes.last[class] == p)
			dir->notes.spare[class] = p;
}

/* @fd is the new directory's from here on. */
static int dir_new(int fd, struct arena *arena, struct image_dir **ret_dir)
{
	struct image_dir *dir = calloc(1, sizeof(*dir));

	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	dir->fd = fd;
	dir->arena = arena;
	dir->allocator = (ProtobufCAllocator){ message_alloc, message_free, dir };
	*ret_dir = dir;
	return 0;
}

int image_dir_open(const char *path, struct arena *arena, struct image_dir **ret_dir)
{
	int fd = neg_errno(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	if (fd < 0)
		return err_path(path, fd, "open the images directory");
	return dir_new(fd, arena, ret_dir);
}

int image_dir_parent(struct image_dir *dir, struct image_dir **ret_parent)
{
	int fd, r;

	if (!dir->parent) {
		fd = neg_errno(openat(dir->fd, "parent", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		if (fd == -ENOENT && faccessat(dir->fd, "parent", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return fd;
		if (fd < 0)
			return err_path("parent", fd, "open the directory of the previous dump");
		if (dir->depth == MAX_PARENTS) {
			close(fd);
			return err_path("parent", -ELOOP, "follow more than %d of it", MAX_PARENTS);
		}
		r = dir_new(fd, dir->arena, &dir->parent);
		if (r < 0)
			return r;
		dir->parent->depth = dir->depth + 1;
		dir->parent->one_word_heads = dir->one_word_heads;
	}
	*ret_parent = dir->parent;
	return 0;
}

uint32_t image_dir_next_pages_id(struct image_dir *dir)
{
	return ++dir->last_pages_id;
}

void image_dir_close(struct image_dir *dir)
{
	if (!dir)
		return;
	image_dir_close(dir->parent);
	close(dir->fd);
	free(dir);
}

int image_dir_move(struct image_dir *dir, int floor)
{
	for (; dir; dir = dir->parent) {
		int fd = neg_errno(fcntl(dir->fd, F_DUPFD_CLOEXEC, floor));

		if (fd < 0)
			return fd;
		close(dir->fd);
		dir->fd = fd;
	}
	return 0;
}

int image_dir_fd(const struct image_dir *dir)
{
	return dir->fd;
}

void image_dir_set_version(struct image_dir *dir, uint32_t img_version)
{
	dir->one_word_heads = img_version == 1;
}

/* Service images live in the work directory, which is where we are. */
static int folder_of(const struct image *img)
{
	return kinds[img->kind].head == HEAD_S ? AT_FDCWD : img->dir->fd;
}

void image_name_for(enum image_kind kind, uint64_t id, char ret_name[IMAGE_NAME_MAX])
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(ret_name, IMAGE_NAME_MAX, kinds[kind].name, (unsigned long)id);
#pragma GCC diagnostic pop
}

static struct image *image_alloc(struct image_dir *dir, enum image_kind kind, uint64_t id)
{
	struct image *img = malloc(sizeof(*img));

	if (!img)
		return NULL;
	img->dir = dir;
	img->kind = kind;
	img->fd = -1;
	img->writing = false;
	img->start = img->end = 0;
	image_name_for(kind, id, img->name);
	return img;
}

/* The words in front of the entries; their number. */
static size_t head_words(const struct image *img, uint32_t words[2])
{
	uint32_t magic = kinds[img->kind].magic;

	switch (kinds[img->kind].head) {
	case HEAD_R:
		return 0;
	case HEAD_I:
		words[0] = magic;
		return 1;
	case HEAD_C:
	case HEAD_S:
		if (img->dir->one_word_heads && !img->writing) {
			words[0] = magic;
			return 1;
		}
		words[0] = kinds[img->kind].head == HEAD_C ? MAGIC_COMMON : MAGIC_SERVICE;
		words[1] = magic;
		return 2;
	}
	return 0;
}

int image_create(struct image_dir *dir, enum image_kind kind, uint64_t id, struct image **ret_img)
{
	struct image *img = image_alloc(dir, kind, id);

	if (!img)
		return -ENOMEM;
	img->writing = true;
	*ret_img = img;
	return 0;
}

static int flush(struct image *img)
{
	int r;

	if (!img->end)
		return 0;
	r = io_write(img->fd, img->buf, img->end);
	if (r < 0)
		return err_path(img->name, r, "write it");
	img->end = 0;
	return 0;
}

/* Create the file and put its head in the buffer, at the first byte. */
static int begin(struct image *img)
{
	uint32_t words[2];

	if (img->fd >= 0)
		return 0;
	img->fd = neg_errno(openat(folder_of(img), img->name,
				   O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0644));
	if (img->fd < 0)
		return err_path(img->name, img->fd, "create it");
	img->end = head_words(img, words) * sizeof(words[0]);
	memcpy(img->buf, words, img->end);
	return 0;
}

int image_write_raw(struct image *img, const void *data, size_t size)
{
	int r = begin(img);

	if (r < 0)
		return r;
	if (size > sizeof(img->buf) - img->end) {
		r = flush(img);
		if (r < 0)
			return r;
	}
	if (size > sizeof(img->buf)) {
		r = io_write(img->fd, data, size);
		return r < 0 ? err_path(img->name, r, "write it") : 0;
	}
	memcpy(img->buf + img->end, data, size);
	img->end += size;
	return 0;
}

int image_write(struct image *img, const ProtobufCMessage *msg)
{
	size_t size = protobuf_c_message_get_packed_size(msg);
	uint32_t word = (uint32_t)size;
	autofree unsigned char *big = NULL;
	int r;

	if (size > MAX_MESSAGE)
		return err_path(img->name, -EFBIG, "write a message of %zu bytes", size);

	r = image_write_raw(img, &word, sizeof(word));
	if (r < 0)
		return r;
	if (size <= sizeof(img->buf) - img->end) {
		img->end += protobuf_c_message_pack(msg, img->buf + img->end);
		return 0;
	}

	big = malloc(size);
	if (!big)
		return -ENOMEM;
	protobuf_c_message_pack(msg, big);
	return image_write_raw(img, big, size);
}

int image_write_from(struct image *img, int fd, uint64_t n)
{
	int r = begin(img);

	if (r < 0)
		return r;
	r = flush(img);
	if (r < 0)
		return r;
	r = io_copy(img->fd, fd, n);
	return r < 0 ? err_path(img->name, r, "copy %" PRIu64 " bytes into it", n) : 0;
}

int image_close(struct image *img)
{
	int r = 0;

	if (img->writing && img->fd < 0) {
		/* Nothing was written: a stale file of that name must not pass for ours. */
		if (unlinkat(folder_of(img), img->name, 0) < 0 && errno != ENOENT)
			r = err_path(img->name, -errno, "remove the stale image");
		free(img);
		return r;
	}
	if (img->writing)
		r = flush(img);
	if (img->fd >= 0 && close(img->fd) < 0 && r == 0)
		r = err_path(img->name, -errno, "close it");
	free(img);
	return r;
}

void image_abandon(struct image *img)
{
	if (img->fd >= 0)
		close(img->fd);
	free(img);
}

int image_write_one(struct image_dir *dir, enum image_kind kind, uint64_t id, const ProtobufCMessage *msg)
{
	autoimage struct image *img = NULL;
	int r;

	r = image_create(dir, kind, id, &img);
	if (r < 0)
		return r;
	r = image_write(img, msg);
	if (r < 0)
		return r;
	return image_close(take_ptr(img));
}

/* Get at least one more byte into the buffer. 1; 0 at the end of the file; -errno. */
static int refill(struct image *img)
{
	ssize_t n;

	if (img->start == img->end)
		img->start = img->end = 0;
	if (img->end == sizeof(img->buf)) {
		memmove(img->buf, img->buf + img->start, img->end - img->start);
		img->end -= img->start;
		img->start = 0;
	}
	do
		n = read(img->fd, img->buf + img->end, sizeof(img->buf) - img->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_path(img->name, -errno, "read it");
	img->end += (size_t)n;
	return n > 0;
}

/* Exactly @size bytes: 1. 0 when the file ends before the first one and @may_end. */
static int get_bytes(struct image *img, void *buf, size_t size, bool may_end)
{
	unsigned char *p = buf;
	size_t got = 0;

	while (got < size) {
		size_t have = img->end - img->start, part = have < size - got ? have : size - got;
		int r;

		memcpy(p + got, img->buf + img->start, part);
		img->start += part;
		got += part;
		if (got == size)
			break;
		r = refill(img);
		if (r < 0)
			return r;
		if (r == 0 && got == 0 && may_end)
			return 0;
		if (r == 0)
			return err_path(img->name, -ENODATA, "read it to the end; it is cut short");
	}
	return 1;
}

static int check_head(struct image *img)
{
	uint32_t want[2], have[2];
	size_t n = head_words(img, want), i;
	int r;

	if (!n)
		return 0;
	r = get_bytes(img, have, n * sizeof(have[0]), false);
	if (r < 0)
		return r;
	for (i = 0; i < n; i++)
		if (have[i] != want[i])
			return err_path(img->name, -EINVAL, "use it: its magic is %#x, not %#x", have[i],
					want[i]);
	return 0;
}

int image_open(struct image_dir *dir, enum image_kind kind, uint64_t id, struct image **ret_img)
{
	autoimage struct image *img = image_alloc(dir, kind, id);
	int r;

	if (!img)
		return -ENOMEM;
	r = neg_errno(openat(folder_of(img), img->name, O_RDONLY | O_CLOEXEC));
	if (r < 0 && r != -ENOENT)
		return err_path(img->name, r, "open it");
	if (r >= 0) {
		img->fd = r;
		r = check_head(img);
		if (r < 0)
			return r;
	}
	*ret_img = take_ptr(img);
	return 0;
}

int image_open_bytes(const struct image_dir *dir, const char *name)
{
	int fd = neg_errno(openat(dir->fd, name, O_RDONLY | O_CLOEXEC));

	return fd < 0 ? err_path(name, fd, "open it") : fd;
}

bool image_exists(const struct image *img)
{
	return img->fd >= 0;
}

/* @size bytes in one piece: in the buffer where they fit, else in @big. */
static int get_message(struct image *img, uint32_t size, unsigned char **big, const unsigned char **ret_bytes)
{
	int r;

	if (size > sizeof(img->buf)) {
		*big = malloc(size);
		if (!*big)
			return -ENOMEM;
		*ret_bytes = *big;
		r = get_bytes(img, *big, size, false);
		return r < 0 ? r : 0;
	}

	while (img->end - img->start < size) {
		r = refill(img);
		if (r < 0)
			return r;
		if (r == 0)
			return err_path(img->name, -ENODATA, "read a message; the image is cut short");
	}
	*ret_bytes = img->buf + img->start;
	img->start += size;
	return 0;
}

int image_read(struct image *img, const ProtobufCMessageDescriptor *desc, void *ret_msg)
{
	autofree unsigned char *big = NULL;
	const unsigned char *bytes = NULL;
	ProtobufCMessage *msg;
	uint32_t size;
	int r;

	if (img->fd < 0)
		return 0;
	r = get_bytes(img, &size, sizeof(size), true);
	if (r <= 0)
		return r;
	if (size > MAX_MESSAGE)
		return err_path(img->name, -EINVAL, "read a message of %u bytes", size);
	r = get_message(img, size, &big, &bytes);
	if (r < 0)
		return r;

	msg = protobuf_c_message_unpack(desc, &img->dir->allocator, size, bytes);
	if (!msg)
		return err_path(img->name, -EINVAL, "make sense of a %s of %u bytes", desc->name, size);
	*(void **)ret_msg = msg;
	return 1;
}

int image_read_one(struct image_dir *dir, enum image_kind kind, uint64_t id,
		   const ProtobufCMessageDescriptor *desc, void *ret_msg)
{
	autoimage struct image *img = NULL;
	int r;

	r = image_open(dir, kind, id, &img);
	if (r < 0)
		return r;
	r = image_read(img, desc, ret_msg);
	if (r == 0)
		return err_path(img->name, -ENODATA, "find a %s in it", desc->name);
	return r < 0 ? r : 0;
}

int image_read_all(struct image_dir *dir, enum image_kind kind, uint64_t id,
		   const ProtobufCMessageDescriptor *desc, void *ret_array, size_t *ret_n)
{
	autoimage struct image *img = NULL;
	void **array = NULL;
	size_t n = 0, room = 0;
	int r;

	r = image_open(dir, kind, id, &img);
	if (r < 0)
		return r;
	for (;;) {
		void *msg;

		r = image_read(img, desc, &msg);
		if (r < 0)
			return r;
		if (r == 0)
			break;
		if (n == room) {
			void **more = arena_array(dir->arena, room ? 2 * room : 16, sizeof(*more));

			if (!more)
				return -ENOMEM;
			if (n)
				memcpy(more, array, n * sizeof(*more));
			array = more;
			room = room ? 2 * room : 16;
		}
		array[n++] = msg;
	}
	*(void ***)ret_array = array;
	*ret_n = n;
	return 0;
}

int image_read_raw(struct image *img, void *buf, size_t size)
{
	int r;

	if (img->fd < 0)
		return size ? err_path(img->name, -ENODATA, "read it; it does not exist") : 0;
	r = get_bytes(img, buf, size, false);
	return r < 0 ? r : 0;
}

int image_tell(struct image *img, off_t *ret_off)
{
	off_t off = lseek(img->fd, 0, SEEK_CUR);

	if (off < 0)
		return err_path(img->name, -errno, "tell where its reader stands");
	*ret_off = off - (off_t)(img->end - img->start);
	return 0;
}

int image_skip_raw(struct image *img, uint64_t size)
{
	size_t have = img->end - img->start;

	if (size <= have) {
		img->start += size;
		return 0;
	}
	size -= have;
	img->start = img->end = 0;
	if (size > INT64_MAX || lseek(img->fd, (off_t)size, SEEK_CUR) < 0)
		return err_path(img->name, -EINVAL, "skip %" PRIu64 " bytes", size);
	return 0;
}

int image_fd(const struct image *img)
{
	return img->fd;
}

const char *image_name(const struct image *img)
{
	return img->name;
}
