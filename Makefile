# SPDX-License-Identifier: GPL-2.0-only
#
# make                    build build/<arch>/bin/criu
# make deps               install what building and testing need (Debian)
# make check              all tests
# make demo               checkpoint and restore a live program before your eyes
# make headers            prove that every header compiles alone
# make layers             prove that rooms use only rooms below them
# make install DESTDIR= PREFIX=
# make clean
#
# ARCH= and CROSS_COMPILE= choose the target (ci/sysroot ARCH brings compiler and libraries); CC, CFLAGS, LDFLAGS, PKG_CONFIG are honoured.
# Sources are found by folder: a new file needs no line here.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

HOST_ARCH := $(shell uname -m)
ARCH      ?= $(HOST_ARCH)
# Another architecture: what ci/sysroot has brought, or a compiler that is installed under the name in ci/machines.tsv.
ifneq ($(ARCH),$(HOST_ARCH))
-include build/cross/$(ARCH)/cross.mk
CROSS_COMPILE ?= $(shell awk '$$1 == "$(ARCH)" { print $$3 "-" }' ci/machines.tsv)
endif
CROSS_COMPILE ?=
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
ifeq ($(origin AR),default)
AR := $(CROSS_COMPILE)ar
endif
PKG_CONFIG ?= pkg-config
PROTOC_C   ?= protoc-c
PREFIX     ?= /usr/local
DESTDIR    ?=

B   := build/$(ARCH)
BIN := $(B)/bin

WARN   := -Wall -Wextra -Wno-unused-parameter -Wstrict-prototypes -Wmissing-prototypes
ifdef WERROR
WARN   += -Werror
endif
CFLAGS ?= -O2 -g
INCS   := -I. -I$(B) -iquote arch/$(ARCH) -iquote arch/generic
LIBS   := $(shell $(PKG_CONFIG) --libs libprotobuf-c libcap jansson 2>/dev/null || echo -lprotobuf-c -lcap -ljansson)
PKGCFL := $(shell $(PKG_CONFIG) --cflags libprotobuf-c libcap jansson 2>/dev/null)

ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) $(INCS) $(PKGCFL) -MMD -MP $(CFLAGS) -fno-strict-aliasing -pthread

# --- the rooms: sources by folder -------------------------------------------------------------
wild = $(sort $(foreach d,$(1),$(wildcard $(d)/*.c)))

# An architecture's file replaces the generic one of the same name.
arch_names := $(sort $(notdir $(wildcard arch/generic/*.c arch/$(ARCH)/*.c)))
ARCH_SRC   := $(foreach f,$(arch_names),$(firstword $(wildcard arch/$(ARCH)/$(f)) arch/generic/$(f)))
BASE_SRC   := $(call wild,base)
KERNDAT_SRC := $(call wild,kerndat)
COMPEL_SRC := $(call wild,compel)
CRIU_SRC   := $(call wild,criu/image criu/task criu/mem criu/fd criu/ns criu/flow criu/front)
PROTO      := $(sort $(wildcard proto/*.proto))
PROTO_C    := $(PROTO:proto/%.proto=$(B)/proto/%.pb-c.c)
PROTO_H    := $(PROTO_C:.c=.h)

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
PROTO_OBJ := $(PROTO_C:$(B)/%.c=$(B)/obj/%.o)

.PHONY: all
all: $(BIN)/criu

# --- proto -----------------------------------------------------------------------------------
$(B)/proto/%.pb-c.c $(B)/proto/%.pb-c.h &: proto/%.proto
	@mkdir -p $(@D)
	$(PROTOC_C) --proto_path=proto --c_out=$(B)/proto $<

$(PROTO_OBJ): $(B)/obj/%.o: $(B)/%.c | $(PROTO_H)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -I$(B)/proto -I$(B) $(PKGCFL) $(CFLAGS) -c -o $@ $<

# Generated headers include each other without a folder.
INCS += -I$(B)/proto

# --- blobs: what runs inside a task ------------------------------------------------------------
# A blob is every source of its folders (compel/inside has the runtime, criu/inside what the engine
# wants there), of the common ones, and the architecture's entry.S,
# linked to one static position-independent ELF and embedded whole by an .incbin.
BLOBS := parasite restorer
BLOB_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) $(INCS) -MMD -MP -O2 -g -ffreestanding -fPIE -fno-stack-protector \
	-fno-strict-aliasing -fno-asynchronous-unwind-tables -fno-builtin -fvisibility=hidden \
	-U_FORTIFY_SOURCE -DBLOB $(ARCH_BLOB_CFLAGS)
-include arch/$(ARCH)/blob.mk

# blob_link NAME: from NAME_SRC; blob_rules NAME: a blob of the program.
define blob_link
$(1)_OBJ := $$(patsubst %.c,$(B)/blob/$(1)/%.o,$$($(1)_SRC)) $(B)/blob/$(1)/arch/$(ARCH)/entry.o
$(B)/blob/$(1)/%.o: %.c | $$(PROTO_H)
	@mkdir -p $$(@D)
	$$(CC) $$(BLOB_CFLAGS) -c -o $$@ $$<
$(B)/blob/$(1)/%.o: %.S
	@mkdir -p $$(@D)
	$$(CC) $$(BLOB_CFLAGS) -D__ASSEMBLY__ -c -o $$@ $$<
$(B)/blob/$(1).elf: $$($(1)_OBJ) criu/inside/blob.lds
	$$(CC) -static-pie -nostdlib -nostartfiles -Wl,-T,criu/inside/blob.lds -Wl,--no-dynamic-linker \
		-Wl,-z,noexecstack -Wl,--build-id=none -o $$@ $$($(1)_OBJ)
$(B)/obj/blob_$(1).o: $(B)/blob/$(1).elf
	@mkdir -p $$(@D)
	printf '.section .rodata\n.balign 4096\n.globl blob_$(1)_elf, blob_$(1)_elf_end\nblob_$(1)_elf: .incbin "%s"\nblob_$(1)_elf_end: .byte 0\n.section .note.GNU-stack,"",%%progbits\n' $$< | \
		$$(CC) -x assembler -c -o $$@ -
DEPS += $$(patsubst %.o,%.d,$$($(1)_OBJ))
endef

define blob_rules
$(1)_SRC := $$(call wild,$$(if $$(wildcard criu/inside/$(1)/*.c),compel/inside/$(1) compel/inside/common criu/inside/$(1) criu/inside/common))
$(call blob_link,$(1))
BLOB_OBJ += $$(if $$($(1)_SRC),$(B)/obj/blob_$(1).o)
endef
$(foreach b,$(BLOBS),$(eval $(call blob_rules,$(b))))

# --- the program -------------------------------------------------------------------------------
$(B)/obj/%.o: %.c | $(PROTO_H)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

CRIU_OBJ := $(call obj,$(BASE_SRC) $(ARCH_SRC) $(KERNDAT_SRC) $(COMPEL_SRC) $(CRIU_SRC))
DEPS += $(CRIU_OBJ:.o=.d)

$(BIN)/criu: $(CRIU_OBJ) $(PROTO_OBJ) $(BLOB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread -Wl,--build-id=sha1 -Wl,-z,now -o $@ $^ $(LIBS)

-include kerndat/rules.mk
-include compel/rules.mk
-include criu/image/rules.mk
-include criu/flow/rules.mk
-include criu/front/rules.mk
-include packaging/rules.mk
-include zdtm/rules.mk
-include ci/rules.mk

.PHONY: clean
clean:
	rm -rf build

-include $(DEPS)
