/* SPDX-License-Identifier: MIT */
/* poster_size.c: how large a QR code has to be (domain.md 1.3): ten to one is what cameras of old phones need for a code of some 25
 * modules; an address so long that it needs more of them needs a larger code, or its modules are too fine for that distance. */
#include "lib/print/poster_size.h"

#include <math.h>
#include <stdio.h>

static const double hand_mm = 25, module_mm = 0.4, side_ratio = 10, module_ratio = 300;

static const struct {
	unsigned distance_cm; /* usual */
	double most_mm;
} sizes[POSTER_KIND_COUNT] = {
	[POSTER_A4] = {60, 95},    [POSTER_A3] = {100, 180}, [POSTER_TENT] = {50, 80},
	[POSTER_CARDS] = {25, 36}, [POSTER_SLIDE] = {0, 0},  [POSTER_QR] = {40, 1000},
};

unsigned poster_size_distance_cm(const struct poster_request *request)
{
	return request->distance_cm ? request->distance_cm : sizes[request->kind].distance_cm;
}

double poster_size_side_mm(unsigned modules, unsigned distance_cm)
{
	double distance_mm = distance_cm * 10.0;
	double module = fmax(module_mm, distance_mm / module_ratio);
	return fmax(hand_mm, fmax(distance_mm / side_ratio, module * modules));
}

double poster_size_most_mm(enum poster_kind kind)
{
	return sizes[kind].most_mm;
}

/* The farthest distance, in steps of 5 cm, that a code of MODULES on KIND can be read from. 0: none. */
static unsigned farthest_cm(enum poster_kind kind, unsigned modules)
{
	unsigned best = 0;
	for (unsigned cm = 10; cm <= POSTER_DISTANCE_MAX_CM; cm += 5)
		if (poster_size_side_mm(modules, cm) <= sizes[kind].most_mm)
			best = cm;
	return best;
}

enum err poster_size_check(const struct poster_request *request, unsigned modules, double *side_mm,
			   struct poster_trouble *trouble)
{
	enum poster_kind kind = request->kind;
	unsigned distance_cm = poster_size_distance_cm(request), farthest = farthest_cm(kind, modules);
	*side_mm = poster_size_side_mm(modules, distance_cm);
	if (kind == POSTER_SLIDE || *side_mm <= sizes[kind].most_mm)
		return ERR_OK;
	bool is_fine =
		*side_mm > fmax(hand_mm, distance_cm * 10.0 / side_ratio); /* it is the modules that ask for more */
	bool is_better_on_a3 =
		kind != POSTER_A3 && poster_size_side_mm(modules, distance_cm) <= sizes[POSTER_A3].most_mm;
	char nearer[96] = "";
	if (farthest && snprintf(nearer, sizeof nearer, "read it from %u cm (distance_cm) at most%s", farthest,
				 is_better_on_a3 ? ", or " : "") < 0)
		return ERR_INVALID;
	return poster_refuse(trouble, ERR_TOO_BIG,
			     "distance_cm: to be read from %u cm the code has to be %.0f mm wide%s, and %s has room "
			     "for %.0f mm: %s%s%s",
			     distance_cm, ceil(*side_mm),
			     is_fine ? " (the address is long, which makes its squares small)" : "",
			     poster_kind_name(kind), sizes[kind].most_mm, nearer,
			     is_better_on_a3 ? "take an a3"
			     : farthest      ? ""
					     : "use a shorter address",
			     farthest && is_fine ? ", or use a shorter address" : "");
}
