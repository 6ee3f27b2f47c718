// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The loader of blobs: static position independent ELF files whose only relocations are relative.
 */
#include "compel/compel.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

struct view {
	const uint8_t *base;
	size_t size;
};

static const void *at(const struct view *f, uint64_t off, uint64_t n)
{
	return off <= f->size && n <= f->size - off ? f->base + off : NULL;
}

static int headers(const struct compel_blob *blob, struct view *f, const Elf64_Ehdr **ret_eh,
		   const Elf64_Phdr **ret_ph)
{
	f->base = blob->elf;
	f->size = (size_t)((const char *)blob->elf_end - (const char *)blob->elf);

	*ret_eh = at(f, 0, sizeof(**ret_eh));
	if (!*ret_eh || memcmp((*ret_eh)->e_ident, ELFMAG, SELFMAG) || (*ret_eh)->e_type != ET_DYN ||
	    (*ret_eh)->e_phentsize != sizeof(**ret_ph))
		return -EINVAL;

	*ret_ph = at(f, (*ret_eh)->e_phoff, (uint64_t)(*ret_eh)->e_phnum * sizeof(**ret_ph));
	return *ret_ph ? 0 : -EINVAL;
}

long compel_blob_size(const struct compel_blob *blob)
{
	const Elf64_Ehdr *eh;
	const Elf64_Phdr *ph;
	struct view f;
	uint64_t end = 0;
	size_t page = arch_page_size();

	if (headers(blob, &f, &eh, &ph) < 0)
		return -EINVAL;

	for (int i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_LOAD && ph[i].p_vaddr + ph[i].p_memsz > end)
			end = ph[i].p_vaddr + ph[i].p_memsz;

	if (end == 0 || end > (64u << 20))
		return -EINVAL;

	return (long)((end + page - 1) & ~(uint64_t)(page - 1));
}

static int relocate(uint8_t *buf, size_t size, uint64_t addr, const Elf64_Dyn *dyn, size_t nr_dyn)
{
	uint64_t rela = 0, relasz = 0;

	for (size_t i = 0; i < nr_dyn && dyn[i].d_tag != DT_NULL; i++) {
		if (dyn[i].d_tag == DT_RELA)
			rela = dyn[i].d_un.d_ptr;
		if (dyn[i].d_tag == DT_RELASZ)
			relasz = dyn[i].d_un.d_val;
	}
	if (rela > size || relasz > size - rela)
		return -EINVAL;

	for (uint64_t i = 0; i + sizeof(Elf64_Rela) <= relasz; i += sizeof(Elf64_Rela)) {
		Elf64_Rela r;
		uint64_t value;

		memcpy(&r, buf + rela + i, sizeof(r));
		if (ELF64_R_TYPE(r.r_info) != ARCH_R_RELATIVE || r.r_offset > size - sizeof(value))
			return -EINVAL;
		value = addr + (uint64_t)r.r_addend;
		memcpy(buf + r.r_offset, &value, sizeof(value));
	}

	return 0;
}

int compel_blob_load(const struct compel_blob *blob, void *buf, uint64_t addr, uint64_t *ret_entry)
{
	long size = compel_blob_size(blob);
	const Elf64_Dyn *dyn = NULL;
	const Elf64_Ehdr *eh;
	const Elf64_Phdr *ph;
	size_t nr_dyn = 0;
	struct view f;

	if (size < 0 || headers(blob, &f, &eh, &ph) < 0)
		return -EINVAL;

	for (int i = 0; i < eh->e_phnum; i++) {
		const void *src = at(&f, ph[i].p_offset, ph[i].p_filesz);

		if (!src)
			return -EINVAL;
		if (ph[i].p_type == PT_LOAD)
			memcpy((uint8_t *)buf + ph[i].p_vaddr, src, ph[i].p_filesz);
		if (ph[i].p_type == PT_DYNAMIC) {
			dyn = src;
			nr_dyn = ph[i].p_filesz / sizeof(*dyn);
		}
	}

	*ret_entry = addr + eh->e_entry;
	return dyn ? relocate(buf, (size_t)size, addr, dyn, nr_dyn) : 0;
}
