// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Functions of a vdso image, 32 or 64 bits. The image may come from a file that lies: every offset is
 * checked against its size. vdsos have one PT_LOAD, so an address minus its base is an offset.
 */
#include "arch/arch.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

struct elf {
	const uint8_t *base;
	size_t size;
	bool is64;
};

/* What we need of the headers, in one size. */
struct segment {
	uint32_t type;
	uint64_t offset, vaddr, filesz;
};

struct tables {
	uint64_t bias;			/* address of offset 0 */
	uint64_t symtab, strtab, hash, gnu_hash;
	uint64_t strsz;
};

static bool fits(const struct elf *e, uint64_t off, uint64_t n)
{
	return off <= e->size && n <= e->size - off;
}

static bool copy(const struct elf *e, uint64_t off, void *out, size_t n)
{
	if (!fits(e, off, n))
		return false;

	memcpy(out, e->base + off, n);
	return true;
}

static int header(struct elf *e, uint64_t *ret_phoff, unsigned int *ret_phnum)
{
	union {
		Elf32_Ehdr h32;
		Elf64_Ehdr h64;
	} h;

	if (!copy(e, 0, &h, sizeof(h.h32)) || memcmp(h.h32.e_ident, ELFMAG, SELFMAG))
		return -EINVAL;

	e->is64 = h.h32.e_ident[EI_CLASS] == ELFCLASS64;
	if (!e->is64 && h.h32.e_ident[EI_CLASS] != ELFCLASS32)
		return -EINVAL;
	if (e->is64 && !copy(e, 0, &h, sizeof(h.h64)))
		return -EINVAL;

	/* Machine is at the same place in both. */
	if (h.h32.e_machine != (e->is64 ? ARCH_ELF_MACHINE : ARCH_ELF_MACHINE_COMPAT))
		return -EINVAL;

	*ret_phoff = e->is64 ? h.h64.e_phoff : h.h32.e_phoff;
	*ret_phnum = e->is64 ? h.h64.e_phnum : h.h32.e_phnum;
	return 0;
}

static bool segment(const struct elf *e, uint64_t phoff, unsigned int i, struct segment *s)
{
	Elf64_Phdr p64;
	Elf32_Phdr p32;

	if (e->is64) {
		if (!copy(e, phoff + i * sizeof(p64), &p64, sizeof(p64)))
			return false;
		*s = (struct segment){ p64.p_type, p64.p_offset, p64.p_vaddr, p64.p_filesz };
		return true;
	}

	if (!copy(e, phoff + i * sizeof(p32), &p32, sizeof(p32)))
		return false;
	*s = (struct segment){ p32.p_type, p32.p_offset, p32.p_vaddr, p32.p_filesz };
	return true;
}

static int dynamic(const struct elf *e, const struct segment *dyn, struct tables *t)
{
	size_t entry = e->is64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);

	for (uint64_t off = 0; off + entry <= dyn->filesz; off += entry) {
		Elf64_Dyn d64;
		Elf32_Dyn d32;
		int64_t tag;
		uint64_t value;

		if (e->is64 ? !copy(e, dyn->offset + off, &d64, sizeof(d64)) :
			      !copy(e, dyn->offset + off, &d32, sizeof(d32)))
			return -EINVAL;
		tag = e->is64 ? d64.d_tag : d32.d_tag;
		value = e->is64 ? d64.d_un.d_val : d32.d_un.d_val;

		switch (tag) {
		case DT_NULL:
			return 0;
		case DT_SYMTAB:
			t->symtab = value - t->bias;
			break;
		case DT_STRTAB:
			t->strtab = value - t->bias;
			break;
		case DT_HASH:
			t->hash = value - t->bias;
			break;
		case DT_GNU_HASH:
			t->gnu_hash = value - t->bias;
			break;
		case DT_STRSZ:
			t->strsz = value;
			break;
		}
	}

	return 0;
}

/* The symbol table has no length of its own: the hash tables know it. */
static int count_symbols(const struct elf *e, const struct tables *t, uint32_t *ret_n)
{
	struct {
		uint32_t nbuckets, symoffset, bloom_size, bloom_shift;
	} gnu;
	uint32_t word, max = 0;
	uint64_t at;

	if (t->hash) {
		/* nbucket, nchain; s390 and alpha have 64-bit words there, which we do not meet in vdsos. */
		return copy(e, t->hash + 4, ret_n, sizeof(*ret_n)) ? 0 : -EINVAL;
	}

	if (!t->gnu_hash || !copy(e, t->gnu_hash, &gnu, sizeof(gnu)))
		return -EINVAL;

	at = t->gnu_hash + sizeof(gnu) + (uint64_t)gnu.bloom_size * (e->is64 ? 8 : 4);
	for (uint32_t i = 0; i < gnu.nbuckets; i++) {
		if (!copy(e, at + (uint64_t)i * 4, &word, sizeof(word)))
			return -EINVAL;
		if (word > max)
			max = word;
	}
	if (max < gnu.symoffset) {
		*ret_n = gnu.symoffset;
		return 0;
	}

	/* The last chain ends at the first odd value. */
	at += (uint64_t)gnu.nbuckets * 4;
	do {
		if (!copy(e, at + (uint64_t)(max - gnu.symoffset) * 4, &word, sizeof(word)))
			return -EINVAL;
		max++;
	} while (!(word & 1));

	*ret_n = max;
	return 0;
}

static int symbol(const struct elf *e, const struct tables *t, uint32_t i, const char **ret_name,
		  uint64_t *ret_value)
{
	Elf64_Sym s64;
	Elf32_Sym s32;
	uint32_t name, shndx;

	if (e->is64 ? !copy(e, t->symtab + (uint64_t)i * sizeof(s64), &s64, sizeof(s64)) :
		      !copy(e, t->symtab + (uint64_t)i * sizeof(s32), &s32, sizeof(s32)))
		return -EINVAL;

	name = e->is64 ? s64.st_name : s32.st_name;
	shndx = e->is64 ? s64.st_shndx : s32.st_shndx;
	*ret_value = (e->is64 ? s64.st_value : s32.st_value) - t->bias;
	if (name >= t->strsz || shndx == SHN_UNDEF)
		return -ENOENT;

	*ret_name = (const char *)e->base + t->strtab + name;
	if (!memchr(*ret_name, 0, t->strsz - name))
		return -EINVAL;

	return 0;
}

static int read_symbols(const struct elf *e, const struct tables *t, uint64_t ret_offsets[ARCH_VDSO_MAX])
{
	uint32_t n;

	if (count_symbols(e, t, &n) < 0)
		return -EINVAL;

	for (uint32_t i = 0; i < n; i++) {
		const char *name;
		uint64_t value;
		int r = symbol(e, t, i, &name, &value);

		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		for (int k = 0; k < ARCH_VDSO_MAX && arch_vdso_symbols[k]; k++)
			if (!strcmp(name, arch_vdso_symbols[k]) && fits(e, value, ARCH_VDSO_JUMP_SIZE))
				ret_offsets[k] = value;
	}

	return 0;
}

int arch_vdso_parse(const void *image, size_t size, uint64_t ret_offsets[ARCH_VDSO_MAX])
{
	struct elf e = { image, size, false };
	struct segment s, dyn = { 0 };
	struct tables t = { 0 };
	bool has_load = false;
	uint64_t phoff;
	unsigned int phnum;
	int r;

	r = header(&e, &phoff, &phnum);
	if (r < 0)
		return r;

	for (unsigned int i = 0; i < phnum; i++) {
		if (phoff > size || !segment(&e, phoff, i, &s))
			return -EINVAL;
		if (s.type == PT_LOAD && !has_load) {
			has_load = true;
			t.bias = s.vaddr - s.offset;
		}
		if (s.type == PT_DYNAMIC)
			dyn = s;
	}
	if (!has_load || !dyn.filesz)
		return -EINVAL;

	r = dynamic(&e, &dyn, &t);
	if (r < 0 || !t.symtab || !t.strtab || !fits(&e, t.strtab, t.strsz))
		return -EINVAL;

	memset(ret_offsets, 0, ARCH_VDSO_MAX * sizeof(*ret_offsets));
	return read_symbols(&e, &t, ret_offsets);
}

int arch_vdso_end(const void *image, size_t size, uint64_t *ret_end)
{
	struct elf e = { image, size, false };
	uint64_t phoff, end = 0;
	unsigned int phnum;
	struct segment s;
	int r = header(&e, &phoff, &phnum);

	if (r < 0)
		return r;
	for (unsigned int i = 0; i < phnum; i++) {
		if (phoff > size || !segment(&e, phoff, i, &s) || !fits(&e, s.offset, s.filesz))
			return -EINVAL;
		if (s.offset + s.filesz > end)
			end = s.offset + s.filesz;
	}

	*ret_end = end;
	return end ? 0 : -EINVAL;
}
