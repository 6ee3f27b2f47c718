/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Keys: what a cached answer depends on. A scope's key holds that of the wider one.
 *
 *	boot	our build, boot id, utsname without the host's name, what auxv tells of the CPU
 *		(AT_MINSIGSTKSZ goes with the enabled xfeatures)
 *	ns	the eight namespaces and the root directory
 *	caller	ids, groups, the capability sets, no_new_privs, LSM label
 */
#include "kerndat/cache.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/err.h"
#include "kerndat/probe.h"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

void kd_key_start(struct kd_key *key)
{
	key->a = 0xcbf29ce484222325;
	key->b = 0x9e3779b97f4a7c15;
}

/* Two unlike 64-bit hashes side by side: FNV-1a and multiply-rotate. Nobody attacks his own file. */
void kd_key_add(struct kd_key *key, const void *data, size_t size)
{
	const unsigned char *p = data;

	while (size >= 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		key->a = (key->a ^ w) * 0x100000001b3;
		key->a ^= key->a >> 29;
		key->b = (key->b + w) * 0xff51afd7ed558ccd;
		key->b = key->b << 31 | key->b >> 33;
		p += 8;
		size -= 8;
	}
	for (; size; size--, p++) {
		key->a = (key->a ^ *p) * 0x100000001b3;
		key->b = (key->b + *p + 1) * 0xff51afd7ed558ccd;
		key->b = key->b << 31 | key->b >> 33;
	}
}

static void add_text(struct kd_key *key, const char *text)
{
	kd_key_add(key, text ? text : "", strlen(text ? text : "") + 1);
}

/* --- our build ----------------------------------------------------------------------------------- */

static int find_note(const char *p, size_t size, struct kd_key *key)
{
	while (size >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *n = (const void *)p;
		size_t name = (n->n_namesz + 3u) & ~3u, desc = (n->n_descsz + 3u) & ~3u;

		if (name > size - sizeof(*n) || desc > size - sizeof(*n) - name)
			return 0;
		if (n->n_type == NT_GNU_BUILD_ID && n->n_namesz == 4 &&
		    !memcmp(p + sizeof(*n), "GNU", 4)) {
			kd_key_add(key, p + sizeof(*n) + name, n->n_descsz);
			return 1;
		}
		p += sizeof(*n) + name + desc;
		size -= sizeof(*n) + name + desc;
	}
	return 0;
}

/* The object that holds this very code: the program, or libkerndat.so. */
static int find_build(struct dl_phdr_info *info, size_t size, void *data)
{
	uintptr_t here = (uintptr_t)kd_key_build;
	bool ours = false;

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type == PT_LOAD && here - info->dlpi_addr - ph->p_vaddr < ph->p_memsz)
			ours = true;
	}
	for (int i = 0; ours && i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type == PT_NOTE &&
		    find_note((const char *)(info->dlpi_addr + ph->p_vaddr), ph->p_memsz, data))
			return 1;
	}
	return 0;
}

int kd_key_build(struct kd_key *ret_key)
{
	struct kd_key key;

	kd_key_start(&key);
	if (dl_iterate_phdr(find_build, &key) != 1)
		return -ENOENT;
	*ret_key = key;
	return 0;
}

/* --- the scopes ---------------------------------------------------------------------------------- */

static int add_boot(struct kd_key *key)
{
	static const unsigned long aux[] = { AT_HWCAP2, AT_MINSIGSTKSZ, AT_PAGESZ };
	struct kd_key build;
	unsigned long hwcap = 0;
	struct utsname uts;
	char boot_id[64];
	int r;

	r = kd_key_build(&build);
	if (r < 0)
		return r;
	kd_key_add(key, &build, sizeof(build));

	r = kd_read_file("/proc/sys/kernel/random/boot_id", boot_id, sizeof(boot_id));
	if (r <= 0)
		return r < 0 ? r : -ENODATA;
	add_text(key, boot_id);

	if (uname(&uts) < 0)
		return -errno;
	add_text(key, uts.sysname);
	add_text(key, uts.release);
	add_text(key, uts.version);
	add_text(key, uts.machine);

	r = kd_auxv(AT_HWCAP, &hwcap);
	if (r < 0)
		return r;
	kd_key_add(key, &hwcap, sizeof(hwcap));
	for (size_t i = 0; i < sizeof(aux) / sizeof(aux[0]); i++) {
		unsigned long v = getauxval(aux[i]);

		kd_key_add(key, &v, sizeof(v));
	}
	add_text(key, (const char *)getauxval(AT_PLATFORM));
	return 0;
}

static int add_file_id(struct kd_key *key, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	kd_key_add(key, &st.st_dev, sizeof(st.st_dev));
	kd_key_add(key, &st.st_ino, sizeof(st.st_ino));
	return 0;
}

static int add_namespaces(struct kd_key *key)
{
	static const char *const files[] = {
		"/proc/self/ns/user", "/proc/self/ns/pid", "/proc/self/ns/mnt", "/proc/self/ns/net",
		"/proc/self/ns/ipc",  "/proc/self/ns/uts", "/proc/self/ns/cgroup", "/proc/self/ns/time",
		"/proc/self/root",
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int r = add_file_id(key, files[i]);

		/* An old kernel has no time or cgroup namespace; user must be there with /proc. */
		if (r < 0 && (r != -ENOENT || i == 0))
			return r;
		kd_key_add(key, &i, sizeof(i));
	}
	return 0;
}

static int add_caller(struct kd_key *key)
{
	static const char *const wanted[] = {
		"Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:",
		"NoNewPrivs:", "Seccomp:",
	};
	char text[16384], label[1024];
	char *line, *rest;
	int r;

	r = kd_read_file("/proc/self/status", text, sizeof(text));
	if (r < 0)
		return r;
	/* So many groups that they fill the buffer: better no key than half a one. */
	if (r == sizeof(text) - 1)
		return -E2BIG;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (!strncmp(line, wanted[i], strlen(wanted[i])))
				add_text(key, line);

	/* EINVAL: no LSM that labels. */
	r = kd_read_file("/proc/self/attr/current", label, sizeof(label));
	add_text(key, r > 0 ? label : "");
	return 0;
}

int kd_key_scope(enum kd_scope scope, struct kd_key *ret_key)
{
	struct kd_key key;
	int r;

	kd_key_start(&key);
	r = add_boot(&key);
	if (r >= 0 && scope >= KD_NS)
		r = add_namespaces(&key);
	if (r >= 0 && scope >= KD_CALLER)
		r = add_caller(&key);
	if (r < 0)
		return r;
	kd_key_add(&key, &scope, sizeof(scope));
	*ret_key = key;
	return 0;
}
