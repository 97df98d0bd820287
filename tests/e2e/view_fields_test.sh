#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each field that pktview and tshark both know has the same values in each packet, but for the
# differences that field_differences.txt lists with their reasons. CORPUS is a collection of captures;
# those that fuzzers made are left out, and those that are damaged on purpose: where a packet contradicts
# itself there is no right value. Without CORPUS, on packets of every kind made here.
. "$(dirname "$0")/lib.sh"
judge() { PYTHONDONTWRITEBYTECODE=1 tests/e2e/view_fields.py "$@"; }
captures=$work/captures
leave_out=(-v '^(hostile/|synth/synth-bad|var/var-p-bad)')
if [ -n "${CORPUS:-}" ]; then
	check 'the fields of the collection are those of tshark, but for the differences that are listed' \
		judge compare build/pktview "$CORPUS/public" tests/e2e/field_differences.txt "${leave_out[@]}"
else
	skip 'the fields of the collection are those of tshark' 'CORPUS is not set'
fi

PYTHONDONTWRITEBYTECODE=1 tests/fuzz/seeds.py files "$captures"
rm "$captures"/{cut,*-cut}
check 'the fields of packets of every kind are those of tshark, but for the differences that are listed' \
	judge compare build/pktview "$captures" tests/e2e/field_differences_own.txt

# That the judge sees what is wrong.
finds() { ! judge "$@" >"$work/found" && contains "$work/found" 'not as listed'; }
printf '#!/bin/sh\nbuild/pktview "$@" | sed %s\n' "'s/\\(\"tcp.srcport\"[^}]*\"value\":\\)25,/\\126,/'" >"$work/bad"
chmod +x "$work/bad"
check 'another port would be found' finds compare "$work/bad" "$captures" tests/e2e/field_differences_own.txt
printf '#!/bin/sh\nbuild/pktview "$@" | sed %s\n' "'s/\"ip.ttl\"/\"ip.ttm\"/'" >"$work/bad"
check 'a field that tshark does not have would be found' finds compare "$work/bad" "$captures" tests/e2e/field_differences_own.txt
echo done
