/* SPDX-License-Identifier: MIT */
/* poster_page.h: what the kinds of posters are laid out from: measures, colours, and the parts that all of them have. */
#ifndef SOUNDINGS_PRINT_POSTER_PAGE_H
#define SOUNDINGS_PRINT_POSTER_PAGE_H

#include "lib/print/poster_request.h"
#include "lib/print/scene.h"

/* static/css/_colours.scss has the same; on a slide those of the dark kiosk. */
struct poster_colours {
	struct scene_colour ink, soft, deep, tide, mist, line, card, on_card;
};

/* One attempt at a page. The kinds' functions put everything where it would stand; whether that fits is asked afterwards. */
struct poster_page {
	struct scene *scene;
	const struct poster_request *request;
	const QRcode *code;
	struct poster_colours colours;
	double mm;        /* scene units in a millimetre of A4, larger on A3 in proportion */
	double scale;     /* of all text: 1 is the least that this kind may have */
	double text_min;  /* nothing is smaller */
	double side;      /* of the code's dark square */
	double margin;    /* nothing that is read is nearer to the edge */
	unsigned density; /* 0: with room; higher: closer, as each kind counts */
	bool has_heading; /* the page's first heading stands */
	bool is_over;     /* something is too tall for its place */
};

/* How often a kind can be laid out closer, and its least share of the code. */
struct poster_kind_layout {
	void (*lay)(struct poster_page *page);
	unsigned densities;
	double scale_most; /* of text */
};
const struct poster_kind_layout *poster_sheet_layout(void);
const struct poster_kind_layout *poster_tent_layout(void);
const struct poster_kind_layout *poster_cards_layout(void);
const struct poster_kind_layout *poster_slide_layout(void);
const struct poster_kind_layout *poster_alone_layout(void);

/* A run of faces: those of one side, or of one card. */
struct poster_faces {
	size_t first, count;
};

/* ---- parts; each puts itself at X, Y and gives its height ---- */

/* A style of SIZE at scale 1. */
struct scene_style poster_style(const struct poster_page *page, double size, bool is_bold, struct scene_colour colour);

/* The same as the page's next heading: H1 for the first. */
struct scene_style poster_heading(struct poster_page *page, double size, struct scene_colour colour);

/* All of FACES have the same title. */
bool poster_has_one_title(const struct poster_page *page, struct poster_faces faces);

/* The organisation's name with the mark, on the side where FACES begin. 0 without one. */
double poster_part_organisation(struct poster_page *page, struct poster_faces faces, double size, double x, double y,
				double width);

/* What the event is called, where and when, as far as the request says and TITLE (of FACES; may be NULL) does not. 0 when there is nothing. */
double poster_part_event(struct poster_page *page, struct poster_faces faces, const char *title, double size, double x,
			 double y, double width);

enum {
	POSTER_WITH_LEAD = 1 << 0,
	POSTER_WITH_TITLE = 1 << 1,
	POSTER_WITH_WHAT = 1 << 2,
	POSTER_WITH_FACTS = 1 << 3,   /* minutes, anonymous, until */
	POSTER_WITH_CONTACT = 1 << 4, /* paper, phone */
	POSTER_WITH_EVENT = 1 << 5,   /* behind the title */
	POSTER_JOINED = 1 << 6,       /* facts and contact as running text, without icons */
	POSTER_IN_A_ROW = 1 << 7      /* facts beside one another */
};

/* Sizes at scale 1. */
struct poster_sizes {
	double lead, title, body, gap;
};

/* One language, as far as WITH says. */
double poster_part_face(struct poster_page *page, size_t face, unsigned with, struct poster_sizes sizes, double x,
			double y, double width);

/* FACES in COLUMNS columns, GUTTER apart, rows by rows; the last one alone has the whole width. */
double poster_part_grid(struct poster_page *page, struct poster_faces faces, unsigned with, struct poster_sizes sizes,
			unsigned columns, double gutter, double x, double y, double width);

/* The code on a white card with PAD around; gives the card's width, which is its height too. */
double poster_part_code(struct poster_page *page, size_t face, double pad, double x, double y);

/* What part_code would give. */
double poster_part_code_width(const struct poster_page *page, double pad);

/* "Or type this into your browser:" in each of FACES, and the address on one line, as large as fits up to SIZE. */
double poster_part_address(struct poster_page *page, struct poster_faces faces, double body, double size, double x,
			   double y, double width);

/* "Code" in each of FACES, and the code in a frame. */
double poster_part_typed_code(struct poster_page *page, struct poster_faces faces, double body, double size, double x,
			      double y, double width);

#endif
