# SPDX-License-Identifier: GPL-2.0-only
#
# The test suite: build/<arch>/bin/zdtm (the runner) and build/<arch>/zdtm/ROOM/NAME (a static
# program for every zdtm/ROOM/NAME.c). A new test needs no line here.
#
#	make zdtm

ZDTM_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) -Izdtm -I. -MMD -MP $(CFLAGS) -fno-strict-aliasing -pthread

ZDTM_LIB_OBJ  := $(patsubst %.c,$(B)/obj/%.o,$(wildcard zdtm/lib/*.c))
ZDTM_RUN_OBJ  := $(patsubst %.c,$(B)/obj/%.o,$(wildcard zdtm/runner/*.c))
ZDTM_TEST_SRC := $(filter-out zdtm/lib/% zdtm/runner/% zdtm/arch/%,$(wildcard zdtm/*/*.c)) \
	$(filter-out %_32.c,$(wildcard zdtm/arch/$(ARCH)/*.c))
ZDTM_TESTS    := $(ZDTM_TEST_SRC:%.c=$(B)/%)

# 32-bit programs, where the compiler can make and link them.
ZDTM_32_SRC := $(wildcard zdtm/arch/$(ARCH)/*_32.c)
ifneq ($(ZDTM_32_SRC),)
ZDTM_CAN_32 := $(shell echo 'int main(void){return 0;}' | $(CC) -m32 -static -x c -o /dev/null - 2>/dev/null && echo yes)
endif
ifeq ($(ZDTM_CAN_32),yes)
ZDTM_TESTS += $(ZDTM_32_SRC:%.c=$(B)/%)
endif

$(ZDTM_LIB_OBJ) $(ZDTM_RUN_OBJ): $(B)/obj/zdtm/%.o: zdtm/%.c
	@mkdir -p $(@D)
	$(CC) $(ZDTM_CFLAGS) -c -o $@ $<

$(B)/zdtm/libzdtm.a: $(ZDTM_LIB_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/zdtm/lib32/%.o: zdtm/lib/%.c
	@mkdir -p $(@D)
	$(CC) -m32 $(ZDTM_CFLAGS) -c -o $@ $<

$(B)/zdtm/libzdtm32.a: $(patsubst zdtm/lib/%.c,$(B)/zdtm/lib32/%.o,$(wildcard zdtm/lib/*.c))
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/zdtm/%_32: zdtm/%_32.c $(B)/zdtm/libzdtm32.a
	@mkdir -p $(@D)
	$(CC) -m32 $(ZDTM_CFLAGS) -static -o $@ $< $(B)/zdtm/libzdtm32.a

$(B)/zdtm/%: zdtm/%.c $(B)/zdtm/libzdtm.a
	@mkdir -p $(@D)
	$(CC) $(ZDTM_CFLAGS) $(LDFLAGS) -static -o $@ $< $(B)/zdtm/libzdtm.a

$(BIN)/zdtm: $(ZDTM_RUN_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -static -o $@ $^

# Programs driven by a script are taken as they are.
ZDTM_SCRIPTS := $(patsubst %,$(B)/%,$(wildcard zdtm/programs/*.zt))

$(B)/zdtm/%.zt: zdtm/%.zt
	@mkdir -p $(@D)
	install -m 755 $< $@

.PHONY: zdtm
zdtm: $(BIN)/zdtm $(ZDTM_TESTS) $(ZDTM_SCRIPTS)

DEPS += $(ZDTM_LIB_OBJ:.o=.d) $(ZDTM_RUN_OBJ:.o=.d) $(ZDTM_TESTS:=.d)
