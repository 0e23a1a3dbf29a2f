/* SPDX-License-Identifier: MIT */
/* pages.h: page models: plain structs that say everything a page of the public site shows, and nothing else.
 *
 * Programs fill them, templates in cgi/pages/ print them, fixtures in tests/ make examples of them. Texts are unescaped
 * UTF-8, already in the page's language; NULL or "" prints nothing. */
#ifndef SOUNDINGS_VIEW_PAGES_H
#define SOUNDINGS_VIEW_PAGES_H

#include "lib/form/words.h"
#include "lib/view/view.h"

#include <stdbool.h>
#include <stddef.h>

/* A text with the language it is in, when that is not the page's (WCAG 3.1.2). */
struct page_text {
	const char *text;
	const char *lang; /* base tag for a lang attribute; NULL: the page's own */
};

struct page_language {
	const char *tag;     /* "cy", "en-x-easy": value of the button that keeps answers */
	const char *name;    /* in itself: "Cymraeg", "Easy Read" */
	const char *lang;    /* base tag, for lang= */
	const char *dir;     /* "ltr" or "rtl" */
	struct safe_url url; /* the same page in that language */
	bool is_current;
};

/* A notice's own words: a paragraph, or a list. */
struct page_block {
	struct page_text paragraph;    /* one of the two; text NULL: a list */
	const struct page_text *items; /* a list */
	size_t items_count;
};
struct page_notice_section {
	struct page_text heading;
	const struct page_block *blocks;
	size_t blocks_count;
};

struct page_helpline {
	const char *title;
	const char *number; /* NULL: none */
	const char *web;    /* NULL: none; plain text, not a link */
	const char *note;
};

/* How one person sees or hears a page, kept by the page alone: classes on <html> ("size-2", "contrast", "listening") and hidden
 * fields view-size, view-contrast, view-listen, which every submit brings back. */
struct page_view {
	unsigned size; /* 1 to 3 */
	bool has_contrast;
	bool is_listening;
	const char
		*pressed; /* "view-size" and so on: the button that was pressed to get here has the focus again; "" */
};

/* The kiosk's face: what stands in #kiosk for static/js/kiosk/, and in the bar, the panels and the dialogs around the page.
 *
 * #kiosk has data-state, data-start (url), data-idle, data-warning, data-thanks (seconds), data-left ("Seconds left: {n}"), data-more, data-up and, on a
 * machine that is a kiosk, data-alive and data-end. #kioskBar has #kioskListen, #kioskSize, #kioskContrast (submits of view-* that the
 * script does in place), #kioskEasy (a submit of "to"), #kioskLanguages and #kioskHelp (they open the popovers #kioskLanguagesPanel and
 * #kioskHelpPanel, which need no script), #kioskAgain (opens #kioskAsk). Dialogs, which are popovers as well, and so do without script:
 * #kioskAsk with #kioskAskYes (a link to the start) and #kioskAskNo; #kioskIdle with #kioskIdleLeft (role=status) and #kioskIdleStay,
 * #kioskIdleEnd. What only a script can do has the class "scripted-only": shown when <html> has "scripted". The thank-you has
 * #kioskFinished, a link to the start. */
struct page_kiosk {
	bool is_on;                /* false: a page of another face; nothing below is set */
	const char *state;         /* "start", "chooser", "form", "thanks", "message" */
	const char *form;          /* id of the page's form, "answers" or "kioskBegin"; "": it has none */
	bool has_begin;            /* that is kioskBegin, which holds nothing but the view */
	struct safe_url start_url; /* "/kiosk/E4K7QX" */
	struct safe_url here_url;  /* where view-* are sent */
	unsigned idle_s, warning_s, thanks_s;
	bool is_machine;      /* conf mode = kiosk: there is a staff menu, and somebody who ends sessions */
	const char *easy_tag; /* Easy Read of the page's language, or the way back from it; NULL: none */
	const char *easy_name, *easy_lang;
	struct safe_url easy_url;
	bool has_languages, has_again; /* these buttons are in the bar */
	unsigned next_size;            /* what "Bigger text" asks for: 2, 3, then 1 again */
	bool is_largest;
	bool is_listen_pressed, is_size_pressed, is_contrast_pressed; /* from view.pressed */
	const struct page_helpline *helplines;                        /* everybody who can help */
	size_t helplines_count;
	const struct page_notice_section *privacy; /* the organisation's own words, in a popover: #kioskPrivacyPanel */
	size_t privacy_count;
	const char *privacy_back; /* how answers are taken back from elsewhere */
};

/* A sound that is named on a page: the files /sound/NAME.opus and .mp3. */
struct page_sound {
	const char *name;  /* NULL: there is none */
	const char *label; /* what its player is called */
};

/* A text that a page may show, and its sound: for the script. */
struct page_said {
	const char *text;
	const char *name;
	bool is_sign; /* of a receipt, read sign by sign: no word */
};

/* What of a page can be heard. On a plain one only whether and where. */
struct page_sounds {
	bool is_on;                /* the page names sounds: #pageSounds, players beside its parts */
	bool is_lacking;           /* somebody wants to listen, and there is nothing yet */
	bool can_listen, can_stop; /* a plain page that could be heard; a phone's that is */
	struct safe_url other_url; /* the same with sound, or without; "": neither */
	const struct page_said *said;
	size_t said_count;
	struct page_sound welcome, anonymous, crime, practice, exit, errors, not_saved, send;
	struct page_sound thanks, receipt, next, stored, help;
};

/* What every page has around it. (Not struct page: that is a page of a form, lib/form/form.h.) */
struct page_frame {
	const char *lang;    /* html lang: base tag */
	const char *dir;     /* "ltr" or "rtl" */
	const char *variant; /* "" or "easy": a class on <html> */
	const char *title;   /* of the document, without "Error: " */
	const char *heading; /* beside the mark in the top bar: the form's title; neutral with the exit button */
	bool has_errors;     /* the title begins with "Error: " */
	const struct page_language *languages;
	size_t languages_count; /* 0: no chooser */
	bool is_form;           /* language chooser is of buttons that keep answers, inside the form (form="answers") */
	bool has_exit;          /* Exit this page */
	struct safe_url exit_url;
	bool is_practice; /* banner: whoever runs this can read what is written */
	bool is_draft;    /* this language is a draft that nobody has checked */
	/* STATIC_SITE_CSS; STATIC_LISTEN_CSS on pages that can be heard; STATIC_KINDS_CSS where a question is of a kind that only some forms have; STATIC_LOOP_CSS after an event. */
	struct safe_url css;
	struct safe_url rare_css;                                    /* for paper, forced colours and very large text */
	struct safe_url js;                                          /* "" on pages without script */
	struct safe_url icon;                                        /* static/img/icon.svg under its hashed name */
	struct safe_url home_url;                                    /* takes typed codes */
	struct safe_url help_url;                                    /* everybody who can help, in this language */
	struct safe_url withdraw_url;                                /* where a receipt takes answers back */
	struct safe_url privacy_url, accessibility_url, cookies_url; /* in this language */
	struct page_view view;                                       /* of listening phones and of kiosks */
	struct page_kiosk kiosk;
	struct page_sounds sounds;
	const char *tag; /* of the page's face, for buttons that keep it */
};

struct page_error {
	struct safe_url href; /* "#overall": the first control of the question */
	const char *message;
};

struct page_hidden {
	const char *name;
	const char *value;
};

/* A number that a choice of a rank can have: an option of its list. */
struct page_place {
	unsigned n;
	bool is_chosen;
};

/* One radio or tick box; of a rank, one choice with its list of places. */
struct page_item {
	const char *id;   /* "overall", "overall-2", ... : the first has the field's own name. Of a rank as name */
	const char *name; /* of a rank "matters.CODE" */
	const char *value;
	struct page_text label;
	bool is_checked;
	bool is_exclusive;
	bool has_divider;        /* an "or" stands before it (exclusive and refusal choices at the end) */
	int face;                /* 1 to 5, 0 none */
	struct safe_url picture; /* beside the words; "": none */
	struct page_text group;  /* heading that begins before it; text NULL: none */
	bool ends_group;         /* the group that was open ends before this item (also when the next one begins) */
	const char *label_id;    /* scale: the label's id, where end_id is set; NULL */
	const char *end_id;      /* scale, first and last point: what says what that end means; NULL: nothing */
	bool is_last_point;      /* scale */
	const struct page_place *places; /* rank */
	size_t places_count;
	bool has_error; /* rank: its place is another's too */
};

/* One of the three inputs of a date. */
struct page_part {
	const char *id;   /* "born-day" */
	const char *name; /* "born.day" */
	const char *label;
	const char *value; /* as it was typed; "" */
	unsigned width;    /* digits: 2 or 4 */
	bool has_error;
};

/* One thing answered: a whole question, half of a before-after pair, a statement of a grid, or a refusal. */
struct page_field {
	const char *name;
	const char *id; /* = name: the first control; of a rank or date the group of its controls */
	struct page_text
		label; /* 'Before today', 'Now', a statement; text NULL when the question's own label is the only one */
	const struct page_item *items;
	size_t items_count;
	bool ends_in_group; /* the last item stands in a group, which is still open after it */
	const char *value;  /* what was typed */
	unsigned max;       /* text: longest, in UTF-16 units */
	const char *error;  /* message; NULL: none */
	struct page_sound error_sound;
	const char *error_id; /* "overall-error"; aria-describedby */
	const char *
		described_by; /* ids for aria-describedby: when, hint, error, and of a text ID-info, where the characters
	                                * are counted, of a number ID-unit; NULL: none. Of a pair or grid: error alone, since when and
	                                * hint describe the outer group; of a refusal beside what is typed its label */
	struct page_text low, high; /* scale: what the ends mean; may be missing */
	const char *low_id, *high_id;
	unsigned columns;         /* scale, on a phone: 4 to 6 where its points do not fit into one row; 0: one row */
	bool is_decimal;          /* number */
	struct page_text unit;    /* number: "years"; may be missing */
	const char *unit_id;      /* where there is one */
	const char *least, *most; /* number, date: limits, canonical; NULL: none */
	const char *least_words, *most_words; /* date: the same in words */
	const char *example;                  /* number: one that would do */
	unsigned decimals;                    /* decimal: most digits behind the point */
	const struct page_part *parts;        /* date */
	size_t parts_count;
};

struct page_question {
	const char *name;
	struct page_text label;
	struct page_text mark;   /* in brackets behind the label: "needs an answer", "optional"; text NULL: none */
	struct page_sound sound; /* of the whole question */
	struct page_text hint;
	struct page_text how;  /* rank: how it is answered, without JavaScript */
	struct page_text when; /* "Answer this if ...": shown without JavaScript */
	const char *label_id;  /* typed, with a refusal beside it: of the label, which describes that too; NULL */
	const char *hint_id, *how_id, *when_id;
	bool is_select_one, is_select_multiple, is_text, is_note, is_pair, is_faces, is_multiline, is_required;
	bool is_rank, is_scale, is_grid, is_number, is_date;
	bool is_wide;     /* grid: few enough choices for a table where there is room */
	const char *kind; /* for the script: "rank", "grid", "integer", "decimal", "date"; NULL: what its
	                                 * controls are says enough */
	bool has_error;   /* of any of its fields */
	const char *
		required_message; /* is_required: what the script says too when it is left out; NULL: nothing. Of a grid
	                                 * {label} in it is the statement */
	const char *relevant_json;      /* expr_to_json; NULL: always */
	const char *constraint_json;    /* the same of the form's own rule; NULL: none */
	const char *constraint_message; /* what is said when it does not hold */
	const char *step;        /* neighbours with the same step are shown together by the script; NULL: alone */
	struct safe_url picture; /* "": none */
	const struct page_field *fields;
	size_t fields_count; /* 1, 2 of a pair, one a statement of a grid; 0 of a note. The refusal is not among them */
	const struct page_field *refusal; /* one tick box behind an "or"; NULL: none */
	const struct page_item *columns;  /* grid: its choices, for the head of the table */
	size_t columns_count;
};

struct page_section {
	const char *name;
	struct page_text title;
	const struct page_text *intro; /* paragraphs */
	size_t intro_count;
	bool is_apart;
	const struct page_question *questions;
	size_t questions_count;
};

/* The form itself: first view, after mistakes (422), after a change of language, not saved yet (503). */
struct page_form {
	struct page_frame page;
	struct safe_url action;  /* "/E4K7QX/CY" */
	const char *event_title; /* organiser's words; "" on forms with the exit button */
	const char *event_place;
	const char *event_date; /* in words */
	const char *note;       /* the organisers' to attendees, as typed; "" */
	const char *note_lang;  /* base tag, where it is not the page's; NULL */
	const char *time;       /* "2 minutes" */
	const char *nonce;      /* 40 hex digits */
	unsigned version;
	unsigned edit;
	const char *at;                 /* the step the script stood at; "" */
	const char *face;               /* tag of the face this page shows: hidden field "face" */
	const struct page_hidden *kept; /* keep-FACE-FIELD: answers that this face does not ask, or asks otherwise */
	size_t kept_count;
	bool is_not_saved; /* 503: plain words, everything kept */
	const struct page_error *errors;
	size_t errors_count;
	const struct page_helpline *emergency; /* the panel before the first question */
	size_t emergency_count;
	const struct page_section *sections;
	size_t sections_count;
	size_t questions_count;    /* asked in this face, notes not counted */
	bool has_faces;            /* some question is of drawn faces: the page then carries the drawings */
	bool has_text;             /* some question is of typed text: the page then carries the counting words */
	bool has_number, has_date; /* and so on: words that the script needs for a kind go with the kind */
	bool has_rank, has_refusal, has_exclusive;
	const char *skipping; /* which questions can be skipped; NULL: none */
};

struct page_stored {
	struct page_text question;
	struct page_text answer; /* choices joined by ", "; a text keeps its line breaks (white-space: pre-line) */
};

/* Thank you. Printed only after the commit. */
struct page_thanks {
	struct page_frame page;
	const char *event_title;   /* "" on forms with the exit button */
	struct safe_url again_url; /* an empty form, for another person on the same phone */
	const char *receipt;       /* "K7QX 9M2T 4WRB 6HD3 5" */
	const char *receipt_where; /* on a kiosk: where the page for it is; NULL */
	bool receipt_on_request;
	const struct page_stored *stored;
	size_t stored_count;
	const char *deleted_on; /* "8 March 2028" */
	const struct page_helpline *helplines;
	size_t helplines_count;
};

/* Choose a language, or one of several forms. */
struct page_choice {
	const char *name;
	const char *lang; /* NULL: the page's */
	const char *dir;  /* NULL: the page's */
	struct safe_url url;
};
struct page_chooser {
	struct page_frame page;
	const char *title;       /* in the page's language; a language chooser of an event in Wales has it in both */
	const char *title_other; /* second language's title; NULL */
	const char *title_other_lang;
	const char *intro; /* NULL: the title says it */
	bool is_set;       /* as of struct page_kiosk_start */
	const struct page_choice *choices;
	size_t choices_count;
};

/* One way to begin, on a kiosk's start screen: large, in its own language. */
struct page_start {
	bool is_first;
	const char *lang, *dir;
	const char *title;  /* of the form, or what stands for several */
	const char *time;   /* "It takes about 2 minutes."; NULL */
	const char *text;   /* no name, sealed */
	const char *button; /* "Touch to start" */
	const char *tag;    /* value of the button where it is a submit */
	struct safe_url url;
};

/* A kiosk's start screen: still, large. One way to begin, of an event in Wales two (Welsh first), and all languages in their own names. */
struct page_kiosk_start {
	struct page_frame page;
	const struct page_start *starts;
	size_t starts_count;
	bool is_pair; /* two of them */
	bool is_set;  /* something of the view is set: choices are submits that take it along, else they are links */
};

/* A kind page that says what to do: unknown code, not yet open, closed, refused, too large, not found. */
struct page_message {
	struct page_frame page;
	const char *title;
	const struct page_text *paragraphs;
	size_t paragraphs_count;
	struct safe_url again_url;         /* where an empty form is; "": nowhere */
	bool has_code_form;                /* offers the field for typing a code */
	const char *code;                  /* what was typed */
	const char *code_error;            /* message at the field (page.has_errors is then set too); NULL: none */
	struct safe_url loop_url;          /* the first page: where it says what was heard and done; "": not there */
	bool is_receipt;                   /* a receipt was typed there: leads to where one is taken */
	const struct page_stored *written; /* answers that came too late, for whoever wrote them to copy */
	size_t written_count;
	const struct page_helpline *helplines; /* where help is wanted on it (closed); may be none */
	size_t helplines_count;
};

/* One action: what people said, and what came of it. */
struct page_heard {
	const char *id;    /* "action-0123456789abcdef" */
	const char *state; /* part of a class: "heard", "doing", "done", "cannot" */
	const char *status;
	const char *many; /* "A few people said this"; NULL: not told */
	const char *from; /* where it was said, in a sentence; NULL: this page is about that */
	struct page_text theme, said, did;
	const char *did_title;
};

/* The address of a closed event, and the page of an Area: you said, we did. */
struct page_loop {
	struct page_frame page;
	const char *title;
	const char *intro;
	const struct page_heard *heard;
	size_t heard_count;
	const char *foreign;       /* that some of it is not in the page's language; NULL */
	const char *next;          /* what happens next, and until when; NULL */
	const char *next_more;     /* a sentence more; NULL */
	struct safe_url more_url;  /* the Area's page; "" */
	const char *more;          /* what it is called */
	struct safe_url areas_url; /* all Areas; "" */
	struct safe_url feed_url;  /* of an Area; "" */
	const struct page_helpline *helplines;
	size_t helplines_count;
};

/* An Area's feed (RFC 4287). Addresses are whole where the site has an https one, else paths, which a reader finds from the feed's own. */
struct page_feed_entry {
	const char *id;
	struct safe_url url;
	const char *updated; /* "2027-05-02T00:00:00Z": a day, never a time */
	const struct page_heard *heard;
};
struct page_feed {
	const char *lang, *id, *title, *subtitle, *author, *updated;
	struct safe_url feed_url, page_url;
	const struct page_feed_entry *entries;
	size_t entries_count;
};

/* The page at "/": type the code that is on the poster. A message page with a code form is the same template. */

/* /withdraw: the field for a receipt, fresh, with what is wrong (422), or not saved yet (503). */
struct page_withdraw {
	struct page_frame page;
	struct safe_url action; /* "/withdraw/CY" */
	const char *typed;      /* kept as it came; "" on a fresh page */
	const char *error;      /* message at the field (page.has_errors is then set too); NULL: none */
	bool is_not_saved;
	const struct page_helpline *helplines;
	size_t helplines_count;
};

/* The answer to every receipt, whatever it belongs to: nothing in it comes from the receipt. */
struct page_withdrawn {
	struct page_frame page;
	const struct page_helpline *helplines;
	size_t helplines_count;
};

/* /privacy, /accessibility, /cookies. */
struct page_notice {
	struct page_frame page;
	const char *title;
	const struct page_notice_section *sections;
	size_t sections_count;
	const char *email;
	const char *phone; /* NULL: none */
};

/* nginx's own page while the programs are down: every language, one below the other, made when publishing. */
struct page_down_part {
	const char *lang;
	const char *dir;
	const char *title;
	const char *body;
	const char *again; /* what to do */
};
struct page_down {
	struct page_frame page;
	const struct page_down_part *parts;
	size_t parts_count;
};

#endif
