#!/bin/sh
# SPDX-License-Identifier: MIT
# backup_check.sh [MAKE_BACKUPS]: can a reader that was written from soundings-backup(5) and soundings-envelope(5) alone read
# our backups, with the recovery file and with any two of its shares, and does it refuse what was changed? Prints "ok NAME"
# or "not ok NAME" for each question; exit status 1 when one is not ok. Builds make_backups.c with the libraries of the release
# build unless a program is given. Works from any folder and leaves nothing behind.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
failed=0
export PYTHONDONTWRITEBYTECODE=1

ok() {
	echo "ok backup: $1"
}
not_ok() {
	echo "not ok backup: $1"
	failed=1
}
# same NAME EXPECTED_FILE COMMAND...: prints what is in the file
same() {
	name=$1 expected=$2
	shift 2
	printed=$("$@" 2>&1)
	if [ "$printed" = "$(cat "$expected")" ]; then ok "$name"; else not_ok "$name: $printed"; fi
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
# extracted NAME PARTS BACKUP KEY...: comes apart into exactly these
extracted() {
	name=$1 parts=$2 file=$3
	shift 3
	rm -rf "$work/apart"
	if printed=$(backup extract "$file" "$work/apart" "$@" 2>&1) && printed=$(diff -r "$parts" "$work/apart" 2>&1); then
		ok "$name"
	else
		not_ok "$name: $printed"
	fi
}
# changed OFFSET: a copy of a backup with one bit changed; an offset below zero counts from the end
changed() {
	/usr/bin/python3 - "$out/office-65537.backup" "$work/changed" "$1" <<'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[3])] ^= 1
open(sys.argv[2], "wb").write(data)
PYTHON
}
backup() {
	/usr/bin/python3 "$here/backup.py" "$@"
}
envelope() {
	/usr/bin/python3 "$here/envelope.py" "$@"
}

build() {
	libraries="backup envelope base"
	make -s --no-print-directory -C "$top" MODE=release $(printf 'lib-%s ' $libraries) &&
		cc -std=gnu17 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -I"$top/cgi" -o "$1" "$here/make_backups.c" \
			$(printf "$top/build/release/lib/%s.a " $libraries) $(pkg-config --cflags --libs libsodium jansson)
}

samples=${1:-$work/make_backups}
if [ $# = 0 ] && ! build "$samples"; then
	not_ok "samples can be built"
	exit 1
fi
out=$work/out
mkdir "$out"
if ! "$samples" "$out"; then
	not_ok "samples are made"
	exit 1
fi
root=$(cat "$out/root.hex")
key="--recovery $out/recovery.txt"

# ---- what is right ------------------------------------------------------------------------------------------------------
for sample in office-0 office-1 office-65535 office-65536 office-65537 office-1048576 whole; do
	same "$sample checks" "$out/$sample.head" backup check "$out/$sample.backup" "$root"
	same "$sample is listed" "$out/$sample.list" backup list "$out/$sample.backup" $key
	extracted "$sample comes apart" "$out/$sample" "$out/$sample.backup" $key
done

# ---- what was changed -----------------------------------------------------------------------------------------------------
file=$out/office-65537.backup
size=$(stat -c %s "$file")
head=$(/usr/bin/python3 -c 'import sys; print(23 + int.from_bytes(open(sys.argv[1], "rb").read(23)[19:], "big"))' "$file")
for row in "0 not_a_backup" "20 head" "$head hash" "$((head + 79)) hash" "$((head + 80)) hash" "$((head + 104)) hash" \
	"$((head + 104 + 65553)) hash" "-97 hash" "-96 hash" "-65 hash" "-64 signature" "-1 signature"; do
	at=${row% *} reason=$(echo "${row#* }" | tr _ ' ')
	changed "$at"
	refused "a bit changed at $at" "$reason" backup check "$work/changed"
done
for at in "$head" "$((head + 104))" "$((head + 104 + 65553))"; do
	changed "$at"
	refused "a bit changed at $at, opened" "does not open" backup extract "$work/changed" "$work/none" $key
done
changed -1
refused "a changed signature, opened" signature backup extract "$work/changed" "$work/none" $key
if [ -e "$work/none" ]; then not_ok "nothing is left of what was refused"; else ok "nothing is left of what was refused"; fi
for length in $((size - 1)) $((size - 96)) $((head + 104 + 65553)) $((head + 104)) "$head"; do
	head -c "$length" "$file" >"$work/cut"
	refused "cut to $length bytes" length backup check "$work/cut"
done
{ cat "$file" && printf x; } >"$work/longer"
refused "a byte more" length backup check "$work/longer"

# ---- another's ------------------------------------------------------------------------------------------------------------
refused "another's backup" "another root's" backup check "$out/other.backup" "$root"
refused "another's recovery file" "another recovery key's" backup list "$file" --recovery "$out/other.txt"
refused "another's backup, opened" "another recovery key's" backup list "$out/other.backup" $key

# ---- shares -----------------------------------------------------------------------------------------------------------------
for pair in "A B" "B A" "A C" "C A" "B C" "C B"; do
	one=$out/share-${pair% *}.txt other=$out/share-${pair#* }.txt
	same "shares $pair" "$out/recovery.expected" envelope shares "$one" "$other"
done
extracted "shares C and A open a backup" "$out/office-65537" "$file" --share "$out/share-C.txt" --share "$out/share-A.txt"
refused "a share twice" "the same share twice" envelope shares "$out/share-A.txt" "$out/share-A.txt"
refused "shares of two splittings" "shares of two splittings" envelope shares "$out/share-A.txt" "$out/again-B.txt"
tr 'A-Z0' 'a-zo' <"$out/share-A.txt" | sed 's/ /-/g; s/recovery-share-a/recovery-share a/' | tr '\n' '\t' >"$work/typed"
same "a share in lower case, o for 0" "$out/recovery.expected" envelope shares "$work/typed" "$out/share-B.txt"
sed '1s/A$/B/' "$out/share-A.txt" >"$work/letter"
refused "a share with another letter" "lines have changed places" envelope shares "$work/letter" "$out/share-B.txt"
sed '2{h;d};3{G}' "$out/share-A.txt" >"$work/swapped"
refused "lines swapped" "lines have changed places" envelope shares "$work/swapped" "$out/share-B.txt"
cat "$out/share-A.txt" "$out/share-B.txt" >"$work/both"
refused "two shares in one file" "two shares" envelope shares "$work/both" "$out/share-B.txt"
exit "$failed"
