// SPDX-License-Identifier: LGPL-2.1-only
/* What arch promises, on live threads: image and back, damaged images, vdso, signal frame. */
#include "compel/test/tests.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "arch/arch.h"
#include "arch/sys.h"
#include "base/own.h"
#include "compel/compel.h"
#include "proto/core.pb-c.h"

static CoreEntry *to_image(const struct arch_thread *t)
{
	CoreEntry *core = malloc(sizeof(*core));

	ok(core);
	core_entry__init(core);
	ok(arch_thread_to_image(t, core, NULL) == 0);
	return core;
}

/* Through bytes, as an image file does. */
static CoreEntry *through_bytes(CoreEntry *core)
{
	size_t n = core_entry__get_packed_size(core);
	autofree uint8_t *buf = malloc(n);
	CoreEntry *back;

	ok(core_entry__pack(core, buf) == n);
	back = core_entry__unpack(NULL, n, buf);
	ok(back);
	return back;
}

int test_thread_image(void)
{
	struct subject s = start("spin", NULL);

	for (int i = 0; i < 50; i++) {
		struct arch_thread t = { .clear_tid_addr = 4711 }, u;
		struct victim *v;

		ok(seize(s.pid, &v) == 0);
		for (size_t k = 0; k < v->nr_threads; k++) {
			pid_t tid = v->threads[k].tid;
			CoreEntry *core, *back;
			const char *why;

			ok(arch_thread_get(tid, &t) == 0);
			ok(!arch_fpu_not_in_image(t.fpu));
			core = to_image(&t);
			back = through_bytes(core);
			ok(arch_thread_from_image(back, &u, &why) == 0);
			ok(u.clear_tid_addr == 4711 && arch_image_clear_tid(back) == 4711);
			ok(arch_regs_sp(&u.regs) == arch_regs_sp(&t.regs));
			ok(u.fpu->size == t.fpu->size);
			/* The FPU goes the whole way round; the registers stay, for restarts. */
			u.regs = t.regs;
			ok(arch_thread_set(tid, &u) == 0);
			arch_thread_free(&t);
			arch_thread_free(&u);
			ok(arch_thread_get(tid, &u) == 0);
			arch_thread_free(&u);
			core_entry__free_unpacked(core, NULL);
			core_entry__free_unpacked(back, NULL);
		}
		ok(victim_release(v, VICTIM_RUN) == 0);
		ok_lives(&s);
	}
	for (int i = 0; i < 6; i++)
		ok_beats(&s, i);
	finish(&s);
	return 0;
}

/* Whatever an image says, ptrace takes what from_image() lets through, or nothing gets through. */
int test_hostile_image(void)
{
	struct subject s = start("signals", NULL);
	struct arch_thread t = { 0 }, u;
	int accepted = 0, refused = 0;
	struct victim *v;
	CoreEntry *core;
	size_t n;

	ok(seize(s.pid, &v) == 0);
	ok(arch_thread_get(s.pid, &t) == 0);
	core = to_image(&t);
	n = core_entry__get_packed_size(core);

	for (int i = 0; i < 20000; i++) {
		autofree uint8_t *buf = malloc(n);
		CoreEntry *bad;

		core_entry__pack(core, buf);
		for (int k = 0; k <= i % 3; k++)
			buf[(size_t)random() % n] = (uint8_t)random();
		bad = core_entry__unpack(NULL, n, buf);
		if (!bad)
			continue;
		if (arch_thread_from_image(bad, &u, NULL) == 0) {
			accepted++;
			ok(arch_fpu_set(s.pid, u.fpu) == 0);
			ok(arch_regs_set(s.pid, &u.regs) == 0);
			arch_thread_free(&u);
		} else {
			refused++;
		}
		core_entry__free_unpacked(bad, NULL);
	}
	ok(accepted > 0 && refused > 0);

	ok(arch_thread_set(s.pid, &t) == 0);
	ok(victim_release(v, VICTIM_RUN) == 0);
	ok_beats(&s, 0);
	finish(&s);
	return 0;
}

int test_vdso(void)
{
	uint64_t base = getauxval(AT_SYSINFO_EHDR), offsets[ARCH_VDSO_MAX];
	size_t size = 2 * arch_page_size();
	autofree uint8_t *image = NULL;
	int found = 0;

	if (!base) {
		printf("# no vdso here\n");
		return SKIP;
	}
	ok(arch_vdso_parse((void *)base, size, offsets) == 0);
	for (int i = 0; arch_vdso_symbols[i]; i++)
		found += offsets[i] != 0;
	ok(found >= 3);

	/* Cut anywhere, changed anywhere: an answer within the image or an error. */
	for (int i = 0; i < 20000; i++) {
		size_t n = i % 2 ? size : (size_t)random() % size;

		free(image);
		image = malloc(n + 1);
		memcpy(image, (void *)base, n);
		for (int k = 0; n && k < i % 4; k++)
			image[(size_t)random() % (k ? n : n < 2048 ? n : 2048)] = (uint8_t)random();
		if (arch_vdso_parse(image, n, offsets) == 0)
			for (int k = 0; arch_vdso_symbols[k]; k++)
				ok(offsets[k] < n);
	}
	return 0;
}

static long answer(void)
{
	_exit(42);
}

int test_vdso_jump(void)
{
	uint8_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid;

	ok(page != MAP_FAILED);
	ok(arch_vdso_jump(page, (uint64_t)page, (uint64_t)answer, false) <= ARCH_VDSO_JUMP_SIZE);
	pid = fork();
	if (pid == 0) {
		((void (*)(void))page)();
		_exit(1);
	}
	ok(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 42);
	return 0;
}

/* A child is sent, by rt_sigreturn, into the registers and vectors of another's thread. */
int test_sigframe(void)
{
	struct subject s = start("signals", NULL);

	for (int i = 0; i < 50; i++) {
		struct victim *v;
		struct arch_fpu *fpu;
		const uint64_t anon[6] = { 0, 65536, PROT_READ | PROT_WRITE | PROT_EXEC,
					   MAP_PRIVATE | MAP_ANONYMOUS, (uint64_t)-1, 0 };
		autofree uint8_t *buf = NULL;
		struct arch_regs regs;
		uint64_t sp;
		long addr;

		ok(seize(s.pid, &v) == 0);
		ok(victim_syscall(v, NULL, __NR_mmap, anon, &addr) == 0 && addr > 0);
		ok(victim_cure(v) == 0);
		ok(arch_fpu_get(s.pid, &fpu) == 0);
		buf = calloc(1, arch_sigframe_size(fpu));
		ok(arch_sigframe_build(buf, (uint64_t)addr + 4096, &v->threads[0].regs, fpu, 1u << 9, &sp) == 0);
		ok(victim_write(v, (uint64_t)addr + 4096, buf, arch_sigframe_size(fpu)) == 0);
		free(fpu);

		/* syscall at the start of the mapping; all state gone before it. */
		ok(victim_write(v, (uint64_t)addr, "\x0f\x05\x0f\x0b", 4) == 0);
		memset(&regs, 0x5a, sizeof(regs));
		regs = v->threads[0].regs;
		arch_regs_aim(&regs, (uint64_t)addr, __NR_rt_sigreturn, (uint64_t[6]){ 0 });
		arch_regs_set_sp(&regs, sp);
		regs.bx = regs.bp = regs.r12 = regs.r13 = regs.r14 = regs.r15 = regs.cx = 0;
		ok(arch_fpu_get(s.pid, &fpu) == 0);
		memset(fpu->data + 32, 0x77, 256 + 128);
		ok(arch_fpu_set(s.pid, fpu) == 0);
		free(fpu);
		ok(arch_regs_set(s.pid, &regs) == 0);
		ok(victim_release(v, VICTIM_RUN) == 0);
		ok_beats(&s, 0);
	}

	finish(&s);
	return 0;
}
