/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Image files: framing, names and magics. An image is one or two 4-byte words of magic, then
 * entries: a u32 size, a protobuf message of that size, and for a few kinds raw bytes behind
 * the message. Every kind of image is one row of criu/image/kinds.h.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct image;
struct image_dir;

enum image_kind {
#define IMAGE(id, name, magic, head) IMG_##id,
#include "criu/image/kinds.h"
#undef IMAGE
	IMG_NR,
};

/*
 * Open the images directory @path. What is read through it is allocated in @arena.
 * Returns 0 or -errno (logged).
 */
int image_dir_open(const char *path, struct arena *arena, struct image_dir **ret_dir);
void image_dir_close(struct image_dir *dir);
/* The directory's descriptor, for what is not an image in it (the parent link). */
int image_dir_fd(const struct image_dir *dir);
/*
 * The directory of the previous dump, which the link "parent" in @dir names; opened once, ends
 * with @dir. -ENOENT (not logged) if there is no link.
 */
int image_dir_parent(struct image_dir *dir, struct image_dir **ret_parent);
/* Numbers of the pages images of one dump: 1, 2, ... */
uint32_t image_dir_next_pages_id(struct image_dir *dir);
/* Keep its descriptors, those of its parents too, at @floor or above from now on. -errno, silently. */
int image_dir_move(struct image_dir *dir, int floor);
/* Heads of version 1 images are one word instead of two: told once the inventory is read. */
void image_dir_set_version(struct image_dir *dir, uint32_t img_version);

/*
 * Start writing image @kind; @id fills the number in its name and is ignored for names without
 * one. The file is made when the first byte is written; image_close() of an image without a
 * byte removes a stale file of that name. Service images (stats) go to the current directory.
 */
int image_create(struct image_dir *dir, enum image_kind kind, uint64_t id, struct image **ret_img);
/* Append @msg framed by its size. */
int image_write(struct image *img, const ProtobufCMessage *msg);
/* Append raw bytes: what follows a message in some kinds, or the content of a raw image. */
int image_write_raw(struct image *img, const void *data, size_t size);
/* Append @n bytes read from @fd. */
int image_write_from(struct image *img, int fd, uint64_t n);
/* Flush and close; reports what a buffered write could not. */
int image_close(struct image *img);
/* Close without a word: for the way out of a failure. */
void image_abandon(struct image *img);

static inline void own_image(struct image **img)
{
	if (*img)
		image_abandon(*img);
}
#define autoimage __attribute__((cleanup(own_image), unused))

/* An image of one message: create, write, close. */
int image_write_one(struct image_dir *dir, enum image_kind kind, uint64_t id, const ProtobufCMessage *msg);

/*
 * Open image @kind for reading and check its magic. A file that does not exist reads as an
 * image without entries: image_exists() tells. -errno otherwise (logged with the name).
 */
int image_open(struct image_dir *dir, enum image_kind kind, uint64_t id, struct image **ret_img);
bool image_exists(const struct image *img);
/* The file name of an image. */
#define IMAGE_NAME_MAX 64
void image_name_for(enum image_kind kind, uint64_t id, char ret_name[IMAGE_NAME_MAX]);
/* The file of an image that is bytes and no messages (IMG_PAGES), opened for reading. -errno (logged), also where there is none. */
int image_open_bytes(const struct image_dir *dir, const char *name);
/*
 * The next message, unpacked into the arena of the directory. 1: got one; 0: end of the image;
 * -errno: broken or unreadable (logged). Fields are what the file says: check before use.
 * @ret_msg points at a pointer to the message's type.
 */
int image_read(struct image *img, const ProtobufCMessageDescriptor *desc, void *ret_msg);
/* The one message this image must have: -ENODATA (logged) if it is not there. */
int image_read_one(struct image_dir *dir, enum image_kind kind, uint64_t id,
		   const ProtobufCMessageDescriptor *desc, void *ret_msg);
/* All messages of an image; @ret_array points at a Type **, in the arena. */
int image_read_all(struct image_dir *dir, enum image_kind kind, uint64_t id,
		   const ProtobufCMessageDescriptor *desc, void *ret_array, size_t *ret_n);
/* Exactly @size raw bytes behind the last message. */
int image_read_raw(struct image *img, void *buf, size_t size);
/* Where the reader stands, and moving on: for raw bytes which are used later or not at all. */
int image_tell(struct image *img, off_t *ret_off);
int image_skip_raw(struct image *img, uint64_t size);
/* The file's descriptor; its offset is ahead of the reader by what is buffered: use pread. */
int image_fd(const struct image *img);
/* Its file name, for messages. */
const char *image_name(const struct image *img);

/* An initialised message in arena @a: image_new(a, FILE_ENTRY, FileEntry); NULL without memory. */
#define image_new(a, INIT, Type)                                 \
	({                                                       \
		Type *image_m_ = arena_alloc((a), sizeof(Type)); \
		if (image_m_)                                    \
			*image_m_ = (Type)INIT##__INIT;          \
		image_m_;                                        \
	})
