#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# pktview hierarchy is tshark's io,phs, capture by capture, but for the differences that
# hierarchy_differences.txt lists with their reasons. CORPUS is a collection with tshark's outputs;
# without it, on captures made here, beside the tshark of this machine.
. "$(dirname "$0")/lib.sh"
judge() { PYTHONDONTWRITEBYTECODE=1 tests/e2e/view_hierarchy.py "$@"; }
captures=$work/captures golden=$work/golden
if [ -n "${CORPUS:-}" ]; then
	check 'the hierarchies of the collection are those of tshark, but for the differences that are listed' \
		judge compare build/pktview "$CORPUS/public" "$CORPUS/golden-public" tests/e2e/hierarchy_differences.txt
else
	skip 'the hierarchies of the collection are those of tshark' 'CORPUS is not set'
fi

PYTHONDONTWRITEBYTECODE=1 tests/fuzz/seeds.py files "$captures"
rm -f "$captures"/*-cut "$captures"/cut
for capture in "$captures"/*; do
	mkdir -p "$golden/${capture##*/}"
	tshark -n -r "$capture" -q -z io,phs >"$golden/${capture##*/}/phs.txt" 2>"$work/tshark.err"
done
check 'the hierarchies of packets of every kind are those of tshark, but for the differences that are listed' \
	judge compare build/pktview "$captures" "$golden" tests/e2e/hierarchy_differences_own.txt

# That the judge sees what is wrong.
finds() { ! judge "$@" >"$work/found" && contains "$work/found" 'not as listed'; }
printf '#!/bin/sh\nbuild/pktview "$@" | sed "s/  tcp   /  udp   /"\n' >"$work/bad"
chmod +x "$work/bad"
check 'another protocol would be found' finds compare "$work/bad" "$captures" "$golden" tests/e2e/hierarchy_differences_own.txt
{ cat tests/e2e/hierarchy_differences_own.txt; echo 'all eth:ip 1 1 2 2 short'; } >"$work/listed"
check 'a difference that is listed and is none would be found' finds compare build/pktview "$captures" "$golden" "$work/listed"
echo done
