// SPDX-License-Identifier: LGPL-2.1-only
/*
 * FPSIMD and SVE registers between ptrace and us. SVE is live from its first use until the thread's next system call, which
 * leaves it the 128 bits that FPSIMD has; the vector length stays with the thread.
 */
#include "fpu.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

/* Newer than the headers of Debian 12. */
#define REGSET_SVE  0x405
#define REGSET_SSVE 0x40b
#define REGSET_ZA   0x40c

#ifndef PR_SVE_GET_VL
#define PR_SVE_GET_VL 51
#endif

struct arch_fpu *fpu_new(size_t sve_size)
{
	size_t size = sizeof(struct fpu_state) + sve_size;
	size_t all = (sizeof(struct arch_fpu) + size + 63) & ~63ul;
	struct arch_fpu *fpu = aligned_alloc(64, all);

	if (!fpu)
		return NULL;
	memset(fpu, 0, all);
	fpu->size = size;
	((struct fpu_state *)fpu->data)->sve_size = (uint32_t)sve_size;
	return fpu;
}

unsigned int fpu_default_vl(void)
{
	int r = prctl(PR_SVE_GET_VL, 0, 0, 0, 0);

	return r < 0 ? 0 : (unsigned int)r & 0xffff;
}

/* What of a regset with such a header there is: its size, 0 for none. */
static int header_get(pid_t tid, long regset, struct sve_header *ret)
{
	struct iovec iov = { ret, sizeof(*ret) };

	*ret = (struct sve_header){ 0 };
	/* EINVAL: the kernel does not know it, or the CPU has none of it. */
	if (ptrace(PTRACE_GETREGSET, tid, (void *)regset, &iov) < 0)
		return errno == EINVAL || errno == ENODEV ? 0 : -errno;
	return iov.iov_len == sizeof(*ret) ? (int)ret->size : 0;
}

static int sme_get(pid_t tid, uint32_t *ret_sme)
{
	struct sve_header h;
	int r = header_get(tid, REGSET_SSVE, &h);

	if (r > 0 && (h.flags & SVE_LIVE))
		*ret_sme |= SME_STREAMING;
	if (r >= 0)
		r = header_get(tid, REGSET_ZA, &h);
	if (r > (int)sizeof(h))
		*ret_sme |= SME_ZA;
	return r < 0 ? r : 0;
}

static int get(pid_t tid, bool only_live, struct arch_fpu **ret_fpu)
{
	struct sve_header h;
	struct arch_fpu *fpu;
	struct fpu_state *s;
	struct iovec iov;
	int r = header_get(tid, REGSET_SVE, &h);

	if (r < 0)
		return r;
	if (only_live && !(h.flags & SVE_LIVE)) {
		*ret_fpu = NULL;
		return 0;
	}
	if (r > 0)
		r = h.flags & SVE_LIVE ? (int)sve_regset_size(h.vl) : (int)sizeof(h);
	fpu = fpu_new((size_t)r);
	if (!fpu)
		return -ENOMEM;
	s = (struct fpu_state *)fpu->data;

	iov = (struct iovec){ &s->fpsimd, sizeof(s->fpsimd) };
	r = ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRFPREG, &iov) < 0 ? -errno : 0;
	iov = (struct iovec){ s->sve, s->sve_size };
	if (r == 0 && s->sve_size && ptrace(PTRACE_GETREGSET, tid, (void *)REGSET_SVE, &iov) < 0)
		r = -errno;
	if (r == 0 && (iov.iov_len != s->sve_size))
		r = -EIO;
	if (r == 0)
		r = sme_get(tid, &s->sme);
	if (r < 0) {
		free(fpu);
		return r;
	}

	*ret_fpu = fpu;
	return 0;
}

int arch_fpu_get(pid_t tid, struct arch_fpu **ret_fpu)
{
	return get(tid, false, ret_fpu);
}

int arch_fpu_kept_get(pid_t tid, struct arch_fpu **ret_fpu)
{
	return get(tid, true, ret_fpu);
}

/* Another vector length than the thread has: set with it go the registers of FPSIMD, in their place in this regset. */
static int vl_set(pid_t tid, const struct fpu_state *s)
{
	struct {
		struct sve_header h;
		struct fpsimd fp;
	} all = { .fp = s->fpsimd };
	struct iovec iov = { &all, sizeof(all) };
	struct sve_header now;

	memcpy(&all.h, s->sve, sizeof(all.h));
	all.h.size = sizeof(all);
	if (header_get(tid, REGSET_SVE, &now) > 0 && now.vl == all.h.vl &&
	    !((now.flags ^ all.h.flags) & SVE_VL_INHERIT) && !(now.flags & SVE_LIVE))
		return 0;
	return ptrace(PTRACE_SETREGSET, tid, (void *)REGSET_SVE, &iov) < 0 ? -errno : 0;
}

int arch_fpu_set(pid_t tid, const struct arch_fpu *fpu)
{
	const struct fpu_state *s = fpu_state(fpu);
	struct iovec iov = { (void *)s->sve, s->sve_size };
	int r;

	if (fpu_sve_is_live(fpu))
		return ptrace(PTRACE_SETREGSET, tid, (void *)REGSET_SVE, &iov) < 0 ? -errno : 0;

	r = s->sve_size ? vl_set(tid, s) : 0;
	iov = (struct iovec){ (void *)&s->fpsimd, sizeof(s->fpsimd) };
	if (r == 0 && ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRFPREG, &iov) < 0)
		r = -errno;
	return r;
}

const char *arch_fpu_not_in_image(const struct arch_fpu *fpu)
{
	if (fpu_state(fpu)->sme & SME_STREAMING)
		return "SME streaming mode";
	return fpu_state(fpu)->sme & SME_ZA ? "the SME ZA array" : NULL;
}
