# How the program is built that the agreement test asks: make -f tests/browser/judge.mk MODE=... judge, from the top folder. Apart from
# the Makefile because only that test needs it.
include Makefile

.PHONY: judge
judge: $(B)/tests/judge
$(B)/tests/judge: tests/browser/judge.c $(filter-out %/main.o,$(call objects,$(call program_sources,intake))) $(B)/lib/pages.a \
		$(call archives,$(USES_intake)) | $(GENERATED_H)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.c %.o %.a,$^) $(LIBS)
