// SPDX-License-Identifier: LGPL-2.1-only
/* x87, SSE, AVX, AVX-512, MPX, PKRU and AMX state: the xsave area between ptrace and us. */
#include "arch/arch.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "xstate.h"

#define FPU_FIRST_SIZE 4096
#define FPU_MAX_SIZE   (1u << 20)

/* @size bytes were enough, or -E2BIG: the kernel filled all of them. */
static int get_sized(pid_t tid, size_t size, struct arch_fpu **ret_fpu)
{
	struct arch_fpu *fpu = aligned_alloc(64, sizeof(*fpu) + size);
	struct iovec iov;
	int r;

	if (!fpu)
		return -ENOMEM;

	iov = (struct iovec){ fpu->data, size };
	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_X86_XSTATE, &iov) < 0)
		r = -errno;
	else if (iov.iov_len < XSTATE_MIN_SIZE)
		r = -EIO;
	else
		r = iov.iov_len == size ? -E2BIG : 0;
	if (r < 0) {
		free(fpu);
		return r;
	}

	fpu->size = iov.iov_len;
	*ret_fpu = fpu;
	return 0;
}

int arch_fpu_get(pid_t tid, struct arch_fpu **ret_fpu)
{
	int r = -E2BIG;

	for (size_t size = FPU_FIRST_SIZE; r == -E2BIG && size <= FPU_MAX_SIZE; size *= 4)
		r = get_sized(tid, size, ret_fpu);

	return r;
}

int arch_fpu_set(pid_t tid, const struct arch_fpu *fpu)
{
	struct iovec iov = { (void *)fpu->data, fpu->size };

	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_X86_XSTATE, &iov) < 0 ? -errno : 0;
}

/* A system call leaves all of it as it was. */
int arch_fpu_kept_get(pid_t tid, struct arch_fpu **ret_fpu)
{
	*ret_fpu = NULL;
	return 0;
}

const char *arch_fpu_not_in_image(const struct arch_fpu *fpu)
{
	uint64_t in_use;

	memcpy(&in_use, fpu->data + XSTATE_HEADER, sizeof(in_use));
	return in_use & (1ull << XSTATE_TILEDATA) ? "AMX tile data" : NULL;
}
