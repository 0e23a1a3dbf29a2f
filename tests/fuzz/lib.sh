# lib.sh: what run, replay and planted share. Sourced from the top folder.
log=$(mktemp)
# Targets work in a folder in memory.
place=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/soundings-fuzz-XXXXXX")
export TMPDIR="$place"
trap 'rm -rf "$place" "$log"' EXIT
trap 'exit 130' INT TERM
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=1

fuzz_targets() {
	make -s -f tests/fuzz/fuzz.mk print-targets
}

# fuzz_build KIND TARGET...: what is generated and, for gcc, our libraries come from the Makefile.
fuzz_build() {
	kind=$1
	shift
	make -s --no-print-directory build/gen/words_keys.h build/gen/schema_spool.h build/gen/schema_catalogue.h \
		build/gen/schema_office.h >/dev/null || return 1
	case $kind in
	gcc) make -s --no-print-directory MODE=asan lib-base lib-form lib-envelope lib-spool lib-catalogue lib-backup lib-export >/dev/null || return 1
		make -s -f tests/fuzz/fuzz.mk KIND=gcc "$@" ;;
	planted) make -s -f tests/fuzz/fuzz.mk KIND=clang PLANTED=1 "$@" ;;
	*) make -s -f tests/fuzz/fuzz.mk KIND=clang "$@" ;;
	esac
}

# Longest inputs: what the format needs to show all it has, and no more, for short inputs are tried more often.
fuzz_max_len() {
	case $1 in
	form) echo 2500 ;;
	backup) echo 24000 ;;
	template | request | keyset) echo 6000 ;;
	spool) echo 1500 ;;
	*) echo 2000 ;;
	esac
}

# fuzz_fuzz TARGET SECONDS PROGRAM FOUND FOLDER...: the exit code of the fuzzer; LOG has what it said. FOUND and FOLDERs begin with a slash,
# for targets go to a folder of their own.
fuzz_fuzz() {
	fuzz_target=$1 fuzz_seconds=$2 fuzz_program=$3 fuzz_found=$4
	shift 4
	nice -n 19 "$fuzz_program" -max_total_time="$fuzz_seconds" -timeout=5 -rss_limit_mb=1500 -malloc_limit_mb=400 -detect_leaks=1 \
		-max_len="$(fuzz_max_len "$fuzz_target")" -dict="$PWD/tests/fuzz/dict/$fuzz_target.dict" -use_value_profile="${VALUES:-0}" \
		-print_final_stats=1 -artifact_prefix="$fuzz_found" "$@" >"$log" 2>&1
}

# The fewest inputs that reach all the code which the corpus and the new ones reach: a few kilobytes a target, for git. Inputs at a
# limit (edge-*) reach no more code than others and stay as they are.
fuzz_merge() {
	rm -rf "$place/merged" && mkdir "$place/merged"
	"build/fuzz/clang/$1" -merge=1 -use_counters=0 -max_len="$(fuzz_max_len "$1")" "$place/merged" "$PWD/tests/fuzz/corpus/$1" \
		"$PWD/build/fuzz/new/$1" >/dev/null 2>&1 || return 1
	find "tests/fuzz/corpus/$1" -type f ! -name 'edge-*' -exec rm -f {} +
	for file in "$place/merged"/*; do
		cp "$file" "tests/fuzz/corpus/$1/$(basename "$file" | cut -c 1-12)"
	done
}
