#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# libFuzzer over the compiler of expressions and vm.c; some of what it compiles is loaded.
. "$(dirname "$0")/lib.sh"
mkdir "$work/seeds"

# One seed for each known expression, with a frame behind it: TCP from 10.9.0.1.
frame='\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0\x45\0\0\x28\0\0\0\0\x40\x06\0\0\x0a\x09\0\x01\x0a\x09\0\x02'
frame+='\0\x50\x14\x51\0\0\0\0\0\0\0\0\x50\x02\0\0\0\0\0\0'
number=0
while IFS= read -r line; do
	[ -n "$line" ] && [[ $line != '#'* ]] || continue
	{ printf '%s\n' "$line"; printf "$frame"; } >"$work/seeds/$((number++))"
done < <(cat tests/filter/expressions.txt tests/filter/refused.txt)

fuzz compile 'libFuzzer finds nothing in the compiler of expressions' "$work/seeds" \
	-dict=tests/fuzz/words.txt -max_len=1024
build/tests/fuzz/load_expressions "${FUZZ_FOLDER:-$work/found}/compile" "${FUZZ_LOADS:-60}"
