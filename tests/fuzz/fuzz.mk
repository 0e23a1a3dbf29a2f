# How the fuzz targets are built: make -f tests/fuzz/fuzz.mk KIND=... from the top folder. tests/fuzz/run, replay and planted call it.
#
#   KIND=clang   build/fuzz/clang/TARGET: libFuzzer; all of our code instrumented
#   KIND=gcc     build/fuzz/gcc/TARGET: replay.c instead; our libraries come from build/asan, and the parser under test is compiled again
#                with gcov's counters
#   PLANTED=1    (clang) build/fuzz/planted/TARGET: one file of the parser with the bug that planted.txt names
#
# Kept apart from the Makefile because clang, other flags and other objects are of no use to anything else.
KIND ?= gcc
MODE := asan

TARGETS := urlencoded request form expression template spool envelope letter keyset recovery catalogue shown backup csv conf answers

# What each target is about: compiled for it alone, so that its lines can be counted or a bug planted in it. And the libraries it needs.
PARSER_urlencoded := lib/http/http_decode
LIBS_urlencoded := base
PARSER_request := lib/http/http_request lib/http/http_decode lib/http/http_visitor
LIBS_request := base
PARSER_form := lib/form/yaml lib/form/form_build lib/form/form_value lib/form/form_load lib/form/form_load_page lib/form/form_load_question \
	lib/form/form_load_choices lib/form/form_load_variant lib/form/form_load_texts lib/form/form_load_place lib/form/form_library \
	lib/form/form_translation lib/form/form_check lib/form/form_check_questions lib/form/form_check_expressions
LIBS_form := form base
PARSER_expression := lib/form/expr lib/form/expr_parse lib/form/expr_check lib/form/expr_regex lib/form/expr_regex_parse
LIBS_expression := form base
PARSER_template := $(addprefix tools/tmplc/,lex html slot path compile emit source)
LIBS_template := base
PARSER_spool := $(filter-out spooler/main spooler/serve spooler/place spooler/confine,$(patsubst cgi/%.c,%,$(wildcard cgi/spooler/*.c)))
LIBS_spool := spool sqlite base
PARSER_envelope := lib/envelope/envelope
LIBS_envelope := envelope base
PARSER_letter := lib/envelope/letter
LIBS_letter := envelope base
PARSER_keyset := lib/envelope/keyset lib/envelope/keys_signed
LIBS_keyset := envelope base
PARSER_recovery := lib/envelope/keys_recovery lib/envelope/shares lib/envelope/lines lib/envelope/withdrawal lib/base/codec \
	soundings/recovery_text
LIBS_recovery := envelope base
PARSER_catalogue := lib/catalogue/manifest lib/catalogue/directory lib/catalogue/catalogue
LIBS_catalogue := catalogue form envelope base
PARSER_shown := lib/catalogue/shown
LIBS_shown := catalogue form envelope base
PARSER_backup := lib/backup/backup_read lib/backup/layout lib/envelope/stream
LIBS_backup := backup envelope base
PARSER_csv := lib/export/csv
LIBS_csv := export form base
PARSER_conf := lib/base/conf lib/base/problem
LIBS_conf := base
PARSER_answers := $(addprefix lib/form/,answers answers_add answers_view answers_number answers_date answers_rank answers_json)
LIBS_answers := form base

# steady.c stands for random.c and log.c, strict_arena.c for arena.c: linked first, so that the libraries' own are not taken.
COMMON := strict_arena steady

PKGS := sqlite3 libsodium yaml-0.1 jansson libqrencode cairo
CFLAGS_common := -std=gnu17 -D_GNU_SOURCE -MMD -MP -Wall -Wextra -O1 -g -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all -Icgi -Icgi/soundings -Ibuild/gen -Itests -Itests/fuzz \
	$(shell pkg-config --cflags $(PKGS))
LINK := -lfcgi -lcmocka $(shell pkg-config --libs $(PKGS)) -lm
O := build/fuzz/$(if $(PLANTED),planted,$(KIND))

ifeq ($(KIND),clang)
CC := clang
CFLAGS_all := $(CFLAGS_common) -fsanitize=fuzzer-no-link -Wno-string-concatenation
LDFLAGS_all := -fsanitize=fuzzer,address,undefined
LIBRARIES := build/fuzz/clang/lib
COUNTED :=
MAIN :=
else
CC := gcc
CFLAGS_all := $(CFLAGS_common) $(if $(CI),-Werror)
LDFLAGS_all := -fsanitize=address,undefined --coverage
LIBRARIES := build/asan/lib
COUNTED := --coverage -fprofile-update=single
MAIN := replay
endif

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all $(TARGETS)
all: $(TARGETS)

modules := base sqlite form envelope spool catalogue backup export
define module_rules
build/fuzz/clang/lib/$(1).a: $$(patsubst cgi/%.c,build/fuzz/clang/obj/%.o,$$(wildcard cgi/lib/$(1)/*.c))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach m,$(modules),$(eval $(call module_rules,$(m))))

build/fuzz/clang/obj/%.o: cgi/%.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_all) -c -o $@ $<

$(O)/tests/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_all) -c -o $@ $<

define target_rules
.PHONY: $(1)
$(1): $(O)/$(1)

$(O)/parser/$(1)/%.o: cgi/%.c $(if $(PLANTED),tests/fuzz/planted.txt tests/fuzz/plant.py)
	@mkdir -p $$(@D)
	@$(if $(PLANTED),python3 tests/fuzz/plant.py $(1) $$< $$(@:.o=.c))
	@$$(CC) $$(CFLAGS_all) $$(COUNTED) -c -o $$@ $(if $(PLANTED),$$(@:.o=.c),$$<)

$(O)/$(1): $(O)/tests/$(1).o $(MAIN:%=$(O)/tests/%.o) $(COMMON:%=$(O)/tests/%.o) $(PARSER_$(1):%=$(O)/parser/$(1)/%.o) \
		$(LIBS_$(1):%=$(LIBRARIES)/%.a)
	@printf '  %-7s %s\n' LD $$@
	@$$(CC) $$(LDFLAGS_all) -o $$@ $$^ $$(LINK)
endef
$(foreach t,$(TARGETS),$(eval $(call target_rules,$(t))))

print-targets:
	@echo $(TARGETS)

-include $(shell find build/fuzz -name '*.d' 2>/dev/null)
