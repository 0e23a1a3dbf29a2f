/* SPDX-License-Identifier: MIT */
/* view_test.c: one escaper for each place, picked by type, and addresses that can lead nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/view/view.h"

#include <limits.h>
#include <string.h>

/* Asserts what BUFFER holds and empties it. */
static void assert_printed(struct strbuf *buffer, const char *name, const char *text)
{
	if (strbuf_error(buffer) != ERR_OK || strcmp(strbuf_text(buffer), text) != 0)
		fail_msg("%s: %s", name, strbuf_text(buffer));
	strbuf_reset(buffer);
}

static void test_escape(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text, *html, *url;
	} rows[] = {
		{"nothing", NULL, "", ""},
		{"empty", "", "", ""},
		{"plain", "Tell us-_.~9", "Tell us-_.~9", "Tell%20us-_.~9"},
		{"a tag", "<b>", "&lt;b&gt;", "%3Cb%3E"},
		{"out of a double-quoted value", "\" onclick=\"x", "&#34; onclick=&#34;x", "%22%20onclick%3D%22x"},
		{"out of a single-quoted value", "' x='", "&#39; x=&#39;", "%27%20x%3D%27"},
		{"a reference", "&lt;&amp;", "&amp;lt;&amp;amp;", "%26lt%3B%26amp%3B"},
		{"out of a textarea", "</textarea>", "&lt;/textarea&gt;", "%3C%2Ftextarea%3E"},
		{"Welsh", "\xC5\xB5", "\xC5\xB5", "%C5%B5"},
		{"an address", "//evil.example/?a=b#c", "//evil.example/?a=b#c", "%2F%2Fevil.example%2F%3Fa%3Db%23c"},
		{"a percent sign", "%2e", "%2e", "%252e"},
		{"line ends stay", "a\r\nb", "a\r\nb", "a%0D%0Ab"},
		{"ends in signs", "a<>", "a&lt;&gt;", "a%3C%3E"},
	};
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 1000);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		view_escape(&out, rows[i].text);
		assert_printed(&out, rows[i].name, rows[i].html);
		view_escape_url(&out, rows[i].text);
		assert_printed(&out, rows[i].name, rows[i].url);
		view_put(&out, rows[i].text);
		assert_printed(&out, rows[i].name, rows[i].html);
		view_put_attr(&out, rows[i].text);
		assert_printed(&out, rows[i].name, rows[i].html);
		view_put_url_part(&out, rows[i].text);
		assert_printed(&out, rows[i].name, rows[i].url);
	}
	for (int byte = 1; byte < 256; byte++) {
		const char text[] = {(char) byte, '\0'};
		view_escape(&out, text);
		assert_null(strpbrk(strbuf_text(&out), "<>\"'"));
		strbuf_reset(&out);
		view_escape_url(&out, text);
		assert_null(strpbrk(strbuf_text(&out), "<>\"'&/?#:\\ "));
		strbuf_reset(&out);
	}
}

static void test_put_picks_by_type(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 1000);
	char text[] = "<";
	view_put(&out, text);
	assert_printed(&out, "char array", "&lt;");
	view_put(&out, ((struct safe_html){"<b>&amp;</b>"}));
	assert_printed(&out, "html", "<b>&amp;</b>");
	view_put(&out, ((struct safe_html){NULL}));
	assert_printed(&out, "no html", "");
	view_put(&out, ((struct safe_url){"/a?b=1&c=\"2"}));
	assert_printed(&out, "url", "/a?b=1&amp;c=&#34;2");
	view_put(&out, ((struct safe_url){"javascript:alert(1)"}));
	assert_printed(&out, "a url that was not checked", "#");
	view_put(&out, -1);
	view_put(&out, 2U);
	view_put(&out, -3L);
	view_put(&out, (size_t) 4);
	view_put(&out, (unsigned char) 5);
	view_put(&out, (short) -6);
	assert_printed(&out, "numbers", "-12-345-6");
	view_put(&out, LLONG_MIN);
	view_put(&out, ULLONG_MAX);
	assert_printed(&out, "the longest", "-922337203685477580818446744073709551615");
	view_put_newline(&out);
	assert_printed(&out, "no line end at the beginning", "");
	view_put(&out, "a");
	view_put_newline(&out);
	view_put_newline(&out);
	assert_printed(&out, "one line end", "a\n");
	view_put_url_part(&out, 7);
	view_put_url_first_part(&out, "a b");
	view_put_url_first_part(&out, "");
	view_put_url_first_part(&out, (const char *) NULL);
	assert_printed(&out, "parts", "7a%20b..");
}

static void test_url(void **state)
{
	(void) state;
	static const struct {
		const char *name, *url;
		bool is_safe;
	} rows[] = {
		{"a path", "/E4K7QX/CY", true},
		{"the root", "/", true},
		{"a fragment", "#overall", true},
		{"a query", "?lang=cy", true},
		{"another place", "https://www.bbc.co.uk/weather", true},
		{"not ASCII", "/\xC5\xB5", true},
		{"nothing", NULL, false},
		{"empty", "", false},
		{"another host", "//evil.example", false},
		{"another host by backslash", "/\\evil.example", false},
		{"another host by tab", "/\t/evil.example", false},
		{"another host by line end", "/\n/evil.example", false},
		{"script", "javascript:alert(1)", false},
		{"script in capitals", "JavaScript:alert(1)", false},
		{"script behind a blank", " javascript:alert(1)", false},
		{"data", "data:text/html,x", false},
		{"no encryption", "http://example.org/", false},
		{"no encryption, but this machine", "http://127.0.0.1:8080/E4K7QX", true},
		{"this machine by its name", "http://localhost:8080", true},
		{"this machine, IPv6", "http://[::1]:8080/", true},
		{"a host that begins like this machine", "http://127.0.0.1.example.org/", false},
		{"another that does", "http://localhost.example.org/", false},
		{"a name before a host", "http://127.0.0.1@example.org/", false},
		{"no host", "https:///x", false},
		{"only a scheme", "https://", false},
		{"relative", "E4K7QX", false},
		{"a blank in it", "/a b", false},
		{"DEL", "/a\x7f", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *url = view_url(rows[i].url).url;
		if (rows[i].is_safe ? url != rows[i].url : strcmp(url, "#") != 0)
			fail_msg("%s: %s", rows[i].name, url);
	}
}

static void test_true(void **state)
{
	(void) state;
	const int number = 3;
	const struct words *none = NULL;
	char text[] = "x";
	assert_true(view_true(text));
	assert_true(view_true("0"));
	assert_true(view_true(&number));
	assert_true(view_true((const void *) "")); /* a pointer, not a text */
	assert_true(view_true(-1));
	assert_true(view_true(ULLONG_MAX));
	assert_true(view_true(LLONG_MIN));
	assert_true(view_true((bool) true));
	assert_true(view_true((struct safe_html){"<b>"}));
	assert_true(view_true((struct safe_url){"/"}));
	assert_false(view_true((char *) NULL));
	assert_false(view_true((const char *) NULL));
	assert_false(view_true(""));
	assert_false(view_true(none));
	assert_false(view_true(0));
	assert_false(view_true((size_t) 0));
	assert_false(view_true((unsigned char) 0));
	assert_false(view_true((bool) false));
	assert_false(view_true((struct safe_html){NULL}));
	assert_false(view_true((struct safe_html){""}));
	assert_false(view_true((struct safe_url){NULL}));
	assert_false(view_true((struct safe_url){""}));
}

static void test_words(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text, *html;
	} rows[] = {
		{"no holes", "Continue", "Continue"},
		{"nothing", NULL, ""},
		{"empty", "", ""},
		{"escaped itself", "A & B <i> \"'", "A &amp; B &lt;i&gt; &#34;&#39;"},
		{"holes", "{n} of {max}", "&lt;3&gt; of 12"},
		{"a hole twice", "{n}{n}", "&lt;3&gt;&lt;3&gt;"},
		{"a fill of NULL", "a{none}b", "ab"},
		{"an unknown hole", "{other} {n}", "{other} &lt;3&gt;"},
		{"a hole that is never closed", "a {n", "a {n"},
		{"a brace", "{ {n}", "{ &lt;3&gt;"},
		{"an empty hole", "{}", "{}"},
		{"only a brace", "{", "{"},
		{"a fill is not filled again", "{brace}", "{n}"},
		{"escapes around holes", "<{n}>&{max}&", "&lt;&lt;3&gt;&gt;&amp;12&amp;"},
		{"a prefix of a hole", "{ma}", "{ma}"},
	};
	struct view_digits digits = {""};
	const struct words_fill fills[] = {
		{"n", "<3>"}, {"max", view_fill(&digits, 12U)}, {"none", NULL}, {"brace", "{n}"}};
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 1000);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct words words = {.language = "en"};
		words.of[WORD_COUNT - 1] = rows[i].text;
		view_put_words(&out, &words, (enum word)(WORD_COUNT - 1), fills, sizeof fills / sizeof fills[0]);
		assert_printed(&out, rows[i].name, rows[i].html);
	}
	struct words arabic = {.language = "ar", .is_rtl = true};
	arabic.of[0] = "لقاء {n}، {max}";
	view_put_words(&out, &arabic, (enum word) 0, (const struct words_fill[]){{"n", "<b>"}, {"max", "12"}}, 2);
	assert_printed(&out, "isolated where it runs from right to left", "لقاء \u2068&lt;b&gt;\u2069، 12");
	struct words words = {.language = "en"};
	view_put_words(&out, &words, WORD_COUNT, NULL, 0);
	assert_printed(&out, "a key beyond the list", "");
	struct view_digits least;
	assert_string_equal(view_fill(&least, LLONG_MIN), "-9223372036854775808");
	const char *same = "text";
	assert_ptr_equal(view_fill(&least, same), same);
}

static void test_html_of(void **state)
{
	(void) state;
	CLEANUP_STRBUF struct strbuf out;
	strbuf_init(&out, 1000);
	assert_string_equal(view_html_of(&out).html, "");
	strbuf_puts(&out, "<p>");
	assert_string_equal(view_html_of(&out).html, "<p>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_escape), cmocka_unit_test(test_put_picks_by_type),
					   cmocka_unit_test(test_url),    cmocka_unit_test(test_true),
					   cmocka_unit_test(test_words),  cmocka_unit_test(test_html_of)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
