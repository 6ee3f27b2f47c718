// SPDX-License-Identifier: GPL-2.0-only
/* Patterns, and readers of /proc, for tests. */
#include "zdtm.h"

#include <stdarg.h>

static unsigned char pattern_at(size_t i, uint32_t seed)
{
	uint32_t x = (uint32_t)i * 2654435761u ^ (seed + 1) * 2246822519u;

	return (unsigned char)(x >> 24 ^ x >> 11) | 1;	/* never 0: not to be taken for a hole */
}

void pattern(void *buf, size_t n, uint32_t seed)
{
	unsigned char *p = buf;

	for (size_t i = 0; i < n; i++)
		p[i] = pattern_at(i, seed);
}

bool is_pattern(const void *buf, size_t n, uint32_t seed)
{
	const unsigned char *p = buf;

	for (size_t i = 0; i < n; i++)
		if (p[i] != pattern_at(i, seed)) {
			note("pattern %u: byte %zu of %zu is %#x, not %#x", seed, i, n, p[i], pattern_at(i, seed));
			return false;
		}
	return true;
}

size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* Large enough for the smaps of an ordinary test; tests with thousands of mappings look elsewhere. */
static char proc_buf[1 << 20];

static const char *slurp(const char *path)
{
	static size_t used;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t r;

	/* So that what is behind the end is the same from call to call. */
	memset(proc_buf, 0, used);

	if (fd < 0)
		fail("cannot open %s: %s", path, strerror(errno));
	while ((r = read(fd, proc_buf + n, sizeof(proc_buf) - 1 - n)) > 0)
		n += r;
	if (r < 0)
		fail("cannot read %s: %s", path, strerror(errno));
	close(fd);
	proc_buf[n] = 0;
	used = n;
	return proc_buf;
}

const char *proc_read(const char *fmt, ...)
{
	char path[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	return slurp(path);
}

const char *proc_field(const char *key, const char *fmt, ...)
{
	static char value[4096];
	char path[256];
	size_t n = strlen(key);
	const char *p;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	for (p = slurp(path); p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL)
		if (!strncmp(p, key, n) && p[n] == ':') {
			p += n + 1;
			p += strspn(p, " \t");
			snprintf(value, sizeof(value), "%.*s", (int)strcspn(p, "\n"), p);
			return value;
		}
	fail("%s has no line %s:", path, key);
}

long long stat_field(pid_t tid, int nr)
{
	const char *p = proc_read("/proc/%d/stat", (int)tid);

	p = strrchr(p, ')') + 2;	/* field 3 */
	for (int i = 3; i < nr; i++)
		p = strchr(p, ' ') + 1;
	return strtoll(p, NULL, 10);
}

/* The part of smaps that speaks of @addr, or NULL. */
static const char *smaps_of(const void *addr)
{
	const char *p = slurp("/proc/self/smaps");
	unsigned long a = (unsigned long)(uintptr_t)addr;

	while (p && *p) {
		unsigned long start, end;
		char dash;

		if (sscanf(p, "%lx%c%lx", &start, &dash, &end) == 3 && dash == '-' && a >= start && a < end)
			return p;
		p = strchr(p, '\n');
		if (p)
			p++;
	}
	return NULL;
}

static const char *smaps_line(const void *addr, const char *key)
{
	const char *p = smaps_of(addr);
	size_t n = strlen(key);

	while (p && (p = strchr(p, '\n'))) {
		p++;
		if (!strncmp(p, key, n) && p[n] == ':')
			return p + n + 1;
		if (!strncmp(p, "VmFlags:", 8))
			return NULL;
	}
	return NULL;
}

long smaps_kb(const void *addr, const char *key)
{
	const char *p = smaps_line(addr, key);

	return p ? strtol(p, NULL, 10) : -1;
}

bool smaps_flag(const void *addr, const char *flag)
{
	const char *p = smaps_line(addr, "VmFlags");

	for (; p && *p && *p != '\n'; p++)
		if (*p == ' ' && p[1] == flag[0] && p[2] == flag[1])
			return true;
	return false;
}

const char *link_of(const char *fmt, ...)
{
	static char target[4096];
	char path[256];
	va_list ap;
	ssize_t n;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		fail("cannot read the link %s: %s", path, strerror(errno));
	target[n] = 0;
	return target;
}

uint64_t pagemap_of(const void *addr)
{
	int fd = ok_fd(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
	uint64_t bits;

	ok_eq(pread(fd, &bits, sizeof(bits), (off_t)((uintptr_t)addr / page_size() * sizeof(bits))),
	      sizeof(bits));
	close(fd);
	return bits;
}

double now(clockid_t clock)
{
	struct timespec t;

	ok_sys(clock_gettime(clock, &t));
	return t.tv_sec + t.tv_nsec / 1e9;
}
