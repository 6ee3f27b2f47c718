# SPDX-License-Identifier: GPL-2.0-only
# Unit tests of the image files.

IMAGE_TEST_OBJ := $(call obj,criu/image/test/image_test.c $(BASE_SRC) criu/image/image.c) $(PROTO_OBJ)
DEPS += $(B)/obj/criu/image/test/image_test.d

$(B)/test/image_test: $(IMAGE_TEST_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

.PHONY: check-image
check-image: $(B)/test/image_test
	$(B)/test/image_test

PAGES_TEST_OBJ := $(call obj,criu/image/test/pages_test.c $(BASE_SRC) criu/image/image.c criu/image/fault.c \
	criu/image/pages_file.c criu/image/pages_read.c criu/image/pages_write.c) $(PROTO_OBJ)
DEPS += $(B)/obj/criu/image/test/pages_test.d

$(B)/test/pages_test: $(PAGES_TEST_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

.PHONY: check-pages
check-pages: $(B)/test/pages_test
	$(B)/test/pages_test
