/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/start.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/front/version.h"

/* A file of ours must never get the number on which others print: images would hold log lines. */
static int fill_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* The lowest free number is this one: all below are open. */
		if (open("/dev/null", O_RDWR) < 0)
			return err_path("/dev/null", -errno, "open it for descriptor %d", fd);
	}
	return 0;
}

static int open_directory(const char *path, int access)
{
	return neg_errno(open(path, O_DIRECTORY | O_CLOEXEC | access));
}

static int open_directories(struct options *o)
{
	/* A check of the host reads no images: that it can pass through "." is enough. */
	int access = o->command == CMD_CHECK && !o->check_images ? O_PATH : O_RDONLY;

	o->images_fd = open_directory(o->images_dir, access);
	if (o->images_fd < 0)
		return err_path(o->images_dir, o->images_fd, "open the images directory");

	o->work_fd = o->work_dir ? open_directory(o->work_dir, access) : o->images_fd;
	if (o->work_fd < 0)
		return err_path(o->work_dir, o->work_fd, "open the work directory");

	if (fchdir(o->work_fd) < 0)
		return err_path(o->work_dir ? o->work_dir : o->images_dir, -errno,
				"work in this directory");
	return 0;
}

static int open_log(const struct options *o)
{
	int fd = STDERR_FILENO;

	if (o->log_file && !strcmp(o->log_file, "-")) {
		fd = STDOUT_FILENO;
	} else if (o->log_file) {
		/* Appending: log lines of forked tasks share the file. It tells addresses: 0600. */
		fd = neg_errno(openat(o->work_fd, o->log_file,
				      O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
		if (fd < 0)
			return err_path(o->log_file, fd, "open the log");
	}
	log_init(fd, o->log_level);
	return 0;
}

/* A version 4 uuid: random but for version and variant. */
static int make_run_id(char *ret)
{
	uint8_t b[16];
	char *p = ret;

	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return err_any(-errno, "get random bytes");
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;

	for (int i = 0; i < 16; i++)
		p += sprintf(p, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
	return 0;
}

static void log_first_lines(const struct options *o)
{
	struct utsname u;

	pr_info("Run id = %s", o->run_id);
	pr_info("Version: %s, release %s, command %s", CRIU_VERSION, OUR_RELEASE,
		command_name(o->command));
	if (uname(&u) == 0)
		pr_info("Running on %s %s %s %s %s", u.nodename, u.sysname, u.release, u.version,
			u.machine);
}

int start_run(struct options *o)
{
	int r;

	r = make_run_id(o->run_id);
	if (r == 0)
		r = fill_standard_descriptors();
	if (r == 0)
		r = open_directories(o);
	if (r == 0)
		r = open_log(o);
	if (r == 0)
		log_first_lines(o);
	return r;
}
