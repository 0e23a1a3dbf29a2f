/* SPDX-License-Identifier: MIT */
/* poster_pdf.c: what cairo (1.16) leaves out of a PDF: the languages of the document and of each text (WCAG 3.1.2), alternative texts, that the title
 * is to be shown, and the silence about when it was made (ISO 32000-1: 14.9.2, 14.9.3, 12.2, 14.3.3).
 *
 * cairo makes one structure element for each tag, in their order; so does scene_draw for each item that is read. If the two do not
 * pair up, there is no poster. Nothing that acts is ever added: no action, no script, no link. */
#include "lib/print/poster_pdf.h"

#include "lib/base/utf8.h"

#include <qpdf/qpdf-c.h>
#include <string.h>

enum { FIRST_COMPLEX = 0x590 /* Hebrew, and all that comes behind it but punctuation */ };

/* Elements below NODE's /K that are of ours, first to last; it may be one alone. */
static int count_children(qpdf_data pdf, qpdf_oh children)
{
	if (qpdf_oh_is_array(pdf, children))
		return qpdf_oh_get_array_n_items(pdf, children);
	return qpdf_oh_is_dictionary(pdf, children) ? 1 : 0;
}

static qpdf_oh get_child(qpdf_data pdf, qpdf_oh children, int index)
{
	return qpdf_oh_is_array(pdf, children) ? qpdf_oh_get_array_item(pdf, children, index) : children;
}

/* The element of the tag "Document". */
static qpdf_oh find_document(qpdf_data pdf)
{
	qpdf_oh tree = qpdf_oh_get_key(pdf, qpdf_get_root(pdf), "/StructTreeRoot");
	if (!qpdf_oh_is_dictionary(pdf, tree))
		return tree;
	return get_child(pdf, qpdf_oh_get_key(pdf, tree, "/K"), 0);
}

static void put_text(qpdf_data pdf, qpdf_oh element, const char *key, const char *text)
{
	if (text)
		qpdf_oh_replace_key(pdf, element, key, qpdf_oh_new_unicode_string(pdf, text));
}

/* What stands in a script that needs more than one glyph for each character, or goes from right to left, is put there whole, for whoever
 * reads aloud: in the content it stands as it is seen. Directions are left out; they say nothing. */
static enum err put_words(qpdf_data pdf, qpdf_oh element, const struct scene_item *item)
{
	CLEANUP_STRBUF struct strbuf words;
	bool is_plain = true;
	const char *text = item->layout ? pango_layout_get_text(item->layout) : "";
	strbuf_init(&words, strlen(text) + 1);
	while (*text != '\0') {
		const char *from = text;
		uint32_t point = utf8_next(&text);
		is_plain = is_plain && (point < FIRST_COMPLEX || (point >= 0x2000 && point < 0x2100));
		if (point < 0x2066 || point > 0x2069)
			strbuf_put(&words, from, (size_t) (text - from));
	}
	if (!is_plain && strbuf_error(&words) == ERR_OK)
		put_text(pdf, element, "/ActualText", strbuf_text(&words));
	return strbuf_error(&words);
}

static enum err put_items(qpdf_data pdf, const struct scene *scene)
{
	static const char *const names[] = {
		[SCENE_H1] = "/H1", [SCENE_H2] = "/H2", [SCENE_P] = "/P", [SCENE_FIGURE] = "/Figure"};
	qpdf_oh document = find_document(pdf);
	if (!qpdf_oh_is_dictionary(pdf, document) ||
	    !qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, document, "/S"), "/Document"))
		return ERR_CORRUPT;
	qpdf_oh elements = qpdf_oh_get_key(pdf, document, "/K");
	int count = count_children(pdf, elements), at = 0;
	for (size_t i = 0; i < scene->count; i++) {
		const struct scene_item *item = &scene->items[i];
		if (item->role == SCENE_DECOR)
			continue;
		if (at == count)
			return ERR_CORRUPT;
		qpdf_oh element = get_child(pdf, elements, at++);
		if (!qpdf_oh_is_dictionary(pdf, element) ||
		    !qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, element, "/S"), names[item->role]))
			return ERR_CORRUPT;
		put_text(pdf, element, "/Lang", item->lang);
		put_text(pdf, element, "/Alt", item->alt);
		if (put_words(pdf, element, item) != ERR_OK)
			return ERR_NOMEM;
	}
	return at == count ? ERR_OK : ERR_CORRUPT;
}

static void put_document(qpdf_data pdf, const char *lang, const char *title)
{
	qpdf_oh root = qpdf_get_root(pdf), view = qpdf_oh_new_dictionary(pdf), info = qpdf_oh_new_dictionary(pdf);
	put_text(pdf, root, "/Lang", lang);
	qpdf_oh_replace_key(pdf, view, "/DisplayDocTitle", qpdf_oh_new_bool(pdf, QPDF_TRUE));
	qpdf_oh_replace_key(pdf, root, "/ViewerPreferences", view);
	put_text(pdf, info, "/Title", title);
	put_text(pdf, info, "/Producer", "Soundings");
	qpdf_oh_replace_key(pdf, qpdf_get_trailer(pdf), "/Info", info); /* with its dates */
	for (int i = 0; i < qpdf_get_num_pages(pdf); i++)
		qpdf_oh_replace_key(pdf, qpdf_get_page_n(pdf, (size_t) i), "/Tabs", qpdf_oh_new_name(pdf, "/S"));
}

static enum err finish(qpdf_data pdf, const struct strbuf *drawn, const struct scene *scene, const char *lang,
		       const char *title, struct strbuf *out)
{
	qpdf_silence_errors(pdf);
	qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
	if (qpdf_read_memory(pdf, "poster", drawn->data, drawn->length, NULL) & QPDF_ERRORS)
		return ERR_CORRUPT;
	enum err error = put_items(pdf, scene);
	if (error)
		return error;
	put_document(pdf, lang, title);
	if (qpdf_init_write_memory(pdf) & QPDF_ERRORS)
		return ERR_NOMEM;
	qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
	qpdf_set_object_stream_mode(pdf, qpdf_o_disable);
	qpdf_set_minimum_pdf_version(pdf, "1.7");
	if (qpdf_write(pdf) & QPDF_ERRORS)
		return ERR_CORRUPT;
	strbuf_put(out, qpdf_get_buffer(pdf), qpdf_get_buffer_length(pdf));
	return strbuf_error(out);
}

enum err poster_pdf(const struct strbuf *drawn, const struct scene *scene, const char *lang, const char *title,
		    struct strbuf *out)
{
	qpdf_data pdf = qpdf_init();
	if (!pdf)
		return ERR_NOMEM;
	enum err error = finish(pdf, drawn, scene, lang, title, out);
	qpdf_cleanup(&pdf);
	return error;
}
