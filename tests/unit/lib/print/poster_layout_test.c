/* SPDX-License-Identifier: MIT */
/* poster_layout_test.c: on every kind, with every number of languages, nothing overlaps and everything is inside the page and large
 * enough; what does not fit is refused by name. And a test of the test: a scene with a fault is found out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/print/poster_fonts.h"
#include "lib/print/poster_layout.h"
#include "lib/print/poster_size.h"
#include "lib/print/qr.h"
#include "lib/print/qr_matrix.h"
#include "poster_sample.h"

enum { ARENA_BYTES = 64 << 20 };

/* Fonts and types live as long as the program: the leak checker (where there is one) asks this. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\nleak:libgobject\nleak:libcairo\n";
}

static struct poster_fonts fonts;
static PangoFontMap *map;

static int set_up(void **state)
{
	(void) state;
	struct poster_trouble trouble;
	if (poster_fonts_load(&fonts, &trouble) != ERR_OK)
		return -1;
	map = poster_fonts_map(&fonts);
	return map ? 0 : -1;
}

static int tear_down(void **state)
{
	(void) state;
	g_object_unref(map);
	poster_fonts_fini(&fonts);
	return 0;
}

struct laid {
	struct arena arena;
	struct scene scene;
	QRcode *code;
	double margin, side_mm;
	struct poster_trouble trouble;
	enum err error;
};

static void lay(struct laid *laid, const struct poster_request *request)
{
	*laid = (struct laid){0};
	arena_init(&laid->arena, ARENA_BYTES);
	QRecLevel level = request->is_laminated ? QR_ECLEVEL_Q : QR_ECLEVEL_M;
	assert_int_equal(qr_matrix_make(request->address, strlen(request->address), QR_MODE_AN, level, 10, &laid->code),
			 ERR_OK);
	laid->error = poster_size_check(request, (unsigned) laid->code->width, &laid->side_mm, &laid->trouble);
	if (!laid->error)
		laid->error = poster_layout(request, laid->code, laid->side_mm, map, &laid->arena, &laid->scene,
					    &laid->margin, &laid->trouble);
}

static void let_go(struct laid *laid)
{
	scene_fini(&laid->scene);
	qr_matrix_free(&laid->code);
	arena_fini(&laid->arena);
}

static size_t count_of(const struct scene *scene, const char *text)
{
	size_t count = 0;
	for (size_t i = 0; i < scene->count; i++)
		if (scene->items[i].shape == SCENE_TEXT && strstr(pango_layout_get_text(scene->items[i].layout), text))
			count++;
	return count;
}

static size_t codes_of(const struct scene *scene)
{
	size_t count = 0;
	for (size_t i = 0; i < scene->count; i++)
		count += scene->items[i].shape == SCENE_CODE;
	return count;
}

static void check_sizes(const char *name, const struct laid *laid, const struct poster_request *request)
{
	double least = request->kind == POSTER_CARDS ? 12 : request->kind == POSTER_SLIDE ? 24 : 14;
	for (size_t i = 0; i < laid->scene.count; i++) {
		const struct scene_item *item = &laid->scene.items[i];
		if (item->shape == SCENE_TEXT) {
			double size = pango_font_description_get_size(pango_layout_get_font_description(item->layout)) /
				      (double) PANGO_SCALE;
			if (size < least - 0.01)
				fail_msg("%s: '%s' has %f points", name, pango_layout_get_text(item->layout), size);
		}
		if (item->shape == SCENE_CODE && request->kind != POSTER_SLIDE) {
			double module = item->box.width / (laid->code->width + 2 * QR_QUIET_MODULES) / POSTER_MM;
			assert_true(module >= 0.4 && module * laid->code->width >= laid->side_mm - 0.01);
		}
	}
}

static const struct row {
	const char *name;
	enum poster_kind kind;
	unsigned faces; /* how many of English, Welsh, Arabic, Urdu */
	size_t codes;
	size_t leads; /* how often the first language's largest words stand there */
} rows[] = {
	{"a4, one", POSTER_A4, 1, 1, 1},         {"a4, two", POSTER_A4, 2, 1, 1},
	{"a4, three", POSTER_A4, 3, 1, 1},       {"a3, one", POSTER_A3, 1, 1, 1},
	{"a3, two", POSTER_A3, 2, 1, 1},         {"a3, four", POSTER_A3, 4, 1, 1},
	{"tent, one", POSTER_TENT, 1, 2, 2},     {"tent, two", POSTER_TENT, 2, 2, 1},
	{"cards, one", POSTER_CARDS, 1, 8, 8},   {"cards, two", POSTER_CARDS, 2, 8, 4},
	{"cards, three", POSTER_CARDS, 3, 8, 3}, {"cards, four", POSTER_CARDS, 4, 8, 2},
	{"slide, one", POSTER_SLIDE, 1, 1, 1},   {"slide, two", POSTER_SLIDE, 2, 1, 1},
	{"slide, four", POSTER_SLIDE, 4, 1, 1},  {"the code alone", POSTER_QR, 1, 1, 0},
};

static void everything_has_its_place(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct poster_request request = poster_sample();
		request.kind = rows[i].kind;
		request.faces[1] = poster_sample_welsh;
		request.faces[2] = poster_sample_arabic;
		request.faces[3] = poster_sample_urdu;
		request.faces_count = rows[i].faces;
		struct laid laid;
		lay(&laid, &request);
		if (laid.error)
			fail_msg("%s: %s", rows[i].name, laid.trouble.words);
		size_t first, second;
		if (!scene_is_sound(&laid.scene, laid.margin, &first, &second))
			fail_msg("%s: items %zu and %zu", rows[i].name, first, second);
		if (codes_of(&laid.scene) != rows[i].codes ||
		    count_of(&laid.scene, request.faces[0].lead) != rows[i].leads)
			fail_msg("%s: %zu codes, %zu leads", rows[i].name, codes_of(&laid.scene),
				 count_of(&laid.scene, request.faces[0].lead));
		check_sizes(rows[i].name, &laid, &request);
		for (unsigned face = 0; face < rows[i].faces && request.kind != POSTER_QR; face++) {
			assert_true(count_of(&laid.scene, request.faces[face].minutes) > 0);
			assert_true(count_of(&laid.scene, request.faces[face].until) > 0);
			assert_true(count_of(&laid.scene, request.faces[face].paper) > 0);
		}
		let_go(&laid);
	}
}

static char long_title[700], long_word[200];

static void what_does_not_fit_is_named(void **state)
{
	(void) state;
	for (size_t i = 0; i + 1 < sizeof long_title; i++)
		long_title[i] = i % 7 == 6 ? ' ' : 'w';
	struct poster_request request = poster_sample();
	request.kind = POSTER_CARDS;
	request.faces[0].paper = long_title;
	struct laid laid;
	lay(&laid, &request);
	assert_int_equal(laid.error, ERR_TOO_BIG);
	assert_non_null(strstr(laid.trouble.words, "faces[0].paper (699 signs)"));
	assert_non_null(strstr(laid.trouble.words, "take an a3"));
	let_go(&laid);
	request = poster_sample();
	request.event.place = long_title;
	request.kind = POSTER_SLIDE;
	lay(&laid, &request);
	assert_int_equal(laid.error, ERR_TOO_BIG);
	assert_non_null(strstr(laid.trouble.words, "event.place (699 signs)"));
	let_go(&laid);
}

/* A word that is wider than its line goes on in the next rather than out of the page; a long title makes all type smaller. */
static void long_words_stay_inside(void **state)
{
	(void) state;
	static const enum poster_kind kinds[] = {POSTER_A4, POSTER_TENT, POSTER_SLIDE};
	memset(long_word, 'w', 120);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct poster_request request = poster_sample();
		request.kind = kinds[i];
		request.faces[0].title = long_word;
		struct laid laid;
		lay(&laid, &request);
		if (laid.error)
			fail_msg("%s: %s", poster_kind_name(kinds[i]), laid.trouble.words);
		size_t first, second;
		assert_true(scene_is_sound(&laid.scene, laid.margin, &first, &second));
		assert_true(count_of(&laid.scene, long_word) > 0);
		let_go(&laid);
	}
}

/* What the address needs in millimetres, the layout gives. */
static void laminated_and_long_addresses(void **state)
{
	(void) state;
	struct poster_request request = poster_sample();
	request.is_laminated = true;
	request.address = "HTTPS://FEEDBACK.COMMUNITY-CONVERSATIONS.AREA-SOUTH-EAST.EXAMPLE.ORG/E4K7QX";
	request.shown_address = "feedback.community-conversations.area-south-east.example.org";
	struct laid laid;
	lay(&laid, &request);
	if (laid.error)
		fail_msg("%s", laid.trouble.words);
	assert_true(laid.code->width > 33);
	check_sizes("a long address", &laid, &request);
	let_go(&laid);
}

static void faults_are_found(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_BYTES);
	struct scene scene;
	const struct scene_style style = {.size = 20, .role = SCENE_P};
	size_t first, second;
	scene_init(&scene, map, &arena, 400, 400);
	scene_text(&scene, "One", "en", false, &style, 50, 50, 300);
	scene_text(&scene, "Two", "en", false, &style, 50, 100, 300);
	assert_true(scene_is_sound(&scene, 20, &first, &second));
	assert_false(scene_is_sound(&scene, 60, &first, &second)); /* too near to the edge */
	assert_int_equal(first, second);
	scene_move(&scene, 1, 0, -45);
	assert_false(scene_is_sound(&scene, 20, &first, &second));
	assert_true(first == 1 && second == 0);
	scene_move(&scene, 1, 0, 290);
	assert_false(scene_is_sound(&scene, 40, &first, &second)); /* below */
	scene.items[1].is_turned = true;                           /* the upper half, the other way up: above */
	assert_false(scene_is_sound(&scene, 0, &first, &second));
	assert_false(scene.is_broken || scene.is_crowded);
	scene_text(&scene, "Llanfairpwllgwyngyll", "en", false, &style, 50, 200, 60);
	assert_true(scene.is_broken);
	scene_fini(&scene);
}

/* Text from right to left ends at the right edge of its place; so does a name in another direction beside it. */
static void directions_keep_their_side(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, ARENA_BYTES);
	struct scene scene;
	const struct scene_style style = {.size = 20}, foreign = {.size = 20, .is_foreign = true};
	scene_init(&scene, map, &arena, 400, 400);
	scene_text(&scene, "أخبرنا برأيك", "ar", true, &style, 50, 50, 300);
	scene_text(&scene, "Crown", "en", true, &foreign, 50, 100, 300);
	scene_text(&scene, "أخبرنا", "ar", false, &foreign, 50, 150, 300);
	scene_text(&scene, "Crown", "en", false, &style, 50, 200, 300);
	for (size_t i = 0; i < 4; i++) {
		const struct scene_box *box = &scene.items[i].box;
		bool is_left = box->x<53, is_right = box->x + box->width> 347;
		if (is_left != (i >= 2) || is_right != (i < 2))
			fail_msg("text %zu is from %f to %f", i, box->x, box->x + box->width);
	}
	scene_fini(&scene);
}

static const struct sign {
	const char *name, *text, *words;
} signs[] = {
	{"Latin with marks", "Ŵŷ Łódź Hawlaha", NULL},
	{"six scripts", "আমি ਮੈਂ میں أنا हिन्दी ગુજરાતી", NULL},
	{"what is not seen", "a\u200b\u200d\u2066b\u2069\u00ad\ufe0f", NULL},
	{"runes", "ᚠᚢᚦ",
	 "x has a sign (U+16A0, in the script Runr) that no font here has: install the package fonts-noto-core"},
	{"a private sign", "a\ue000b", "U+E000, a picture or symbol) that no font of posters has: take it out"},
};

static void signs_without_a_font_are_named(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		struct poster_trouble trouble = {{0}};
		enum err error = poster_fonts_check(&fonts, "x", signs[i].text, &trouble);
		if (signs[i].words ? error != ERR_NOT_FOUND || !strstr(trouble.words, signs[i].words) : error != ERR_OK)
			fail_msg("%s: %d, '%s'", signs[i].name, error, trouble.words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_has_its_place),
		cmocka_unit_test(what_does_not_fit_is_named),
		cmocka_unit_test(long_words_stay_inside),
		cmocka_unit_test(laminated_and_long_addresses),
		cmocka_unit_test(faults_are_found),
		cmocka_unit_test(directions_keep_their_side),
		cmocka_unit_test(signs_without_a_font_are_named),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
