# SPDX-License-Identifier: GPL-2.0-only
# make fuzz-facts: the reader of `criu check --against` under libFuzzer, SECONDS= long (needs clang).

FUZZ_FACTS_SRC := criu/flow/test/fuzz_facts.c criu/flow/facts_parse.c $(KERNDAT_SRC) $(BASE_SRC) \
	$(filter %/facts.c %/cpu.c %/xstate.c,$(ARCH_SRC))
$(B)/test/fuzz_facts: $(FUZZ_FACTS_SRC) $(PROTO_OBJ)
	@mkdir -p $(@D)
	$(FUZZ_CC) -std=gnu11 -D_GNU_SOURCE $(INCS) -g -O1 -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -pthread -o $@ $^ $(LIBS)

.PHONY: fuzz-facts check-fuzz-facts
fuzz-facts: $(B)/test/fuzz_facts
	@mkdir -p $(B)/test/fuzz_facts.corpus
	$(B)/test/fuzz_facts -max_total_time=$(SECONDS) -print_final_stats=1 -artifact_prefix=$(B)/test/ \
		$(B)/test/fuzz_facts.corpus criu/flow/test/corpus

# As a suite of ci/check: bounded, and counted.
check-fuzz-facts:
	@if ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
		$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -x c -o /dev/null - 2>/dev/null; then \
		echo "SKIP fuzz-facts: $(FUZZ_CC) cannot build fuzzers here"; echo "0 passed, 0 failed, 1 skipped"; \
	elif $(MAKE) -s fuzz-facts SECONDS=10; then echo "PASS fuzz-facts"; echo "1 passed, 0 failed, 0 skipped"; \
	else echo "FAIL fuzz-facts"; echo "0 passed, 1 failed, 0 skipped"; exit 1; fi
