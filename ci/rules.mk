# SPDX-License-Identifier: GPL-2.0-only
# The checks that belong to no room.

.PHONY: check check-headers headers layers
layers: all
	ci/layers $(B)

# Every header compiles alone. Tables that are included many times are no headers of their own.
HEADERS := $(filter-out %/kinds.h %/faults.h %/blockers.h %/features.h %/ways.h %/test/% %_table.h, \
	$(wildcard base/*.h kerndat/*.h compel/*.h arch/*.h arch/$(ARCH)/*.h criu/*/*.h zdtm/*.h))
headers: check-headers
check-headers: $(PROTO_H)
	@failed=0; for h in $(HEADERS); do \
		if printf '#include "%s"\n' $$h | $(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -Werror $(INCS) -Izdtm $(PKGCFL) -fsyntax-only -x c -; \
		then echo "PASS header $$h"; else echo "FAIL header $$h"; failed=$$((failed + 1)); fi; \
	done; echo "$$(($(words $(HEADERS)) - failed)) passed, $$failed failed, 0 skipped"; [ $$failed = 0 ]

# SUITES= runs some of the suites that ci/check lists.
check: deps
	$(MAKE) -s -j$(shell nproc) all zdtm WERROR=1
	ci/check $(B) $(SUITES)

# PEER=DIR with `criu` and `crit` of CRIU 4.2: cross-restore in both directions.
.PHONY: interop
interop: all zdtm
	@[ -x "$(PEER)/criu" ] || { echo "usage: make interop PEER=DIR, a folder with the criu and crit of CRIU 4.2"; exit 2; }
	ci/second-opinion $(B) $(PEER)
	ci/interop $(B) $(PEER) $(TESTS)

# The other compiler, in a folder of its own.
.PHONY: check-clang
check-clang:
	@if $(MAKE) -s -j$(shell nproc) CC=clang B=$(B)-clang WERROR=1 all; then echo "PASS builds with clang"; echo "1 passed, 0 failed, 0 skipped"; \
	else echo "FAIL builds with clang"; echo "0 passed, 1 failed, 0 skipped"; exit 1; fi

# PEER=DIR as above: wall times of dump and restore against CRIU 4.2.
.PHONY: bench
bench: all $(B)/test/kerndat
	@[ -x "$(PEER)/criu" ] || { echo "usage: make bench PEER=DIR, a folder with the criu of CRIU 4.2"; exit 2; }
	ci/bench $(B) $(PEER) $(CASES)

# The readers of /proc under libFuzzer, SECONDS= long: those fuzzed are instrumented and come first, the engine's objects give the rest.
FUZZ_PROC_SRC := ci/fuzz_proc.c $(BASE_SRC) criu/mem/smaps.c
$(B)/test/fuzz_proc: $(FUZZ_PROC_SRC) criu/fd/epoll.c criu/fd/info.c criu/fd/locks.c criu/task/cgroup.c criu/task/timer.c \
		$(CRIU_OBJ) $(PROTO_OBJ) $(BLOB_OBJ)
	@mkdir -p $(@D)
	rm -f $(B)/test/engine.a && $(AR) rcs $(B)/test/engine.a $(filter-out %/front/main.o,$(CRIU_OBJ)) $(PROTO_OBJ) $(BLOB_OBJ)
	$(FUZZ_CC) -std=gnu11 -D_GNU_SOURCE $(INCS) $(PKGCFL) -g -O1 -fno-strict-aliasing -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -pthread -Wl,-z,muldefs -o $@ $(FUZZ_PROC_SRC) $(B)/test/engine.a $(LIBS)

.PHONY: fuzz-proc check-fuzz-proc
fuzz-proc: $(B)/test/fuzz_proc
	@mkdir -p $(B)/test/fuzz_proc.corpus
	$(B)/test/fuzz_proc -max_total_time=$(SECONDS) -timeout=10 -print_final_stats=1 -artifact_prefix=$(B)/test/ \
		$(B)/test/fuzz_proc.corpus ci/corpus/proc

check-fuzz-proc:
	@if ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
		$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -x c -o /dev/null - 2>/dev/null; then \
		echo "SKIP fuzz-proc: $(FUZZ_CC) cannot build fuzzers here"; echo "0 passed, 0 failed, 1 skipped"; \
	elif $(MAKE) -s fuzz-proc SECONDS=45; then echo "PASS fuzz-proc"; echo "1 passed, 0 failed, 0 skipped"; \
	else echo "FAIL fuzz-proc"; echo "0 passed, 1 failed, 0 skipped"; exit 1; fi
