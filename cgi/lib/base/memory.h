/* SPDX-License-Identifier: MIT */
/* memory.h: how a program that runs for weeks keeps its heap from growing without a reason. */
#ifndef SOUNDINGS_BASE_MEMORY_H
#define SOUNDINGS_BASE_MEMORY_H

/* Once, at the start of a program's main: pieces of 32 KiB and more are from now on mappings of their own, which go back to the
 * system when they are freed. */
void memory_start(void);

/* After much was freed at once: gives back every whole page of the heap that nothing lies on. Takes well under a millisecond. */
void memory_trim(void);

#endif
