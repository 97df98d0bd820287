#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pktview, built with the sanitizers, over captures of every kind, damaged and hostile ones included:
# it ends well, prints no control character, and lists as many packets as capinfos counts. CORPUS is
# the folder of a collection; without it, on captures of each kind of packet, made here.
. "$(dirname "$0")/lib.sh"
pktview=build/sanitized/pktview
captures=$work/captures differences=$work/differences
judge() { PYTHONDONTWRITEBYTECODE=1 tests/e2e/view_corpus.py "$@"; }
if [ -n "${CORPUS:-}" ]; then
	captures=$CORPUS/public differences=tests/e2e/view_count_differences.txt
else
	PYTHONDONTWRITEBYTECODE=1 tests/fuzz/seeds.py files "$captures"
	: >"$differences"
fi

# view | options
runs='
list|
list|--time absolute --color always
list|--fields number,time,src,dst,protocol,length,info
detail|
detail|--color always
hex|
hex|--layer tcp
follow|--list
hierarchy|
'
while IFS='|' read -r view options; do
	[ -n "$view" ] || continue
	check "pktview $view${options:+ $options} takes every capture, and prints nothing that a terminal obeys" \
		judge clean "$pktview" "$captures" "$view" $options
done <<<"$runs"
for stream in 'tcp 0' 'udp 0'; do
	check "pktview follow $stream takes every capture, and prints nothing that a terminal obeys" \
		judge clean "$pktview" "$captures" follow $stream
done
check 'pktview lists as many packets as capinfos counts, but for what is listed' \
	judge counts "$pktview" "$captures" "$differences"

# That the judge sees what is wrong.
bad() { printf '#!/bin/sh\n%s\n' "$1" >"$work/bad"; chmod +x "$work/bad"; }
finds() { ! judge "$@" >"$work/found"; }
for what in 'printf "\033[31m"' 'printf "\302\233"' 'printf "\377"' 'printf "{\n"' 'exit 99' 'exit 1' \
	'echo "pktview: x" >&2; echo "ERROR: AddressSanitizer" >&2; exit 1' 'kill -SEGV $$'; do
	bad "$what"
	check "it would be found: $what" finds clean "$work/bad" "$captures" list
done
bad 'echo one'
check 'a packet too few would be found' finds counts "$work/bad" "$captures" "$differences"
echo done
