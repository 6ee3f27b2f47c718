/* SPDX-License-Identifier: LGPL-2.1-only */
/* Making answers. */
#include "kerndat/probe.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

const char *kd_state_name(enum kd_state state)
{
	switch (state) {
	case KD_YES:
		return "yes";
	case KD_NO:
		return "no";
	case KD_CANNOT_TELL:
		return "cannot tell";
	case KD_NOT_ASKED:
		break;
	}
	return "not asked";
}

struct kd_answer kd_yes(void)
{
	return (struct kd_answer){ .state = KD_YES };
}

struct kd_answer kd_yes_value(uint64_t value)
{
	return (struct kd_answer){ .state = KD_YES, .has_value = true, .value = value };
}

struct kd_answer kd_no(void)
{
	return (struct kd_answer){ .state = KD_NO };
}

struct kd_answer kd_no_err(int r)
{
	return (struct kd_answer){ .state = KD_NO, .err = abs(r) };
}

struct kd_answer kd_no_why(const char *fmt, ...)
{
	struct kd_answer a = { .state = KD_NO };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a.why, sizeof(a.why), fmt, ap);
	va_end(ap);
	return a;
}

struct kd_answer kd_cannot_tell(int r)
{
	return (struct kd_answer){ .state = KD_CANNOT_TELL, .err = abs(r) };
}

struct kd_answer kd_cannot_tell_why(int r, const char *fmt, ...)
{
	struct kd_answer a = { .state = KD_CANNOT_TELL, .err = abs(r) };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a.why, sizeof(a.why), fmt, ap);
	va_end(ap);
	return a;
}

struct kd_answer kd_by_enosys(long r)
{
	if (r >= 0)
		return kd_yes();
	if (r == -ENOSYS)
		return kd_no_err(ENOSYS);
	return kd_cannot_tell((int)r);
}

struct kd_answer kd_by_refusal(long r, int known)
{
	if (r >= 0 || r == -abs(known))
		return kd_yes();
	if (r == -EINVAL || r == -ENOSYS)
		return kd_no_err((int)r);
	return kd_cannot_tell((int)r);
}

int kd_read_file(const char *path, char *buf, size_t size)
{
	autofd int fd = neg_errno(open(path, O_RDONLY | O_CLOEXEC));
	size_t n = 0;

	if (fd < 0)
		return fd;
	while (n < size - 1) {
		ssize_t r = read(fd, buf + n, size - 1 - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		n += (size_t)r;
	}
	buf[n] = 0;
	return (int)n;
}

int kd_auxv(unsigned long type, unsigned long *ret_value)
{
	unsigned long pairs[128];
	int n = kd_read_file("/proc/self/auxv", (char *)pairs, sizeof(pairs));

	if (n < 0)
		return n;
	for (int i = 0; (size_t)(i + 2) * sizeof(pairs[0]) <= (size_t)n && pairs[i] != AT_NULL; i += 2)
		if (pairs[i] == type) {
			*ret_value = pairs[i + 1];
			return 1;
		}
	return 0;
}

int kd_read_big(const char *path, char **ret_text)
{
	const size_t room = 1 << 20; /* touched as far as there is text */
	char *text = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r;

	if (text == MAP_FAILED)
		return -errno;
	r = kd_read_file(path, text, room);
	if (r >= 0)
		*ret_text = text;
	return r;
}
