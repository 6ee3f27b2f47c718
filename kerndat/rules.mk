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

# --- libkerndat: shared and static, with nothing in sight but the names of libkerndat.map ----------------------------
LIBKERNDAT_VERSION := 1.0.0
LIBKERNDAT_SO := libkerndat.so.1
LIB := $(B)/lib
OBJCOPY ?= $(CROSS_COMPILE)objcopy
LIBKERNDAT_OBJ := $(patsubst %.c,$(LIB)/obj/%.o,$(BASE_SRC) $(KERNDAT_SRC) $(call wild,kerndat/lib) $(filter %/facts.c,$(ARCH_SRC)))
DEPS += $(LIBKERNDAT_OBJ:.o=.d)

$(LIB)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fPIC -fvisibility=hidden -DKD_CACHE_NAME='"libkerndat"' -c -o $@ $<

$(LIB)/$(LIBKERNDAT_SO): $(LIBKERNDAT_OBJ) kerndat/lib/libkerndat.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(LIBKERNDAT_SO) -Wl,--version-script,kerndat/lib/libkerndat.map \
		-Wl,--build-id=sha1 -Wl,-z,defs -pthread -o $@ $(LIBKERNDAT_OBJ)

# One object, in which all names but the public ones are made local.
$(LIB)/libkerndat.a: $(LIBKERNDAT_OBJ)
	$(CC) -nostdlib -r -o $(LIB)/libkerndat.o $^
	$(OBJCOPY) --localize-hidden $(LIB)/libkerndat.o
	rm -f $@ && $(AR) rcs $@ $(LIB)/libkerndat.o

LIBDIR ?= $(PREFIX)/lib
$(LIB)/libkerndat.pc: kerndat/lib/libkerndat.pc.in FORCE
	@mkdir -p $(@D)
	@sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(LIBKERNDAT_VERSION)|' $< > $@
.PHONY: FORCE

.PHONY: libkerndat install-libkerndat check-libkerndat
libkerndat: $(LIB)/$(LIBKERNDAT_SO) $(LIB)/libkerndat.a $(LIB)/libkerndat.pc

install-libkerndat: libkerndat
	$(INSTALL) -D -m 644 kerndat/include/libkerndat.h $(DESTDIR)$(PREFIX)/include/libkerndat.h
	$(INSTALL) -D -m 755 $(LIB)/$(LIBKERNDAT_SO) $(DESTDIR)$(LIBDIR)/libkerndat.so.$(LIBKERNDAT_VERSION)
	ln -sf libkerndat.so.$(LIBKERNDAT_VERSION) $(DESTDIR)$(LIBDIR)/$(LIBKERNDAT_SO)
	ln -sf $(LIBKERNDAT_SO) $(DESTDIR)$(LIBDIR)/libkerndat.so
	$(INSTALL) -m 644 $(LIB)/libkerndat.a $(DESTDIR)$(LIBDIR)/libkerndat.a
	$(INSTALL) -D -m 644 $(LIB)/libkerndat.pc $(DESTDIR)$(LIBDIR)/pkgconfig/libkerndat.pc
	$(INSTALL) -D -m 644 docs/libkerndat.3 $(DESTDIR)$(PREFIX)/share/man/man3/libkerndat.3

# The example against what `make install` gives.
check-libkerndat: $(BIN)/criu
	@ci/libkerndat $(B)

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
	elif $(MAKE) -s fuzz-kerndat SECONDS=15; then echo "PASS fuzz-kerndat"; echo "1 passed, 0 failed, 0 skipped"; \
	else echo "FAIL fuzz-kerndat"; echo "0 passed, 1 failed, 0 skipped"; exit 1; fi
