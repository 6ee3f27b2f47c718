/* SPDX-License-Identifier: LGPL-2.1-only */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

int io_read(int fd, void *buf, size_t n)
{
	char *p = buf;

	while (n) {
		ssize_t r = read(fd, p, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			return -ENODATA;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

int io_pread(int fd, void *buf, size_t n, off_t off)
{
	char *p = buf;

	while (n) {
		ssize_t r = pread(fd, p, n, off);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			return -ENODATA;
		p += r;
		off += r;
		n -= (size_t)r;
	}
	return 0;
}

int io_write(int fd, const void *buf, size_t n)
{
	const char *p = buf;

	while (n) {
		ssize_t r = write(fd, p, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

int io_pwrite(int fd, const void *buf, size_t n, off_t off)
{
	const char *p = buf;

	while (n) {
		ssize_t r = pwrite(fd, p, n, off);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		p += r;
		off += r;
		n -= (size_t)r;
	}
	return 0;
}

int io_slurp(int fd, char **ret_text, size_t *ret_size)
{
	autofree char *text = NULL;
	size_t size = 0, room = 0;

	for (;;) {
		ssize_t r;

		/* /proc gives at most a page a read for many files: start there and double. */
		if (room - size < 4096) {
			char *more;

			room = room ? 2 * room : 8192;
			more = realloc(text, room + 1);
			if (!more)
				return -ENOMEM;
			text = more;
		}

		r = read(fd, text + size, room - size);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		size += (size_t)r;
	}

	text[size] = 0;
	*ret_text = take_ptr(text);
	if (ret_size)
		*ret_size = size;
	return 0;
}

int io_slurp_at(int dirfd, const char *path, char **ret_text, size_t *ret_size)
{
	autofd int fd = neg_errno(openat(dirfd, path, O_RDONLY | O_CLOEXEC));

	if (fd < 0)
		return fd;
	return io_slurp(fd, ret_text, ret_size);
}

static int copy_through_buffer(int out, int in, uint64_t n)
{
	size_t room = n < 65536 ? (size_t)n : 65536;
	autofree char *buf = malloc(room ? room : 1);
	int r;

	if (!buf)
		return -ENOMEM;

	while (n) {
		size_t part = n < room ? (size_t)n : room;

		r = io_read(in, buf, part);
		if (r < 0)
			return r;
		r = io_write(out, buf, part);
		if (r < 0)
			return r;
		n -= part;
	}
	return 0;
}

int io_copy(int out, int in, uint64_t n)
{
	while (n) {
		ssize_t r = sendfile(out, in, NULL, n > (1u << 30) ? (1u << 30) : (size_t)n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && (errno == EINVAL || errno == ENOSYS))
			return copy_through_buffer(out, in, n);
		if (r < 0)
			return -errno;
		if (r == 0)
			return -ENODATA;
		n -= (uint64_t)r;
	}
	return 0;
}
