#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# libFuzzer with ASan and UBSan over the compiler of expressions and vm.c for FUZZ_SECONDS
# (default 15); some of what it compiles is loaded. FUZZ_FOLDER keeps what it found.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/pktsieve-fuzz.XXXXXX")
trap 'rm -rf "$work"' EXIT
seconds=${FUZZ_SECONDS:-15}
found=${FUZZ_FOLDER:-$work/found}
mkdir -p "$found" "$work/seeds"

# One seed for each known expression, with a frame behind it: TCP from 10.9.0.1.
frame='\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0\x45\0\0\x28\0\0\0\0\x40\x06\0\0\x0a\x09\0\x01\x0a\x09\0\x02'
frame+='\0\x50\x14\x51\0\0\0\0\0\0\0\0\x50\x02\0\0\0\0\0\0'
number=0
while IFS= read -r line; do
	[ -n "$line" ] && [[ $line != '#'* ]] || continue
	{ printf '%s\n' "$line"; printf "$frame"; } >"$work/seeds/$((number++))"
done < <(cat tests/filter/expressions.txt tests/filter/refused.txt)

# Without a network: names are looked up in files only (see also the wrapped getaddrinfo()).
status=0
unshare --net build/tests/fuzz/compile_fuzz -max_total_time="$seconds" -dict=tests/fuzz/words.txt \
	-max_len=1024 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 \
	-artifact_prefix="$work/finding-" "$found" "$work/seeds" >"$work/log" 2>&1 || status=$?
if [ $status = 0 ]; then
	echo "ok - libFuzzer finds nothing in the compiler of expressions"
	grep -E '^stat::(number_of_executed_units|new_units_added)' "$work/log" | sed 's/^/# /'
else
	echo "not ok - libFuzzer finds nothing in the compiler of expressions"
	grep -E -A 25 'ERROR:|runtime error|Assertion|SUMMARY' "$work/log" | head -60 | sed 's/^/# /'
	for file in "$work"/finding-*; do
		[ ! -e "$file" ] || od -An -c "$file" | sed 's/^/# /'
	done
fi
build/tests/fuzz/load_expressions "$found" "${FUZZ_LOADS:-60}"
