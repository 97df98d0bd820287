# SPDX-License-Identifier: GPL-2.0-only
# pktsieve: `make help` lists what can be made.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
CORPUS ?=

BUILD := build
CC := gcc
CLANG := clang
BPFTOOL := $(firstword $(wildcard /usr/sbin/bpftool) bpftool)

CPPFLAGS += -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DPKTSIEVE_VERSION='"$(VERSION)"' -I$(BUILD)
CFLAGS += -std=gnu11 -O2 -g -fstack-protector-strong -MMD -MP \
	-Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
LDLIBS := -lbpf -lelf -lz -lpcap
# v3 is what Linux 5.10 takes; newer compilers would choose more by themselves.
BPF_CFLAGS := -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -I. -Ibpf

user_sources := $(wildcard user/*.c user/filter/*.c user/base/*.c)
user_objects := $(patsubst %.c,$(BUILD)/%.o,$(filter-out user/main.c,$(user_sources)))
user_library := $(BUILD)/libpktsieve.a

# pktview shares only the filter language and the base with pktsieve.
view_objects := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tools/main.c,$(wildcard tools/*.c tools/*/*.c)))
# What is done for each packet of a file is worth the compiler's time.
$(view_objects): CFLAGS += -O3
view_library := $(BUILD)/libpktview.a
view_shared := $(patsubst %.c,$(BUILD)/%.o,$(wildcard user/filter/*.c user/base/*.c))

# A program for each of these; what else is in tests/kernel/ is linked with its tests.
test_sources := $(wildcard tests/unit/*_test.c tests/kernel/*_test.c) \
	$(filter-out %.bpf.c %.preload.c,$(wildcard tests/e2e/*.c tests/bench/*.c))
test_programs := $(patsubst %.c,$(BUILD)/%,$(test_sources))
# Those that include a header of tools/ are linked with pktview's library, the others with pktsieve's.
view_tests := $(patsubst %.c,$(BUILD)/%,$(shell grep -l '^\#include "../../tools/' $(test_sources)))
kernel_support := $(patsubst %.c,$(BUILD)/%.o,\
	$(filter-out %_test.c %.bpf.c,$(wildcard tests/kernel/*.c)))
test_bpf := $(patsubst %.bpf.c,$(BUILD)/%.bpf.o,\
	$(wildcard tests/kernel/*.bpf.c tests/e2e/*.bpf.c tests/bench/*.bpf.c))

# libFuzzer's targets: the compiler of expressions and pktview, built once more with the sanitizers.
fuzz_flags := -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -std=gnu11 -MMD -MP
fuzz_shared := $(patsubst %.c,$(BUILD)/fuzz/%.o,$(wildcard user/filter/*.c user/base/*.c))
fuzz_view := $(patsubst $(BUILD)/%,$(BUILD)/fuzz/%,$(view_objects)) $(fuzz_shared)
fuzz_support := $(patsubst %.c,$(BUILD)/fuzz/%.o,tests/fuzz/view_checks.c tests/fuzz/played_packets.c)
fuzz_view_programs := $(patsubst %,$(BUILD)/tests/fuzz/%_fuzz,read dissect stream)
fuzz_objects := $(fuzz_view) $(fuzz_support) $(BUILD)/fuzz/tools/main.o $(BUILD)/fuzz/tests/fuzz/compile_fuzz.o \
	$(patsubst $(BUILD)/%,$(BUILD)/fuzz/%.o,$(fuzz_view_programs))
fuzz_programs := $(BUILD)/tests/fuzz/compile_fuzz $(BUILD)/tests/fuzz/load_expressions $(fuzz_view_programs) \
	$(BUILD)/sanitized/pktview
test_preloads := $(patsubst %.preload.c,$(BUILD)/%.so,$(wildcard tests/e2e/*.preload.c))

# `make V=1` shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-6s %s\n' $(1) $@)

all: $(BUILD)/pktsieve $(BUILD)/pktview ## build pktsieve and pktview

$(BUILD)/pktsieve: $(BUILD)/user/main.o $(user_library)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/pktview: $(BUILD)/tools/main.o $(view_library)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lz

$(view_library): $(view_objects) $(view_shared)
	$(call say,AR)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

$(user_library): $(user_objects)
	$(call say,AR)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/%.o: %.c | $(BUILD)/capture.skel.h
	$(call say,CC)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/%.bpf.o: %.bpf.c vmlinux.h $(wildcard bpf/*.h)
	$(call say,BPF)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

$(BUILD)/capture.skel.h: $(BUILD)/bpf/capture.bpf.o
	$(call say,SKEL)
	$(Q)$(BPFTOOL) gen skeleton $< name capture >$@.new
	$(Q)mv $@.new $@

# The types of vmlinux.h that are used, from a kernel's own description of itself.
vmlinux.h:
	$(BPFTOOL) btf dump file /sys/kernel/btf/vmlinux format c | awk -f bpf/vmlinux.awk >$@.new
	mv $@.new $@

$(filter $(BUILD)/tests/kernel/%,$(test_programs)): $(kernel_support)

$(view_tests): $(BUILD)/%: $(BUILD)/%.o $(view_library)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(view_library) -lz

$(filter-out $(view_tests),$(test_programs)): $(BUILD)/%: $(BUILD)/%.o $(user_library)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(user_library) $(LDLIBS)

$(BUILD)/%.so: %.preload.c
	$(call say,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(filter-out -MMD -MP,$(CFLAGS)) -shared -fPIC -o $@ $<

# No name is asked of a server, and no file is read: the target has functions of its own.
$(BUILD)/tests/fuzz/compile_fuzz: $(fuzz_shared) $(BUILD)/fuzz/tests/fuzz/compile_fuzz.o
	$(call say,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -fsanitize=fuzzer,address,undefined -Wl,--wrap=getaddrinfo,--wrap=open64 -o $@ $^ $(LDLIBS)

$(fuzz_view_programs): $(BUILD)/%: $(BUILD)/fuzz/%.o $(fuzz_support) $(fuzz_view)
	$(call say,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -fsanitize=fuzzer,address,undefined -o $@ $^ -lz

# pktview as it is, with the sanitizers.
$(BUILD)/sanitized/pktview: $(BUILD)/fuzz/tools/main.o $(fuzz_view)
	$(call say,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -fsanitize=address,undefined -o $@ $^ -lz

$(BUILD)/fuzz/%.o: %.c
	$(call say,FUZZ)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(CPPFLAGS) $(fuzz_flags) -fsanitize=fuzzer-no-link -c -o $@ $<

$(BUILD)/tests/fuzz/load_expressions: $(BUILD)/tests/fuzz/load_expressions.o $(kernel_support) $(user_library)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(user_library) $(LDLIBS)

test-programs: $(BUILD)/pktsieve $(BUILD)/pktview $(test_programs) $(test_bpf) $(test_preloads) $(fuzz_programs)

packages: ## install the Debian packages that are missing
	@tools/packaging/install-packages.sh

demo: packages ## capture one host out of a busy mix, and look at the file
	@$(MAKE) --no-print-directory -s all test-programs
	@tests/e2e/demo.sh

test: packages ## every test; CORPUS=DIR goes further with the captures there
	@$(MAKE) --no-print-directory -s all test-programs
	@CORPUS='$(CORPUS)' tests/run.sh

fuzz: packages ## random expressions on random frames without end; needs CORPUS=DIR, FUZZ_SEED=TEXT
	@$(MAKE) --no-print-directory -s all test-programs
	@CORPUS='$(CORPUS)' FUZZ_ROUNDS=0 build/tests/kernel/differential_test

test-kernels: packages ## the kernel tests in virtual machines: Linux 5.10, 6.1, the newest
	@$(MAKE) --no-print-directory -s all test-programs
	@tests/vm/run-kernels.sh

bench: packages ## figures against tcpdump, on this machine; nothing is asserted
	@$(MAKE) --no-print-directory -s all test-programs
	@tests/bench/idle.sh
	@tests/bench/many_interfaces.sh

bench-filter: packages ## what a packet costs that does not match, against tcpdump; nothing is asserted
	@$(MAKE) --no-print-directory -s all test-programs
	@tests/bench/filter.sh

bench-count: packages ## what counting, --top, --sample, --per-host, --max-rate cost a packet; nothing is asserted
	@$(MAKE) --no-print-directory -s all test-programs
	@tests/bench/count.sh

bench-view: packages ## pktview against tshark and tcpdump on a capture of 1 GiB; nothing is asserted
	@$(MAKE) --no-print-directory -s $(BUILD)/pktview $(BUILD)/tests/bench/view_traffic $(BUILD)/tests/bench/cost
	@tests/bench/view.sh

install: all ## install into $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/share/man/man8
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0755 $(BUILD)/pktsieve $(DESTDIR)$(PREFIX)/sbin/pktsieve
	install -m 0755 $(BUILD)/pktview $(DESTDIR)$(PREFIX)/bin/pktview
	install -m 0644 docs/pktsieve.8 $(DESTDIR)$(PREFIX)/share/man/man8/pktsieve.8
	install -m 0644 docs/pktview.1 $(DESTDIR)$(PREFIX)/share/man/man1/pktview.1

clean: ## remove what was built
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

-include $(user_objects:.o=.d) $(view_objects:.o=.d) $(BUILD)/tools/main.d $(BUILD)/user/main.d $(addsuffix .d,$(test_programs)) $(kernel_support:.o=.d) \
	$(fuzz_objects:.o=.d) $(BUILD)/tests/fuzz/load_expressions.d

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all packages demo test test-programs fuzz test-kernels bench bench-filter bench-count bench-view install clean help
