// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The CPU in its image: 19 words of CPUID (12 in old images) and the layout of the xsave area. What
 * programs can see of the words is in cpu_bits_table.h.
 */
#include "arch/arch.h"

#include <cpuid.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "image_alloc.h"
#include "proto/core.pb-c.h"
#include "proto/cpuinfo.pb-c.h"
#include "xstate.h"

enum { WORDS = 19, WORDS_V1 = 12 };
enum reg { EAX, EBX, ECX, EDX };

/* The kernel's own, words 3, 7 and 8: of those an image has what follows from the kind of CPU. */
#define LINUX1_REP_GOOD (1u << 16)
#define LINUX1_NOPL	(1u << 20)
#define LINUX1_CPUID	(1u << 25)

static const struct {
	uint32_t leaf, subleaf; /* 0: none */
	enum reg reg;
} words[WORDS] = {
	{ 1, 0, EDX },	      { 0x80000001, 0, EDX }, { 0x80860001, 0, EDX }, { 0 },
	{ 1, 0, ECX },	      { 0xc0000001, 0, EDX }, { 0x80000001, 0, ECX }, { 0 },
	{ 0 },		      { 7, 0, EBX },	      { 0xd, 1, EAX },	      { 7, 0, ECX },
	{ 0xf, 1, EDX },      { 0x80000008, 0, EBX }, { 6, 0, EAX },	      { 0x8000000a, 0, EDX },
	{ 0xf, 0, EDX },      { 0x80000007, 0, EBX }, { 7, 0, EDX },
};

/* --- this CPU ------------------------------------------------------------------------------------ */

static uint32_t ask_word(size_t w)
{
	unsigned int r[4] = { 0 };

	if (!words[w].leaf)
		return 0;
	/* Ranges that this maker does not have answer with anything: the highest leaf of the range tells. */
	if ((uint32_t)__get_cpuid_max(words[w].leaf & 0xffff0000, NULL) < words[w].leaf)
		return 0;
	__cpuid_count(words[w].leaf, words[w].subleaf, r[EAX], r[EBX], r[ECX], r[EDX]);
	return r[words[w].reg];
}

static CpuinfoX86Entry__Vendor ask_vendor(void)
{
	unsigned int max, name[3];

	__cpuid(0, max, name[0], name[2], name[1]);
	if (!memcmp(name, "GenuineIntel", 12))
		return CPUINFO_X86_ENTRY__VENDOR__INTEL;
	return memcmp(name, "AuthenticAMD", 12) ? CPUINFO_X86_ENTRY__VENDOR__UNKNOWN : CPUINFO_X86_ENTRY__VENDOR__AMD;
}

static void ask_model(CpuinfoX86Entry *e)
{
	unsigned int sig, b, c, d;

	__cpuid(1, sig, b, c, d);
	e->cpu_family = sig >> 8 & 0xf;
	if (e->cpu_family == 0xf)
		e->cpu_family += sig >> 20 & 0xff;
	e->model = sig >> 4 & 0xf;
	if (e->cpu_family >= 6)
		e->model |= sig >> 12 & 0xf0;
	e->stepping = sig & 0xf;
}

static void ask_name(char ret_name[49])
{
	unsigned int *w = (unsigned int *)ret_name;

	memset(ret_name, 0, 49);
	if ((uint32_t)__get_cpuid_max(0x80000000, NULL) < 0x80000004)
		return;
	for (unsigned int i = 0; i < 3; i++, w += 4)
		__cpuid(0x80000002 + i, w[0], w[1], w[2], w[3]);
}

/* Sizes of the area: for what is enabled now, and for all that the CPU could enable. */
static void ask_xsave(CpuinfoX86Entry *e)
{
	const struct xstate_layout *l = xstate_layout();
	unsigned int a, now, all, d;

	if (!l || !__get_cpuid_count(0xd, 0, &a, &now, &all, &d))
		return;
	e->has_xfeatures_mask = e->has_xsave_size = e->has_xsave_size_max = true;
	/* SSE is left out, as CRIU 4.2 does: it would refuse a bit that it does not have itself. */
	e->xfeatures_mask = l->features & ~(1ull << XSTATE_SSE);
	e->xsave_size = now;
	e->xsave_size_max = all;
}

int arch_cpu_to_image(struct CpuinfoEntry *cpu, struct ProtobufCAllocator *alloc)
{
	CpuinfoX86Entry *e = new_message(alloc, CPUINFO_X86_ENTRY, CpuinfoX86Entry);
	char name[52] = "";
	bool rep_good;

	if (!e)
		return -ENOMEM;
	e->vendor_id = ask_vendor();
	if (e->vendor_id == CPUINFO_X86_ENTRY__VENDOR__UNKNOWN)
		return -EOPNOTSUPP;
	ask_model(e);
	ask_name(name);
	ask_xsave(e);
	e->capability_ver = 2;
	e->n_capability = WORDS;
	e->capability = get(alloc, WORDS * sizeof(uint32_t));
	e->model_id = get_copy(alloc, name, strlen(name) + 1);
	cpu->x86_entry = get_copy(alloc, &e, sizeof(e));
	if (!e->capability || !e->model_id || !cpu->x86_entry)
		return -ENOMEM;
	cpu->n_x86_entry = 1;

	for (size_t w = 0; w < WORDS; w++)
		e->capability[w] = ask_word(w);
	rep_good = e->vendor_id == CPUINFO_X86_ENTRY__VENDOR__AMD ? e->cpu_family >= 0x10 : e->cpu_family == 6;
	e->capability[3] = LINUX1_NOPL | LINUX1_CPUID | (rep_good ? LINUX1_REP_GOOD : 0);
	return 0;
}

/* --- two of them --------------------------------------------------------------------------------- */

struct compare {
	const CpuinfoX86Entry *image, *host;
	arch_cpu_tell *tell;
	void *arg;
	int lost;
};

__attribute__((format(printf, 3, 4)))
static void say(struct compare *c, bool counts, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	c->lost += counts;
	c->tell(c->arg, counts, text);
}

/* Words that the image does not have are not compared. */
static bool lacks(const struct compare *c, size_t w, unsigned int bit)
{
	return w < c->image->n_capability && c->image->capability[w] >> bit & 1 &&
	       !(w < c->host->n_capability && c->host->capability[w] >> bit & 1);
}

static void compare_instructions(struct compare *c)
{
	enum { HINT, INS };
	static const struct {
		uint8_t word, bit, kind;
		const char *name;
	} bits[] = {
#define CPU_BIT(w, b, n, k) { w, b, k, n },
#include "cpu_bits_table.h"
#undef CPU_BIT
	};

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (lacks(c, bits[i].word, bits[i].bit))
			say(c, bits[i].kind == INS, "%s%s", bits[i].name, bits[i].kind == INS ? "" : ", a mere speed-up");
}

static void compare_fpu(struct compare *c)
{
	static const struct {
		uint8_t word, bit;
		const char *name;
	} bits[] = { { 0, 0, "fpu" }, { 0, 24, "fxsr" }, { 4, 27, "osxsave" }, { 10, 3, "xsaves" } };
	const CpuinfoX86Entry *a = c->image, *b = c->host;
	uint64_t more;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (lacks(c, bits[i].word, bits[i].bit))
			say(c, true, "%s", bits[i].name);

	if (!a->has_xfeatures_mask)
		return;
	more = a->xfeatures_mask & ~(b->has_xfeatures_mask ? b->xfeatures_mask : 0) & ~(1ull << XSTATE_SSE);
	if (more)
		say(c, true, "xsave components %#" PRIx64, more);
	if (a->has_xsave_size && (!b->has_xsave_size || a->xsave_size != b->xsave_size))
		say(c, true, "an xsave area of %u bytes; it is %u", a->xsave_size, b->xsave_size);
	if (a->has_xsave_size_max && (!b->has_xsave_size_max || a->xsave_size_max != b->xsave_size_max))
		say(c, true, "an xsave area of %u bytes with all enabled; it is %u", a->xsave_size_max, b->xsave_size_max);
}

static void compare_words(struct compare *c)
{
	for (size_t w = 0; w < c->image->n_capability && w < c->host->n_capability; w++)
		if (c->image->capability[w] != c->host->capability[w])
			say(c, true, "the same CPUID word %zu: %#x, it is %#x", w, c->image->capability[w],
			    c->host->capability[w]);
}

static const CpuinfoX86Entry *find_entry(const struct CpuinfoEntry *cpu, const char **ret_why)
{
	const CpuinfoX86Entry *e = cpu->n_x86_entry == 1 ? cpu->x86_entry[0] : NULL;

	*ret_why = NULL;
	if (!e)
		*ret_why = "an entry of one x86 CPU";
	else if (e->vendor_id != CPUINFO_X86_ENTRY__VENDOR__INTEL && e->vendor_id != CPUINFO_X86_ENTRY__VENDOR__AMD)
		*ret_why = "a maker that the format knows";
	else if (e->capability_ver != 1 && e->capability_ver != 2)
		*ret_why = "words of version 1 or 2";
	else if (e->n_capability != (e->capability_ver == 1 ? WORDS_V1 : WORDS))
		*ret_why = "as many words as its version says";
	return e;
}

int arch_cpu_compare(const struct CpuinfoEntry *image, const struct CpuinfoEntry *host, unsigned int needs,
		     arch_cpu_tell *tell, void *arg)
{
	struct compare c = { .tell = tell, .arg = arg };
	const char *why;

	c.image = find_entry(image, &why);
	if (!why)
		c.host = find_entry(host, &why);
	if (why) {
		tell(arg, true, why);
		return -EINVAL;
	}
	if (needs & ARCH_CPU_FPU)
		compare_fpu(&c);
	if (needs & ARCH_CPU_INS)
		compare_instructions(&c);
	if (needs & ARCH_CPU_ALL)
		compare_words(&c);
	return c.lost;
}

uint64_t arch_image_xfeatures(const struct CoreEntry *core)
{
	const UserX86FpregsEntry *fp = core->thread_info ? core->thread_info->fpregs : NULL;

	return fp && fp->xsave ? fp->xsave->xstate_bv : 0;
}
