# SPDX-License-Identifier: GPL-2.0-only
# Tests of the ways in: parsers by themselves, and the program by its exit statuses.

FRONT_TEST_OBJ := $(call obj,$(call wild,criu/front/test))
DEPS += $(FRONT_TEST_OBJ:.o=.d)

$(B)/test/front_test: $(FRONT_TEST_OBJ) $(filter-out %/criu/front/main.o,$(CRIU_OBJ)) $(PROTO_OBJ) $(BLOB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^ $(LIBS)

.PHONY: check-front
check-front: $(B)/test/front_test $(BIN)/criu
	$(B)/test/front_test $(abspath $(BIN)/criu)
