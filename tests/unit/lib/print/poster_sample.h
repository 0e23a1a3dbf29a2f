/* SPDX-License-Identifier: MIT */
/* poster_sample.h: a request for tests to change. */
#ifndef SOUNDINGS_TESTS_POSTER_SAMPLE_H
#define SOUNDINGS_TESTS_POSTER_SAMPLE_H

#include "lib/print/poster_request.h"

static const struct poster_face poster_sample_english = {
	.lang = "en",
	.title = "Community Conversation, Slough",
	.lead = "Tell us what you think",
	.what = "Your answers help us do better for people here.",
	.minutes = "About 3 minutes",
	.anonymous = "We do not ask your name",
	.until = "Open until Friday 4 December 2026",
	.type_it = "Or type this into your browser:",
	.code_label = "Code",
	.paper = "Ask for paper, large print or Easy Read",
	.phone = "Questions? 0300 123 4567",
	.alt = "QR code that opens feedback.example.org, code E4K7QX",
};
static const struct poster_face poster_sample_welsh = {
	.lang = "cy",
	.title = "Sgwrs Gymunedol, Wrecsam",
	.lead = "Dywedwch beth yw eich barn",
	.what = "Mae eich atebion yn ein helpu i wneud yn well i bobl yma.",
	.minutes = "Tua 3 munud",
	.anonymous = "Nid ydym yn gofyn am eich enw",
	.until = "Ar agor tan ddydd Gwener 4 Rhagfyr 2026",
	.type_it = "Neu teipiwch hwn yn eich porwr:",
	.code_label = "Cod",
	.paper = "Gofynnwch am bapur, print bras neu Hawdd ei Ddeall",
	.phone = "Cwestiynau? 0300 123 4567",
	.alt = "Cod QR sy'n agor feedback.example.org, cod E4K7QX",
};
static const struct poster_face poster_sample_arabic = {
	.lang = "ar",
	.is_rtl = true,
	.title = "حوار مجتمعي في سلاو",
	.lead = "أخبرنا برأيك",
	.what = "إجاباتك تساعدنا على تحسين عملنا مع الناس هنا.",
	.minutes = "حوالي 3 دقائق",
	.anonymous = "لا نسأل عن اسمك",
	.until = "مفتوح حتى الجمعة 4 ديسمبر 2026",
	.type_it = "أو اكتب هذا في متصفحك:",
	.code_label = "الرمز",
	.paper = "اطلب نسخة ورقية أو بحروف كبيرة أو سهلة القراءة",
	.phone = "أسئلة؟ 0300 123 4567",
	.alt = "رمز QR يفتح feedback.example.org",
};
static const struct poster_face poster_sample_urdu = {
	.lang = "ur",
	.is_rtl = true,
	.title = "سلاؤ میں کمیونٹی گفتگو",
	.lead = "ہمیں بتائیں آپ کیا سوچتے ہیں",
	.what = "آپ کے جوابات یہاں کے لوگوں کے لیے بہتر کام کرنے میں ہماری مدد کرتے ہیں۔",
	.minutes = "تقریباً 3 منٹ",
	.anonymous = "ہم آپ کا نام نہیں پوچھتے",
	.until = "جمعہ 4 دسمبر 2026 تک کھلا ہے",
	.type_it = "یا اپنے براؤزر میں یہ لکھیں:",
	.code_label = "کوڈ",
	.paper = "کاغذ، بڑے حروف یا آسان تحریر مانگیں",
	.phone = "سوالات؟ 0300 123 4567",
	.alt = "QR کوڈ جو feedback.example.org کھولتا ہے",
};

static inline struct poster_request poster_sample(void)
{
	return (struct poster_request){
		.kind = POSTER_A4,
		.format = POSTER_PDF,
		.address = "HTTPS://FEEDBACK.EXAMPLE.ORG/E4K7QX",
		.shown_address = "feedback.example.org",
		.code = "E4K7QX",
		.organisation = "Crown Prosecution Service",
		.event = {"Community Conversation, Slough", "St Mary's Hall", "Tuesday 24 November 2026"},
		.faces = {poster_sample_english},
		.faces_count = 1,
	};
}

#endif
