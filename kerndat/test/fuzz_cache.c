/* SPDX-License-Identifier: LGPL-2.1-only */
/* libFuzzer: the cache reader takes any bytes, and what it accepts can be used. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kerndat/cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kd_key build = { 1, 2 };
	struct kd_entry *entries = NULL;
	void *made = NULL;
	size_t count, made_size;

	/* As it comes: almost always refused at the checksum. */
	if (kd_cache_parse(data, size, &build, &entries, &count) == 0)
		free(entries);

	/* Under a right header and checksum: the entries themselves are fuzzed. */
	entries = NULL;
	count = size / sizeof(*entries);
	struct kd_entry *raw = malloc(count * sizeof(*raw) + 1);

	if (!raw)
		return 0;
	memcpy(raw, data, count * sizeof(*raw));
	if (kd_cache_format(raw, count, &build, &made, &made_size) == 0 &&
	    kd_cache_parse(made, made_size, &build, &entries, &count) == 0) {
		for (size_t i = 0; i < count; i++)
			if (!kerndat_feature(entries[i].row)->name || strlen(entries[i].why) >= sizeof(entries[i].why))
				abort();
		free(entries);
	}
	free(made);
	free(raw);
	return 0;
}
