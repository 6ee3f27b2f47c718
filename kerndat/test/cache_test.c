/* SPDX-License-Identifier: LGPL-2.1-only */
/* The cache file: kept, shared, and never trusted. */
#include "kerndat/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kerndat/test/test.h"

static const struct kd_key build = { 1, 2 };

static struct kd_entry one_entry(void)
{
	return (struct kd_entry){ .key = { 3, 4 }, .row = KD_KCMP, .state = KD_YES, .why = "so" };
}

static void format_one(const struct kd_entry *e, void **data, size_t *size)
{
	ok(kd_cache_format(e, 1, &build, data, size) == 0);
}

static int parse(const void *data, size_t size)
{
	struct kd_entry *entries = NULL;
	size_t count;
	int r = kd_cache_parse(data, size, &build, &entries, &count);

	free(entries);
	return r < 0 ? r : (int)count;
}

/* --- the bytes -------------------------------------------------------------------------------------- */

static void goes_round(void)
{
	struct kd_entry e = one_entry(), *back;
	size_t size, count;
	void *data;

	format_one(&e, &data, &size);
	ok(kd_cache_parse(data, size, &build, &back, &count) == 0);
	ok(count == 1 && !memcmp(back, &e, sizeof(e)));
}

static void truncated(void)
{
	struct kd_entry e = one_entry();
	size_t size;
	void *data;

	format_one(&e, &data, &size);
	for (size_t n = 0; n < size; n++)
		ok(parse(data, n) == -EINVAL, "%zu of %zu bytes", n, size);
}

static void every_flipped_bit(void)
{
	struct kd_entry e = one_entry();
	size_t size;
	void *data;

	format_one(&e, &data, &size);
	for (size_t bit = 0; bit < size * 8; bit++) {
		((unsigned char *)data)[bit / 8] ^= 1 << bit % 8;
		ok(parse(data, size) < 0, "bit %zu of byte %zu", bit % 8, bit / 8);
		((unsigned char *)data)[bit / 8] ^= 1 << bit % 8;
	}
	ok(parse(data, size) == 1);
}

static void other_build(void)
{
	struct kd_key other = { 1, 3 };
	struct kd_entry e = one_entry();
	size_t size;
	void *data;

	ok(kd_cache_format(&e, 1, &other, &data, &size) == 0);
	ok(parse(data, size) == -EINVAL);
}

/* The checksum is right, what it covers is not. */
static void insane_entries(void)
{
	struct kd_entry bad[8];
	size_t size;
	void *data;

	for (size_t i = 0; i < 8; i++)
		bad[i] = one_entry();
	bad[0].row = KD_NO_ROW;
	bad[1].row = KD_ROWS_END;
	bad[2].row = 0xffffffff;
	bad[3].state = KD_CANNOT_TELL;
	bad[4].state = 200;
	bad[5].err = -1;
	memset(bad[6].why, 'x', sizeof(bad[6].why));
	bad[7].row = KD_PID_MAX; /* never kept */
	for (size_t i = 0; i < 8; i++) {
		format_one(&bad[i], &data, &size);
		ok(parse(data, size) == -EINVAL, "entry %zu", i);
	}
}

/* --- the file ---------------------------------------------------------------------------------------- */

static void write_file(const char *path, mode_t mode)
{
	struct kd_entry e = one_entry();
	size_t size;
	void *data;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	format_one(&e, &data, &size);
	ok(fd >= 0 && write(fd, data, size) == (ssize_t)size && fchmod(fd, mode) == 0);
	close(fd);
}

static int read_file(const char *path)
{
	void *data;
	size_t size;
	int r = kd_cache_read(AT_FDCWD, path, &data, &size);

	return r < 0 ? r : parse(data, size);
}

static void work_dir(void)
{
	char dir[] = "/tmp/kerndat-test.XXXXXX";

	ok(mkdtemp(dir) && chdir(dir) == 0);
}

static void hostile_files(void)
{
	work_dir();
	write_file("good", 0600);
	ok(read_file("good") == 1);
	ok(read_file("absent") == -ENOENT);
	ok(symlink("good", "link") == 0 && read_file("link") == -ELOOP);
	ok(mkdir("dir", 0700) == 0 && read_file("dir") < 0);
	ok(mkfifo("fifo", 0600) == 0 && read_file("fifo") < 0); /* and does not hang */
	write_file("open", 0666);
	ok(read_file("open") == -EPERM);
	ok(read_file("/dev/zero") < 0);
	write_file("huge", 0600);
	ok(truncate("huge", 1ll << 40) == 0 && read_file("huge") == -EINVAL);
	write_file("empty", 0600);
	ok(truncate("empty", 0) == 0 && read_file("empty") == -EINVAL);
	if (geteuid() == 0) {
		write_file("foreign", 0600);
		ok(chown("foreign", 12345, 0) == 0 && read_file("foreign") == -EPERM);
	}
	ok(system("rm -rf \"$PWD\"") == 0);
}

/* A reader sees one whole file or another, whoever writes. */
static void two_writers(void)
{
	struct kd_entry e = one_entry();
	int dir, status;
	size_t size;
	void *data;
	pid_t pids[2];

	work_dir();
	dir = open(".", O_RDONLY | O_DIRECTORY);
	format_one(&e, &data, &size);
	ok(kd_cache_replace(dir, "cache", data, size) == 0);
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			for (int n = 0; n < 300; n++)
				if (kd_cache_replace(dir, "cache", data, size) < 0)
					_exit(1);
			_exit(0);
		}
	}
	for (int n = 0; n < 300; n++)
		ok(read_file("cache") == 1);
	for (int i = 0; i < 2; i++)
		ok(waitpid(pids[i], &status, 0) == pids[i] && status == 0);
	ok(system("test \"$(ls -A)\" = cache && rm -rf \"$PWD\"") == 0, "nothing but the file stays");
}

/* --- from end to end ---------------------------------------------------------------------------------- */

static bool cached(enum kd_row row)
{
	struct kerndat *kd;
	bool r;

	ok(kerndat_open(&kd) == 0);
	kerndat_ask(kd, row);
	r = kerndat_was_cached(kd, row);
	kerndat_close(kd);
	return r;
}

/* Fresh places for the file; the second is used where the first is no tmpfs. */
static void fresh_places(void)
{
	private_tmpfs("/run");
	private_tmpfs("/dev/shm");
	setenv("XDG_RUNTIME_DIR", "/run", 1);
}

static void kept_and_found(void)
{
	fresh_places();
	ok(!cached(KD_KCMP));
	ok(cached(KD_KCMP));
	ok(!cached(KD_MAP_FILES));
	ok(cached(KD_MAP_FILES) && cached(KD_KCMP), "what others learned stays");
	ok(!cached(KD_PID_MAX) && !cached(KD_PID_MAX), "live rows are never kept");
}

static void not_without_the_privilege(void)
{
	fresh_places();
	ok(!cached(KD_MAP_FILES) && !cached(KD_KCMP));
	ok(cached(KD_MAP_FILES) && cached(KD_KCMP));
	ok(cap_set_proc(cap_init()) == 0);
	ok(!cached(KD_MAP_FILES), "another capability set is another caller");
	ok(cached(KD_KCMP), "the kernel is the same");
}

static void not_under_a_mask(void)
{
	struct kerndat *kd;

	fresh_places();
	setenv("KERNDAT_MASK", "pidfd_open=no", 1);
	ok(kerndat_open(&kd) == 0);
	ok(!kerndat_has(kd, KD_PIDFD_STORE), "made of what is masked");
	kerndat_close(kd);
	unsetenv("KERNDAT_MASK");
	ok(!cached(KD_PIDFD_STORE));
}

static void damaged_file_is_rebuilt(void)
{
	fresh_places();
	ok(!cached(KD_KCMP) && cached(KD_KCMP));
	ok(truncate("/run/criu.kerndat", 60) == 0);
	ok(!cached(KD_KCMP) && cached(KD_KCMP));
}

static void read_only_places(void)
{
	fresh_places();
	ok(system("mount -o remount,ro /run && mount -o remount,ro /dev/shm") == 0);
	ok(!cached(KD_KCMP) && !cached(KD_KCMP));
}

const struct test cache_tests[] = {
	{ "cache_goes_round", goes_round },
	{ "cache_truncated", truncated },
	{ "cache_every_flipped_bit", every_flipped_bit },
	{ "cache_other_build", other_build },
	{ "cache_insane_entries", insane_entries },
	{ "cache_hostile_files", hostile_files },
	{ "cache_two_writers", two_writers },
	{ "cache_kept_and_found", kept_and_found },
	{ "cache_not_without_the_privilege", not_without_the_privilege },
	{ "cache_not_under_a_mask", not_under_a_mask },
	{ "cache_damaged_file_is_rebuilt", damaged_file_is_rebuilt },
	{ "cache_read_only_places", read_only_places },
	{ 0 },
};
