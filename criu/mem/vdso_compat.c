// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vdso that this kernel gives to 32-bit processes. A process that has one gets no other, so a child of ours gives up its own,
 * asks for the 32-bit one, and tells by shared memory where its parts lie and what is in it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/image/fault.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"

#include "compat.h" /* arch */

#define CODE_MAX (64u << 10)
/* Room for vvar and vdso in the child, where our own program never is. */
#define WISH 0x40000000ull

struct told {
	struct vdso_host host;
	uint8_t code[CODE_MAX];
};

/* From here on no libc function that asks for the time: its vdso is gone. */
static int ask_in_child(const struct vdso_host *native, struct told *told)
{
	struct vdso_host *h = &told->host;
	autofile FILE *maps = NULL;
	char line[8192];
	uint64_t size;
	int r;

	for (size_t i = 0; i < native->n; i++)
		if (munmap((void *)(uintptr_t)native->parts[i].start, native->parts[i].end - native->parts[i].start) < 0)
			return -errno;
	r = (int)arch_compat_map_vdso(WISH, 1);
	if (r < 0)
		return r;
	maps = fopen("/proc/self/maps", "re");
	if (!maps)
		return -errno;
	while (fgets(line, sizeof(line), maps)) {
		uint64_t start, end;
		char name[32] = "";

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %*s %*s %*s %31s", &start, &end, name) < 2)
			return -EBADMSG;
		r = vdso_note_part(h, start, end, name);
		if (r < 0)
			return r;
	}
	if (!h->n || !h->code)
		return -ENOENT;
	size = h->parts[h->n - 1].end - h->parts[h->n - 1].start;
	if (size > CODE_MAX)
		return -EFBIG;
	memcpy(told->code, h->code, size);
	return 0;
}

static int ask(const struct vdso_host *native, struct told *told)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(-ask_in_child(native, told));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EFAULT;
}

int vdso_look_compat(struct restore *rs)
{
	struct told *told;
	struct vdso_host *h;
	int r;

	if (rs->mem->compat_vdso)
		return 0;
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED)
		return err_any(-errno, "look at the 32-bit vdso of this kernel");
	r = fault_at(FAULT_RESTORE_COMPAT_VDSO);
	if (r == 0)
		r = ask(&rs->mem->vdso, told);
	h = arena_dup(rs->arena, &told->host, sizeof(told->host));
	if (r == 0 && h)
		h->code = arena_dup(rs->arena, told->code, sizeof(told->code));
	if (r == 0 && (!h || !h->code))
		r = -ENOMEM;
	(void)munmap(told, sizeof(*told));
	if (r < 0)
		return err_any(r, "look at the 32-bit vdso of this kernel");
	rs->mem->compat_vdso = h;
	return 0;
}
