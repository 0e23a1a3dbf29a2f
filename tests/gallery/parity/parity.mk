# How the program of the parity test is built: make -f tests/gallery/parity/parity.mk MODE=... parity, from the top folder. Apart from the
# Makefile because only that test needs it.
include Makefile

.PHONY: parity
parity: $(B)/tests/parity
$(B)/tests/parity: tests/gallery/parity/parity.c $(B)/lib/pages.a $(call archives,view form base) | $(GENERATED_H)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LIBS)
