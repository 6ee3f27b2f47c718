// SPDX-License-Identifier: GPL-2.0-only
/*
 * A build id is an ELF note of owner "GNU" and type NT_GNU_BUILD_ID in a PT_NOTE segment. We
 * read three pieces: the header, the program headers, the notes.
 */
#include "criu/fd/buildid.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

/* More than any real file has; a file that says more has no id for us. */
#define PHDRS_MAX 64
#define NOTES_MAX 4096

struct range {
	uint64_t off, size;
};

/* @n bytes, or fewer at the end of the file. */
static ssize_t read_at(int fd, void *buf, size_t n, uint64_t off)
{
	return off > INT64_MAX ? 0 : neg_errno(pread(fd, buf, n, off));
}

/* What a class of ELF has at which width; both lay out the fields we want under the same names. */
#define DEFINE_NOTES(bits)                                                                                         \
	static int notes##bits(int fd, const void *head, struct range notes[PHDRS_MAX])                            \
	{                                                                                                          \
		const Elf##bits##_Ehdr *eh = head;                                                                 \
		Elf##bits##_Phdr ph[PHDRS_MAX];                                                                    \
		int n = 0;                                                                                         \
		ssize_t got;                                                                                       \
                                                                                                                   \
		if (eh->e_phentsize != sizeof(*ph) || eh->e_phnum > PHDRS_MAX)                                     \
			return 0;                                                                                  \
		got = read_at(fd, ph, eh->e_phnum * sizeof(*ph), eh->e_phoff);                                     \
		if (got < 0)                                                                                       \
			return got;                                                                                \
		for (size_t i = 0; i < got / sizeof(*ph); i++) {                                                   \
			if (ph[i].p_type == PT_NOTE)                                                               \
				notes[n++] = (struct range){ ph[i].p_offset, ph[i].p_filesz };                     \
		}                                                                                                  \
		return n;                                                                                          \
	}
DEFINE_NOTES(32)
DEFINE_NOTES(64)

/* Both classes have the same note header of three words. */
static int find_id(const char *notes, size_t size, uint32_t ret_words[])
{
	size_t at = 0;

	while (size - at >= sizeof(Elf32_Nhdr)) {
		Elf32_Nhdr nh;
		size_t name, desc, end;

		memcpy(&nh, notes + at, sizeof(nh));
		name = at + sizeof(nh);
		if (nh.n_namesz > size || nh.n_descsz > size)
			return 0;
		desc = name + (nh.n_namesz + 3) / 4 * 4;
		end = desc + (nh.n_descsz + 3) / 4 * 4;
		if (desc + nh.n_descsz > size)
			return 0;
		if (nh.n_type == NT_GNU_BUILD_ID && nh.n_namesz == 4 && !memcmp(notes + name, "GNU", 4)) {
			if (!nh.n_descsz || nh.n_descsz > BUILDID_MAX)
				return 0;
			memset(ret_words, 0, BUILDID_MAX);
			memcpy(ret_words, notes + desc, nh.n_descsz);
			return (nh.n_descsz + 3) / 4;
		}
		if (end > size)
			return 0;
		at = end;
	}
	return 0;
}

int buildid_read(int fd, uint32_t ret_words[BUILDID_MAX / 4])
{
	union {
		unsigned char ident[EI_NIDENT];
		Elf64_Ehdr e64;
	} head = { 0 };
	struct range notes[PHDRS_MAX];
	char text[NOTES_MAX];
	ssize_t got;
	int n;

	got = read_at(fd, &head, sizeof(head), 0);
	if (got < 0)
		return got;
	if ((size_t)got < sizeof(Elf32_Ehdr) || memcmp(head.ident, ELFMAG, SELFMAG))
		return 0;
	n = head.ident[EI_CLASS] == ELFCLASS64 ? notes64(fd, &head, notes) :
	    head.ident[EI_CLASS] == ELFCLASS32 ? notes32(fd, &head, notes) : 0;
	if (n < 0)
		return n;

	for (int i = 0; i < n; i++) {
		int words;

		got = read_at(fd, text, notes[i].size < sizeof(text) ? notes[i].size : sizeof(text), notes[i].off);
		if (got < 0)
			return got;
		words = find_id(text, got, ret_words);
		if (words)
			return words;
	}
	return 0;
}
