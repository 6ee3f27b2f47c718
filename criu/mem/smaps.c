// SPDX-License-Identifier: GPL-2.0-only
#include "criu/mem/smaps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

/* A line has at most a path, each byte of it written as \ooo at worst. */
#define ROOM (4 * 4096 + 4096)

struct smaps {
	int fd;
	bool ended;
	size_t start, end; /* of what is in buf */
	char name[ROOM];
	char buf[2 * ROOM];
};

static const struct {
	char code[2];
	uint32_t flag;
} codes[] = {
#define CODE(a, b) { { #a[0], #b[0] }, SMAP_##a##b }
	CODE(g, d), CODE(l, o), CODE(i, o), CODE(s, r), CODE(r, r), CODE(d, c), CODE(n, r), CODE(h, t),
	CODE(w, f), CODE(d, d), CODE(h, g), CODE(n, h), CODE(m, g), CODE(s, s), CODE(d, p), CODE(p, f),
	CODE(s, l), CODE(m, t),
#undef CODE
};

int smaps_open(int proc, struct smaps **ret_s)
{
	struct smaps *s = malloc(sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->start = s->end = 0;
	s->ended = false;
	s->fd = neg_errno(openat(proc, "smaps", O_RDONLY | O_CLOEXEC));
	if (s->fd < 0) {
		int r = s->fd;

		free(s);
		return r;
	}
	*ret_s = s;
	return 0;
}

void smaps_close(struct smaps *s)
{
	if (!s)
		return;
	close(s->fd);
	free(s);
}

static int refill(struct smaps *s)
{
	ssize_t n;

	if (s->start) {
		memmove(s->buf, s->buf + s->start, s->end - s->start);
		s->end -= s->start;
		s->start = 0;
	}
	if (s->end == sizeof(s->buf))
		return -EBADMSG;
	do
		n = read(s->fd, s->buf + s->end, sizeof(s->buf) - s->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	s->end += (size_t)n;
	s->ended = n == 0;
	return 0;
}

/* The next line without its newline, NUL-terminated in the buffer: 1, or 0 at the end. */
static int next_line(struct smaps *s, char **ret_line)
{
	size_t seen = 0;
	char *nl;
	int r;

	for (;;) {
		nl = memchr(s->buf + s->start + seen, '\n', s->end - s->start - seen);
		if (nl)
			break;
		seen = s->end - s->start;
		if (s->ended)
			return seen ? -EBADMSG : 0;
		r = refill(s);
		if (r < 0)
			return r;
	}
	*nl = 0;
	*ret_line = s->buf + s->start;
	s->start = (size_t)(nl - s->buf) + 1;
	return 1;
}

/* A number in base @base and the character @after behind it. */
static bool get_number(char **p, int base, char after, uint64_t *ret_n)
{
	char *end;

	if (**p == ' ' || **p == '-' || **p == '+')
		return false;
	*ret_n = strtoull(*p, &end, base);
	if (end == *p || *end != after)
		return false;
	*p = end + 1;
	return true;
}

/* "7f00-7f01 rw-p 00000000 fe:00 332835      /usr/lib/x" */
static int parse_head(char *line, struct smap *m, char *name)
{
	uint64_t major, minor, ino;
	char *p = line;

	if (!get_number(&p, 16, '-', &m->start) || !get_number(&p, 16, ' ', &m->end))
		return -EBADMSG;
	if (strnlen(p, 5) < 5 || p[4] != ' ')
		return -EBADMSG;
	m->prot = (p[0] == 'r' ? PROT_READ : 0u) | (p[1] == 'w' ? PROT_WRITE : 0u) | (p[2] == 'x' ? PROT_EXEC : 0u);
	m->shared = p[3] == 's';
	p += 5;
	if (!get_number(&p, 16, ' ', &m->pgoff) || !get_number(&p, 16, ':', &major) ||
	    !get_number(&p, 16, ' ', &minor))
		return -EBADMSG;
	ino = strtoull(p, &p, 10);
	m->dev = makedev((unsigned int)major, (unsigned int)minor);
	m->ino = (ino_t)ino;
	p += strspn(p, " ");
	strcpy(name, p); /* a line fits */
	m->name = name;
	return m->start < m->end ? 0 : -EBADMSG;
}

static uint32_t parse_flags(const char *p)
{
	uint32_t flags = 0;

	while (*(p += strspn(p, " ")) && p[1]) {
		for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
			if (p[0] == codes[i].code[0] && p[1] == codes[i].code[1])
				flags |= codes[i].flag;
		p += 2;
	}
	return flags;
}

static bool begins(const char *line, const char *word, const char **ret_rest)
{
	size_t n = strlen(word);

	if (strncmp(line, word, n))
		return false;
	*ret_rest = line + n;
	return true;
}

int smaps_next(struct smaps *s, struct smap *ret_map)
{
	struct smap m = { 0 };
	const char *rest;
	char *line;
	int r;

	r = next_line(s, &line);
	if (r <= 0)
		return r;
	r = parse_head(line, &m, s->name);
	if (r < 0)
		return r;

	while ((r = next_line(s, &line)) > 0) {
		/* The last two of a mapping are ProtectionKey, where there are any, and VmFlags (Linux 3.8). */
		if (begins(line, "VmFlags:", &rest)) {
			m.flags = parse_flags(rest);
			*ret_map = m;
			return 1;
		}
		if (begins(line, "Anonymous:", &rest) || begins(line, "Swap:", &rest))
			m.anon += strtoull(rest, NULL, 10) * 1024;
		else if (begins(line, "Shared_Clean:", &rest) || begins(line, "Shared_Dirty:", &rest))
			m.common += strtoull(rest, NULL, 10) * 1024;
		else if (begins(line, "KernelPageSize:", &rest))
			m.page_size = strtoull(rest, NULL, 10) * 1024;
		else if (begins(line, "ProtectionKey:", &rest))
			m.pkey = (uint32_t)strtoul(rest, NULL, 10);
	}
	return r < 0 ? r : -EBADMSG;
}
