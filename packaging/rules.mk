# SPDX-License-Identifier: GPL-2.0-only
# From a fresh clone to an installed program.

.PHONY: deps demo install check-docs

deps:
	@ci/deps

# The sub-make reads the flags of what deps has just installed.
demo:
	@ci/deps build
	@$(MAKE) --no-print-directory -s all
	@ci/demo $(BIN)/criu

INSTALL ?= install
install: all install-libkerndat
	$(INSTALL) -D -m 755 $(BIN)/criu $(DESTDIR)$(PREFIX)/sbin/criu
	$(INSTALL) -D -m 644 docs/criu.8 $(DESTDIR)$(PREFIX)/share/man/man8/criu.8
	$(INSTALL) -D -m 644 packaging/completion/criu $(DESTDIR)$(PREFIX)/share/bash-completion/completions/criu

# The manual page and the completion against the program.
check-docs: $(BIN)/criu
	@ci/docs $(BIN)/criu
