# SPDX-License-Identifier: LGPL-2.1-only
# make check-compel: live processes infected and cured. ROUNDS= sets the length of the torture.

compeltest_SRC := $(call wild,compel/inside/parasite compel/inside/common) compel/test/blob.c
$(eval $(call blob_link,compeltest))

COMPEL_TEST_SRC := $(filter-out compel/test/blob.c compel/test/victim.c,$(call wild,compel/test))
COMPEL_TEST_OBJ := $(call obj,$(BASE_SRC) $(ARCH_SRC) $(COMPEL_SRC) $(COMPEL_TEST_SRC))
DEPS += $(COMPEL_TEST_OBJ:.o=.d)

# The program that is frozen: no libc state that a fork would share with the tester.
$(B)/test/compel-victim: $(B)/obj/compel/test/victim.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -pthread -o $@ $^

$(B)/test/compel: $(COMPEL_TEST_OBJ) $(PROTO_OBJ) $(B)/obj/blob_compeltest.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^ $(LIBS)

.PHONY: check-compel
check-compel: $(B)/test/compel $(B)/test/compel-victim
	$(B)/test/compel $(B)/test/compel-victim $(ROUNDS)
