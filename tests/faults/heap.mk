# How intake is built on the heap alone, for publishes.py: make -f tests/faults/heap.mk intake-on-heap, from the top folder. Apart from the
# Makefile because only that test needs it.
include Makefile

WRAPPED := arena_init_mapped memory_start memory_trim
.PHONY: intake-on-heap
intake-on-heap: $(B)/tests/intake-on-heap
$(B)/tests/intake-on-heap: tests/faults/heap.c $(call objects,$(call program_sources,intake)) $(B)/lib/pages.a \
		$(call archives,$(USES_intake)) | $(GENERATED_H)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(WRAPPED:%=-Wl,--wrap=%) -o $@ $(filter %.c %.o %.a,$^) $(LIBS)
