# SPDX-License-Identifier: LGPL-2.1-only
# make check-kerndat: table, cache, mask, and every probe in worlds that hold something back.
# make fuzz-kerndat: the cache reader under libFuzzer, SECONDS= long (needs clang).

KERNDAT_TEST_OBJ := $(call obj,$(BASE_SRC) $(KERNDAT_SRC) $(filter-out %/fuzz_cache.c,$(call wild,kerndat/test))) \
	$(call obj,$(filter %/facts.c,$(ARCH_SRC)))
DEPS += $(KERNDAT_TEST_OBJ:.o=.d)

$(B)/test/kerndat: $(KERNDAT_TEST_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--build-id=sha1 -pthread -o $@ $^ -lcap

.PHONY: check-kerndat fuzz-kerndat
check-kerndat: $(B)/test/kerndat
	$(B)/test/kerndat $(TESTS)

FUZZ_CC ?= clang
SECONDS ?= 60
$(B)/test/fuzz_cache: kerndat/test/fuzz_cache.c $(KERNDAT_SRC) $(BASE_SRC) $(filter %/facts.c,$(ARCH_SRC))
	@mkdir -p $(@D)
	$(FUZZ_CC) -std=gnu11 -D_GNU_SOURCE $(INCS) -g -O1 -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -pthread -o $@ $^

fuzz-kerndat: $(B)/test/fuzz_cache
	@mkdir -p $(B)/test/fuzz_cache.corpus
	$(B)/test/fuzz_cache -max_total_time=$(SECONDS) -print_final_stats=1 -artifact_prefix=$(B)/test/ \
		$(B)/test/fuzz_cache.corpus kerndat/test/corpus

# As a suite of ci/check: bounded, and counted.
.PHONY: check-fuzz-kerndat
check-fuzz-kerndat:
	@if ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
		$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -x c -o /dev/null - 2>/dev/null; then \
		echo "SKIP fuzz-kerndat: $(FUZZ_CC) cannot build fuzzers here"; echo "0 passed, 0 failed, 1 skipped"; \
	elif $(MAKE) -s fuzz-kerndat SECONDS=20; then echo "PASS fuzz-kerndat"; echo "1 passed, 0 failed, 0 skipped"; \
	else echo "FAIL fuzz-kerndat"; echo "0 passed, 1 failed, 0 skipped"; exit 1; fi
