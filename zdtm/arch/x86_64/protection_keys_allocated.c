// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "which protection keys are allocated, which mapping has one that was given back, and what each thread may do",
     .needs = "pkeys", .peer = "it forgets protection keys");

static int keys[4];

static void other(void *arg)
{
	ok_zero(pkey_set(keys[1], PKEY_DISABLE_WRITE));
	thread_wait();
	ok_eq(pkey_get(keys[1]), PKEY_DISABLE_WRITE);
	ok_eq(pkey_get(keys[3]), PKEY_DISABLE_ACCESS);
}

/* smaps tells the key of a mapping. */
static int key_of(const void *p)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned long start, end;
	bool here = false;
	char line[4096];
	int key = -1;

	ok(f);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2 && strchr(line, ' ') > strchr(line, '-'))
			here = (unsigned long)p >= start && (unsigned long)p < end;
		if (here)
			sscanf(line, "ProtectionKey: %d", &key);
	}
	fclose(f);
	return key;
}

void test(void)
{
	size_t page = page_size();
	pthread_t t;
	char *p, *q;

	for (int i = 0; i < 4; i++)
		ok((keys[i] = pkey_alloc(0, i == 3 ? PKEY_DISABLE_ACCESS : 0)) > 0);
	p = ok_map(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	q = ok_map(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	strcpy(p, "read me");
	ok_zero(pkey_mprotect(p, page, PROT_READ | PROT_WRITE, keys[1]));
	ok_zero(pkey_mprotect(q, page, PROT_READ, keys[2]));
	ok_zero(pkey_free(keys[0]));
	ok_zero(pkey_free(keys[2]));
	t = thread(other, NULL);
	checkpoint_and_restore();
	ok_str(p, "read me");
	ok_eq(key_of(p), keys[1]);
	ok_eq(key_of(q), keys[2]);
	ok_eq(pkey_get(keys[1]), 0);
	/* The lowest that is free. */
	ok_eq(pkey_alloc(0, 0), keys[0]);
	ok_eq(pkey_alloc(0, 0), keys[2]);
	ok(pkey_alloc(0, 0) > keys[3]);
	threads_go();
	thread_ok(t);
}
