#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh: tests of the template compiler.
#
# golden/         templates that are compiled, linked, run with one sample model, and compared with expected/
# hostile.txt     templates that tmplc must refuse, each with the line, the column and a part of the message
# mistyped.txt    templates that the C compiler must refuse, at the line of the template
# words.txt       lists of strings that wordsc must refuse
#
# Usage: run.sh [BUILD]   from the top of the checkout; BUILD holds tmplc/tmplc and wordsc (default build/tools).
# Prints "ok NAME" or "not ok NAME" for each, and ends non-zero when any is not.
set -u
build=${1:-build/tools}
here=$(dirname "$0")
golden=$here/golden
compiler="${CC:-cc} -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
	-Wvla -Wformat=2 -Wcast-qual -Wundef -Wwrite-strings -Wpointer-arith -Werror -g
	-fsanitize=address,undefined -fno-sanitize-recover=all"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

ok() {
	echo "ok $1"
}

not_ok() {
	echo "not ok $1"
	shift
	printf '%s\n' "$@" | sed 's/^/    /'
	failed=1
}

# Compiles template $1 (FOLDER/NAME.html) below the working directory's "pages".
compile() {
	mkdir -p "$work/gen/pages/${1%/*}"
	"$tmplc" -o "$work/gen/pages/${1%.html}.c" -h "$work/gen/pages/${1%.html}.h" "pages/$1"
}

# Splits a file of cases into $work/$2/NUMBER/{head,body}. A case begins with a line "=== HEAD".
split() {
	mkdir -p "$work/$2"
	awk -v out="$work/$2" '
		/^=== / {
			number = sprintf("%03d", ++count)
			system("mkdir -p " out "/" number)
			print substr($0, 5) > (out "/" number "/head")
			body = out "/" number "/body"
			printf "" > body
			next
		}
		count { print > body }' "$1"
}

tmplc=$(realpath "$build/tmplc/tmplc") && wordsc=$(realpath "$build/wordsc") || exit 1
top=$(pwd)
mkdir -p "$work/gen"

# ---- words ----
if "$wordsc" "$golden/strings.yaml" > "$work/gen/words_keys.h"; then
	ok wordsc/golden
else
	not_ok wordsc/golden
fi
split "$here/words.txt" words
for case in "$work"/words/*; do
	IFS='|' read -r name line part < "$case/head"
	if (cd "$case" && "$wordsc" body > out 2> message); then
		not_ok "wordsc/$name" 'was taken'
	elif [ "$(cat "$case/out")" = '' ] && grep -q "^body:$line: .*$part" "$case/message"; then
		ok "wordsc/$name"
	else
		not_ok "wordsc/$name" "expected line $line, $part" "$(cat "$case/message")"
	fi
done
# The organisers' strings: numbers behind the public ones, and no key of theirs.
printf 'language: en\no_one: "{n} of {total}"\no_two: b\n' > "$work/organiser.yaml"
if "$wordsc" --organiser "$work/organiser.yaml" > "$work/organiser.h" &&
	grep -q '^#define WORD_o_two ((enum word)(WORD_COUNT + 1))' "$work/organiser.h" &&
	grep -q 'WORD_HOLES_o_one = 2' "$work/organiser.h" && ! grep -q WORD_language "$work/organiser.h"; then
	ok wordsc/organiser
else
	not_ok wordsc/organiser "$(cat "$work/organiser.h")"
fi
printf 'o_one: a\ntwo: b\n' > "$work/organiser.yaml"
if ! "$wordsc" --organiser "$work/organiser.yaml" > "$work/organiser.h" 2> "$work/message" && [ ! -s "$work/organiser.h" ] &&
	grep -q ':2: .*begin with o_' "$work/message"; then
	ok wordsc/organiser-public-key
else
	not_ok wordsc/organiser-public-key "$(cat "$work/message")"
fi

# ---- golden ----
is_built=yes
for template in "$golden"/pages/*/*.html; do
	(cd "$golden" && compile "${template#"$golden/pages/"}") || is_built=no
done
# shellcheck disable=SC2086
if [ $is_built = yes ] &&
	$compiler -I"$golden" -Icgi -I"$work/gen" -o "$work/golden" "$golden/main.c" "$work"/gen/pages/*/*.c \
		cgi/lib/view/view.c cgi/lib/form/words_fill.c cgi/lib/base/*.c > "$work/message" 2>&1; then
	ok golden/compiles-without-a-warning
else
	not_ok golden/compiles-without-a-warning "$(cat "$work/message" 2>/dev/null)"
	is_built=no
fi
for expected in "$golden"/expected/*.html; do
	name=$(basename "$expected" .html)
	if [ $is_built = yes ] && "$work/golden" "$name" > "$work/$name.html" 2> "$work/message" &&
		diff -u "$expected" "$work/$name.html" > "$work/diff"; then
		ok "golden/$name"
	else
		not_ok "golden/$name" "$(cat "$work/message" "$work/diff" 2>/dev/null)"
	fi
done
if [ "$(ls "$golden"/pages/sample | wc -l)" = "$(ls "$golden"/expected | wc -l)" ]; then
	ok golden/each-has-its-expectation
else
	not_ok golden/each-has-its-expectation
fi

# ---- refused by tmplc ----
split "$here/hostile.txt" hostile
for case in "$work"/hostile/*; do
	IFS='|' read -r name place part < "$case/head"
	mkdir -p "$case/pages/hostile"
	cp "$case/body" "$case/pages/hostile/case.html"
	if (cd "$case" && "$tmplc" -o out.c -h out.h pages/hostile/case.html > message 2>&1); then
		not_ok "hostile/$name" 'was taken'
	elif [ ! -e "$case/out.c" ] && [ ! -e "$case/out.h" ] && [ "$(wc -l < "$case/message")" = 1 ] &&
		grep -q "^pages/hostile/case.html:$place: " "$case/message" && grep -qF -- "$part" "$case/message"; then
		ok "hostile/$name"
	else
		not_ok "hostile/$name" "expected $place: $part" "$(cat "$case/message")"
	fi
done

# ---- refused by the C compiler, at the template's line ----
split "$here/mistyped.txt" mistyped
for case in "$work"/mistyped/*; do
	IFS='|' read -r name line part < "$case/head"
	mkdir -p "$case/pages/sample"
	cp "$case/body" "$case/pages/sample/case.html"
	if ! (cd "$case" && "$tmplc" -o pages/sample/case.c -h pages/sample/case.h pages/sample/case.html > message 2>&1); then
		not_ok "mistyped/$name" "$(cat "$case/message")"
		continue
	fi
	# shellcheck disable=SC2086
	if (cd "$case" && LC_ALL=C $compiler -I"$top/$golden" -I"$top/cgi" -I"$work/gen" -I. -fsyntax-only pages/sample/case.c \
		> message 2>&1); then
		not_ok "mistyped/$name" 'was taken'
	elif grep -q "^pages/sample/case.html:$line:" "$case/message" && grep -q "error: .*$part" "$case/message"; then
		ok "mistyped/$name"
	else
		not_ok "mistyped/$name" "expected line $line, $part" "$(cat "$case/message")"
	fi
done

# ---- the command line ----
usage() {
	name=$1 code=$2
	shift 2
	(cd "$work" && "$tmplc" "$@" > message 2>&1)
	got=$?
	if [ $got = "$code" ] && [ -s "$work/message" ]; then
		ok "usage/$name"
	else
		not_ok "usage/$name" "exit code $got, not $code"
	fi
}
printf '\377\n' > "$work/latin.html"
mkdir -p "$work/a/b" && cp "$work/latin.html" "$work/a/latin.html"
usage no-argument 64
usage no-output 64 a/b.html
usage two-templates 64 -o x.c -h x.h a/b.html a/c.html
usage no-such-file 66 -o x.c -h x.h a/none.html
usage not-called-html 65 -o x.c -h x.h a/b.txt
usage no-folder 65 -o x.c -h x.h latin.html
usage capital-letters 65 -o x.c -h x.h a/Latin.html
usage not-utf-8 65 -o x.c -h x.h a/latin.html
exit $failed
