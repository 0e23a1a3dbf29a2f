# Soundings: one Makefile, no recursion, no configure. GNU make.
#
#   make run      set up an instance and serve it on http://127.0.0.1:8080 (Ctrl-C stops everything)
#   make check    install what the tests need, build, run every test
#   make help     the rest
#
# Nothing is ever generated beside a source: everything made lies under build/.

MODE ?= release
INSTANCE ?= build/instance
PORT ?= 8080
B := build/$(MODE)
G := build/gen

# ---- what must be installed ---------------------------------------------------------------------------------------------
BUILD_PACKAGES := gcc libc6-dev pkg-config nginx libfcgi-dev libseccomp-dev libsqlite3-dev libsodium-dev libyaml-dev libjansson-dev \
	libqrencode-dev liboath-dev libcairo2-dev libpango1.0-dev libqpdf-dev libzbar-dev libasound2-dev fonts-dejavu-core fonts-noto-core \
	libespeak-ng-dev libsndfile1-dev libsamplerate0-dev espeak-ng-data
TEST_PACKAGES := libcmocka-dev chromium chromium-headless-shell mandoc clang libclang-rt-14-dev clang-format w3m zbar-tools librsvg2-bin \
	poppler-utils qpdf faketime xfsprogs e2fsprogs python3 python3-nacl python3-seccomp systemd procps default-jre-headless cage xwayland xvfb xdotool libxkbcommon-tools shellcheck

# ---- compiler -----------------------------------------------------------------------------------------------------------
PKGS := liboath libseccomp sqlite3 libsodium yaml-0.1 jansson libqrencode cairo pangocairo pangoft2 fontconfig libqpdf zbar alsa espeak-ng sndfile samplerate
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wcast-qual \
	-Wundef -Wwrite-strings -Wpointer-arith
STRICT := $(if $(CI),-Werror)
CFLAGS_release := -O2 -g -fstack-protector-strong -fPIE -fcf-protection -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack
CFLAGS_debug := -O0 -g3
LDFLAGS_debug :=
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS_asan := -fsanitize=address,undefined
ifeq ($(filter $(MODE),release debug asan),)
$(error MODE is release, debug or asan, not '$(MODE)')
endif
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE -MMD -MP $(WARNINGS) $(STRICT) $(CFLAGS_$(MODE)) -Icgi -I$(G) $(PKG_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(MODE)) -Wl,--as-needed $(LDFLAGS)
# As headers of the system: our warnings are about our own code.
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS) 2>/dev/null))
LIBS := -lfcgi $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm

# ---- layers: what each library may use. lint holds the includes against the same table; a test links no more than this ---
MODULES := base sqlite confine station form advice spoken voice envelope spool account catalogue office backup export print placard view http
USES_base :=
USES_sqlite := base
USES_confine := base
USES_station := base
USES_form := base
USES_advice := form base
USES_spoken := form base
USES_voice := base
USES_envelope := base
USES_spool := base
USES_account := base
USES_view := form base
USES_http := base
USES_print := base
USES_export := form base
USES_catalogue := form envelope base
USES_placard := print catalogue form envelope base
USES_office := catalogue form envelope sqlite base
USES_backup := envelope base
PROGRAMS := intake organiser spooler collector poster kiosk-session soundings kiosk
USES_intake := confine http view spool catalogue spoken form envelope base
USES_organiser := confine http office account placard print view catalogue form envelope sqlite base
USES_spooler := confine spool sqlite base
USES_kiosk := confine station http view spool account catalogue form envelope base
USES_collector := confine office catalogue spool form envelope sqlite base
USES_poster := confine print base
USES_kiosk-session := station base
USES_soundings := confine station backup office account placard catalogue export print view spool advice spoken voice form envelope sqlite base

# One short line a step; V=1 shows the commands themselves.
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)' && )

module_sources = $(wildcard cgi/lib/$(1)/*.c)
program_sources = $(wildcard cgi/$(1)/*.c cgi/$(1)/*/*.c)
objects = $(patsubst cgi/%.c,$(B)/obj/%.o,$(1))

TEMPLATES := $(wildcard cgi/pages/*/*.html)
TEMPLATE_C := $(TEMPLATES:cgi/pages/%.html=$(G)/pages/%.c)
TEMPLATE_H := $(TEMPLATE_C:.c=.h)
TEMPLATE_O := $(TEMPLATE_C:$(G)/%.c=$(B)/obj/gen/%.o)
GENERATED_H := $(G)/words_keys.h $(G)/words_built_in.h $(G)/words_organiser_keys.h $(G)/words_organiser.h $(G)/schema_spool.h $(G)/schema_catalogue.h $(G)/schema_office.h
BINARIES := $(PROGRAMS:%=$(B)/%)
UNIT_TESTS := $(patsubst tests/unit/%.c,%,$(shell find tests/unit -name '*_test.c' 2>/dev/null | sort))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all run check check-unit walk drill faults forms posters kiosk kiosk-boot fuzz timing soak lint format clean help static deps deps-test

all: deps programs
.PHONY: programs
programs: $(BINARIES) static

help:
	@echo 'make run        set up $(INSTANCE) and serve it on http://127.0.0.1:$(PORT), organisers one port above'
	@echo 'make check      install what the tests need, build, run every test'
	@echo 'make check-unit the unit tests alone, under address and undefined-behaviour sanitizers'
	@echo 'make walk       20 long random walks through keeping and letting go, with a model beside the programs'
	@echo 'make drill      a lost machine with 100,000 responses comes back, timed'
	@echo 'make faults     kills, power cuts, faults at every call, full disks, wrong clocks, slow clients: all of it, with figures'
	@echo 'make forms      each form in each face by everybody, 10,000 spoilt forms, axe on each page four times: about an hour'
	@echo 'make posters    every kind of poster in every language, printed and read: some minutes'
	@echo 'make kiosk      the kiosk: every state and language, a fresh Debian 12 made a kiosk and back: about an hour'
	@echo 'make kiosk-boot a kiosk from an empty disk in QEMU: installed, started, touched, its power cut, started again: a quarter of an hour'
	@echo 'make fuzz       each fuzz target for 60 s, and that each finds a planted bug'
	@echo 'make bench      how fast the organisers'"'"' pages are with 2,000 events, beside what the machine does otherwise'
	@echo 'make timing     whether the time that a sign-in takes tells which names there are: 200 attempts of each kind'
	@echo 'make soak       half an hour at 50 responses a second'
	@echo 'make lint       clang-format, the table of allowed includes, banned functions, man pages'
	@echo 'make all        build into build/release (MODE=debug or MODE=asan: beside it)'
	@echo 'make gallery    every page in every language and state in build/gallery, for looking at (gallery-pictures: as pictures,'
	@echo '                gallery-golden: what the tests shall expect from now on)'
	@echo 'make format     put every C file into the house format'
	@echo 'make clean      remove what was built; instances stay'
	@echo 'INSTANCE=DIR    where make run keeps its data (build/instance)   PORT=N  where it listens (8080)'

# ---- packages -----------------------------------------------------------------------------------------------------------
deps:
	@cgi/tools/install-packages $(BUILD_PACKAGES)
	@cgi/tools/install-node

deps-test: deps
	@cgi/tools/install-packages $(TEST_PACKAGES)

# ---- build tools and what they make -------------------------------------------------------------------------------------
build/tools/%: cgi/tools/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARNINGS) $(STRICT) -O1 -g -Icgi -o $@ $^

TMPLC_SOURCES := $(wildcard cgi/tools/tmplc/*.c) $(call module_sources,base)
build/tools/tmplc/tmplc: $(TMPLC_SOURCES) $(wildcard cgi/tools/tmplc/*.h cgi/lib/base/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) -std=gnu17 -D_GNU_SOURCE $(WARNINGS) $(STRICT) -O1 -g -Icgi -o $@ $(TMPLC_SOURCES)

$(G)/words_keys.h: forms/strings/en.yaml build/tools/wordsc
	@mkdir -p $(@D)
	$(call say,WORDSC,$<)build/tools/wordsc $< > $@.new && if cmp -s $@.new $@; then rm $@.new; touch $@; else mv $@.new $@; fi

# The organisers' strings: numbers behind the public ones, and the texts themselves, built into their program.
ORGANISER_WORDS := forms/strings/organiser/en.yaml forms/strings/organiser/cy.yaml
$(G)/words_organiser_keys.h: $(firstword $(ORGANISER_WORDS)) build/tools/wordsc
	@mkdir -p $(@D)
	$(call say,WORDSC,$<)build/tools/wordsc --organiser $< > $@.new && if cmp -s $@.new $@; then rm $@.new; touch $@; else mv $@.new $@; fi
$(G)/words_organiser.h: $(ORGANISER_WORDS) cgi/tools/embed
	@mkdir -p $(@D)
	$(call say,EMBED,$@){ cgi/tools/embed words_organiser_en $(word 1,$(ORGANISER_WORDS)); cgi/tools/embed words_organiser_cy $(word 2,$(ORGANISER_WORDS)); } > $@

# The public ones as they were when a program was built, for a catalogue that is older.
$(G)/words_built_in.h: $(wildcard forms/strings/*.yaml) cgi/tools/embed
	@mkdir -p $(@D)
	$(call say,EMBED,$@)cgi/tools/embed --list words_built_in $(sort $(filter %.yaml,$^)) > $@

$(G)/schema_%.h: schema/%.sql cgi/tools/embed
	@mkdir -p $(@D)
	$(call say,EMBED,$<)cgi/tools/embed schema_$* $< > $@

$(G)/schema_office.h: $(wildcard schema/office/*.sql) cgi/tools/embed
	@mkdir -p $(@D)
	$(call say,EMBED,$@)cgi/tools/embed --list schema_office $(sort $(filter %.sql,$^)) > $@

$(G)/pages/%.c $(G)/pages/%.h &: cgi/pages/%.html build/tools/tmplc/tmplc
	@mkdir -p $(@D)
	$(call say,TMPLC,$<)build/tools/tmplc/tmplc -o $(G)/pages/$*.c -h $(G)/pages/$*.h $<

# ---- static files: hashed names, compressed once, served by nginx ---------------------------------------------------------
STATIC_SOURCES := $(shell find static -type f 2>/dev/null)
static: build/static/names.txt
build/static/names.txt $(G)/static_names.h &: $(STATIC_SOURCES) cgi/tools/build-static.mjs package-lock.json
	@mkdir -p $(G)
	$(call say,STATIC,build/static)node cgi/tools/build-static.mjs build/static $(G)/static_names.h

# ---- objects, libraries, programs ---------------------------------------------------------------------------------------
$(B)/obj/%.o: cgi/%.c | $(GENERATED_H)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/obj/gen/%.o: $(G)/%.c | $(GENERATED_H) $(TEMPLATE_H)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(call objects,$(call program_sources,intake) $(call program_sources,organiser) $(call program_sources,kiosk) $(call program_sources,soundings)): | $(TEMPLATE_H) $(G)/static_names.h

define module_rules
$(B)/lib/$(1).a: $(call objects,$(call module_sources,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(call say,AR,$$@)$(AR) rcs $$@ $$^
.PHONY: lib-$(1)
lib-$(1): $(B)/lib/$(1).a
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$(m))))

$(B)/lib/pages.a: $(TEMPLATE_O)
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR,$@)$(AR) rcs $@ $^

archives = $(patsubst %,$(B)/lib/%.a,$(1))
define program_rules
$(B)/$(1): $(call objects,$(call program_sources,$(1))) $(if $(filter view,$(USES_$(1))),$(B)/lib/pages.a) $(call archives,$(USES_$(1)))
	$(call say,LD,$$@)$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rules,$(p))))

# ---- unit tests: one program a file, linked with what its module may use and no more --------------------------------------
test_module = $(word 2,$(subst /, ,$(1)))
test_archives = $(if $(filter lib/%,$(1)),$(call archives,$(call test_module,$(1)) $(USES_$(call test_module,$(1)))),$(call archives,$(USES_$(firstword $(subst /, ,$(1))))))
test_objects = $(if $(filter lib/%,$(1)),,$(filter-out %/main.o,$(call objects,$(call program_sources,$(firstword $(subst /, ,$(1)))))))
define test_rules
$(B)/tests/unit/$(1): tests/unit/$(1).c $(call test_objects,$(1)) $(if $(filter intake/% organiser/% kiosk/% soundings/%,$(1)),$(B)/lib/pages.a) $(call test_archives,$(1)) | $(GENERATED_H)
	@mkdir -p $$(@D)
	$(CC) $$(ALL_CFLAGS) -Itests $$(ALL_LDFLAGS) -o $$@ $$(filter %.c %.o %.a,$$^) -lcmocka $$(LIBS)
endef
$(foreach t,$(UNIT_TESTS),$(eval $(call test_rules,$(t))))
# Tests of programs that start the real program find it beside them.
$(addprefix $(B)/tests/unit/,$(filter spooler/% lib/spool/%,$(UNIT_TESTS))): $(B)/spooler
$(addprefix $(B)/tests/unit/,$(filter collector/%,$(UNIT_TESTS))): $(B)/spooler $(B)/collector
.PHONY: unit-programs
unit-programs: $(UNIT_TESTS:%=$(B)/tests/unit/%)

# ---- measuring: tests/bench ------------------------------------------------------------------------------------------------------
$(B)/bench-fill: tests/bench/fill.c $(call archives,office catalogue form envelope sqlite base) | $(GENERATED_H)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LIBS)
.PHONY: bench
bench: tested-programs
	@$(MAKE) --no-print-directory $(B)/bench-fill
	node tests/bench/organiser.mjs $(B)/bench-fill

# ---- the gallery: every page in every language and state, made by intake's own functions: tests/gallery ---------------------
GALLERY_OBJECTS := $(filter-out %/main.o,$(call objects,$(call program_sources,intake))) $(B)/obj/soundings/down_pages.o
$(B)/gallery: $(wildcard tests/gallery/*.c) $(wildcard tests/gallery/*.h) $(GALLERY_OBJECTS) $(B)/lib/pages.a \
		$(call archives,$(USES_intake)) | $(GENERATED_H)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) -Itests/gallery $(ALL_LDFLAGS) -o $@ $(filter %.c %.o %.a,$^) $(LIBS)
.PHONY: gallery gallery-golden gallery-pictures gallery-axe
GALLERY_AROUND := $(addprefix tests/gallery/,build.mjs gallery.css view.html view.js)
gallery: build/gallery/pages.js
	@echo 'Look at it: python3 -m http.server -d build/gallery -b 127.0.0.1 8090, then http://127.0.0.1:8090/'
build/gallery/pages.js: $(B)/gallery build/static/names.txt $(GALLERY_AROUND) $(shell find forms tests/forms -type f 2>/dev/null)
	@node tests/gallery/build.mjs $(B)/gallery build/gallery
gallery-golden: gallery
	@node tests/gallery/golden.mjs
gallery-pictures: gallery
	@node tests/gallery/pictures.mjs build/gallery/pictures
gallery-axe: gallery
	@AXE=all node tests/gallery/axe.test.mjs
	@AXE=all node tests/gallery/modes.test.mjs

# ---- what people type ---------------------------------------------------------------------------------------------------
run: deps
	@$(MAKE) --no-print-directory -j$$(nproc) programs
	@INSTANCE='$(INSTANCE)' PORT='$(PORT)' cgi/tools/run-practice $(B)

check: deps-test
	@cgi/tools/check

check-unit:
	@$(MAKE) --no-print-directory MODE=asan unit-programs
	@tests/run-unit build/asan

# What takes too long for every check; tests/walk, tests/faults and tests/fuzz have a short one of each (*.check.sh).
.PHONY: tested-programs
tested-programs: deps-test
	@$(MAKE) --no-print-directory -j$$(nproc) programs
walk: tested-programs
	/usr/bin/python3 tests/walk/walk.py --walks 20 --steps 1000 --whole
	/usr/bin/python3 tests/walk/walk.py --walks 10 --steps 1000 --plant tombstones
	/usr/bin/python3 tests/walk/walk.py --walks 10 --steps 1000 --plant edits
	@$(MAKE) --no-print-directory MODE=debug build/debug/tests/unit/lib/office/merge_order_test
	SOUNDINGS_LIVES=all build/debug/tests/unit/lib/office/merge_order_test
drill: tested-programs
	/usr/bin/python3 tests/walk/drill.py --responses 100000
faults: tested-programs
	@$(MAKE) --no-print-directory MODE=asan -j$$(nproc) programs
	/usr/bin/python3 tests/faults/kill.py
	/usr/bin/python3 tests/faults/kill.py --controls
	/usr/bin/python3 tests/faults/powercut/powercut.py --jobs $$(nproc)
	/usr/bin/python3 tests/faults/nth/nth.py
	/usr/bin/python3 tests/faults/nth/nth.py --asan build/asan --most 60
	/usr/bin/python3 tests/faults/disk.py 10
	/usr/bin/python3 tests/faults/clock.py
	/usr/bin/python3 tests/faults/slow.py
forms: tested-programs
	@$(MAKE) --no-print-directory MODE=asan -j$$(nproc) unit-programs
	SOUNDINGS_MUTATIONS=10000 build/asan/tests/unit/intake/mutations_test
	SOUNDINGS_MUTATIONS=10000 build/asan/tests/unit/lib/advice/mutations_test
	node tests/browser/every.test.mjs --all
	AGREEMENT_SETS=10000 node tests/browser/agreement.test.mjs
	AXE=all node tests/browser/axe.test.mjs
	AXE=all node tests/browser/reflow.test.mjs
	node tests/browser/nasty.test.mjs --all
	@$(MAKE) --no-print-directory gallery-axe
posters: tested-programs
	POSTERS=all node tests/site/poster.test.mjs
# Every test of the kiosk, whole: what each check takes a sample of.
kiosk: tested-programs
	@cgi/tools/install-packages debootstrap
	@code=0; for test in $(sort $(wildcard tests/site/kiosk*.test.mjs tests/browser/kiosk*.test.mjs tests/browser/listen*.test.mjs)); do \
		echo "== $$test"; KIOSK=all node $$test || code=1; done; exit $$code
kiosk-boot: tested-programs
	@cgi/tools/install-packages debootstrap qemu-system-x86 fdisk e2fsprogs
	node tests/boot/kiosk.mjs
fuzz: tested-programs
	tests/fuzz/run all 60
	tests/fuzz/planted
timing: tested-programs
	node tests/site/organiser-security.test.mjs --all
soak: tested-programs
	/usr/bin/python3 tests/faults/soak.py

lint:
	@cgi/tools/lint

format:
	clang-format -i $$(git ls-files -co --exclude-standard 'cgi/*.c' 'cgi/*.h' 'tests/*.c' 'tests/*.h')

clean:
	rm -rf build/release build/debug build/asan build/gen build/tools build/static build/gallery build/fuzz

-include $(shell find build/$(MODE) -name '*.d' 2>/dev/null)
