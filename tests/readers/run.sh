#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh [MAKE_SAMPLES]: can somebody else's programs read what ours write? Prints "ok NAME" or "not ok NAME" for each
# question; exit status 1 when one is not ok. Builds make_samples.c with the libraries of the release build unless a
# program is given. Works from any folder and leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
forms=$top/forms
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failed=0
export PYTHONDONTWRITEBYTECODE=1

ok() {
	echo "ok $1"
}
not_ok() {
	echo "not ok $1"
	failed=1
}
# same NAME EXPECTED_FILE COMMAND...: prints what is in the file (a line feed at the end does not count)
same() {
	name=$1 expected=$(cat "$2" && echo x)
	shift 2
	printed=$("$@" 2>&1 && echo x)
	newline='
'
	expected=${expected%x} printed=${printed%x}
	if [ "${printed%"$newline"}" = "${expected%"$newline"}" ]; then ok "$name"; else not_ok "$name: $printed"; fi
}
# refused NAME REASON COMMAND...: ends with status 1 and "refused: REASON"
refused() {
	name=$1 reason=$2
	shift 2
	printed=$("$@" 2>&1 >/dev/null)
	status=$?
	if [ "$status" = 1 ] && [ "$printed" = "refused: $reason" ]; then
		ok "$name"
	else
		not_ok "$name: status $status, $printed"
	fi
}
# flip FILE OFFSET: changes one bit; an offset below zero counts from the end
flip() {
	/usr/bin/python3 - "$1" "$2" <<'PYTHON'
import os, sys
path, at = sys.argv[1], int(sys.argv[2])
data = bytearray(open(path, "rb").read())
data[at] ^= 1
os.unlink(path)
open(path, "wb").write(data)
PYTHON
}
envelope() {
	/usr/bin/python3 "$here/envelope.py" "$@"
}
catalogue() {
	/usr/bin/python3 "$here/catalogue.py" "$@"
}

build() {
	libraries="catalogue form envelope base"
	make -s --no-print-directory -C "$top" MODE=release $(printf 'lib-%s ' $libraries) &&
		cc -std=gnu17 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -I"$top/cgi" -I"$top/build/gen" -o "$1" \
			"$here/make_samples.c" $(printf "$top/build/release/lib/%s.a " $libraries) \
			$(pkg-config --cflags --libs libsodium jansson sqlite3 yaml-0.1) -lm
}

samples=${1:-$work/make_samples}
if [ $# = 0 ] && ! build "$samples"; then
	not_ok "samples can be built"
	exit 1
fi
out=$work/out
mkdir "$out"
if ! "$samples" "$forms" "$out"; then
	not_ok "samples are made"
	exit 1
fi
root=$(cat "$out/root.hex")
nonce=$(cat "$out/nonce.hex")

# ---- soundings-envelope(5) --------------------------------------------------------------------------------------------
for name in phone kiosk withdrawal withdrawal-unnamed bucket-0 bucket-1 bucket-2 bucket-3 longest; do
	same "envelope $name opens" "$out/$name.letter" envelope open "$out/period.secret" "$out/$name.envelope"
done
same "envelope practice opens" "$out/practice.letter" envelope open "$out/practice.secret" "$out/practice.envelope"
refused "envelope of another period" "another period's" envelope open "$out/period.secret" "$out/practice.envelope"
for at in 16 95 96 119 120 1000 -1; do
	cp "$out/phone.envelope" "$work/flipped"
	flip "$work/flipped" "$at"
	refused "envelope with byte $at changed" "does not open" envelope open "$out/period.secret" "$work/flipped"
done
head -c 1159 "$out/phone.envelope" >"$work/short"
refused "envelope cut short" "length and bucket differ" envelope open "$out/period.secret" "$work/short"
same "ids of a phone" "$out/phone.ids" envelope ids E4K7QX community-conversation "$nonce"
same "ids of a kiosk" "$out/kiosk.ids" envelope ids E4K7QX community-conversation "$nonce" "$out/kiosk.answers"
same "recovery file" "$out/recovery.expected" envelope recovery "$out/recovery.txt"
tr 'A-Z' 'a-z' <"$out/recovery.txt" | sed -e 's/begin-recovery-key/BEGIN-RECOVERY-KEY/' \
	-e 's/end-recovery-key/END-RECOVERY-KEY/' >"$work/typed"
same "recovery file in lower case" "$out/recovery.expected" envelope recovery "$work/typed"
same "key set" "$out/keyset.expected" envelope keyset "$root" "$out/keyset"
cp "$out/keyset" "$work/keyset"
flip "$work/keyset" -10
refused "key set with a byte changed" "the signature is wrong" envelope keyset "$root" "$work/keyset"

# ---- soundings-catalogue(5) -------------------------------------------------------------------------------------------
fresh() {
	rm -rf "$work/catalogue"
	cp -a "$out/catalogue" "$work/catalogue"
	chmod -R u+w "$work/catalogue"
}
fresh
same "catalogue" "$out/catalogue.expected" catalogue "$out/catalogue" "$root"
same "catalogue at its own serials" "$out/catalogue.expected" catalogue "$out/catalogue" "$root" 42 12
refused "catalogue below the highest serial" serial catalogue "$out/catalogue" "$root" 43 12
refused "key set below the highest serial" serial catalogue "$out/catalogue" "$root" 42 13
refused "catalogue of another root" keyset catalogue "$out/catalogue" "$(printf '%s' "$root" | tr 0-9a-f 1-9a-f0)"
for at in 0 99 5000 -1; do
	fresh
	flip "$work/catalogue/current/catalogue.db" "$at"
	refused "database with byte $at changed" hash catalogue "$work/catalogue" "$root"
done
fresh
flip "$work/catalogue/current/manifest" 40
refused "manifest with another signature" signature catalogue "$work/catalogue" "$root"
fresh
flip "$work/catalogue/current/manifest" -3
refused "manifest with another serial" signature catalogue "$work/catalogue" "$root"
fresh
previous=$(basename "$(echo "$work"/catalogue/41-*)")
cp "$work/catalogue/$previous/manifest" "$work/catalogue/current/manifest"
refused "manifest of another catalogue" name catalogue "$work/catalogue" "$root"
fresh
mv "$work/catalogue/current/catalogue.db" "$work/catalogue/elsewhere"
refused "database missing" database catalogue "$work/catalogue" "$root"
ln -s ../elsewhere "$work/catalogue/current/catalogue.db"
refused "database behind a link" database catalogue "$work/catalogue" "$root"
rm "$work/catalogue/current/manifest"
refused "manifest missing" manifest catalogue "$work/catalogue" "$root"
rm "$work/catalogue/current"
refused "nothing published" link catalogue "$work/catalogue" "$root"
exit "$failed"
