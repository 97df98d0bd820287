#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each field that pktview and tshark both know has the same values in each packet, and the columns of the
# list (who to whom, which protocol, what it says) are the same in each packet that both understand, but for
# the differences that {field,column}_differences.txt list with their reasons. CORPUS is a collection of
# captures; those that fuzzers made are left out, and those that are damaged on purpose: where a packet
# contradicts itself there is no right value. Without CORPUS, on packets of every kind made here.
. "$(dirname "$0")/lib.sh"
captures=$work/captures
leave_out=(-v '^(hostile/|synth/synth-bad|var/var-p-bad)')
PYTHONDONTWRITEBYTECODE=1 tests/fuzz/seeds.py files "$captures"
rm "$captures"/{cut,*-cut}

judge() {	# VERB PKTVIEW CAPTURES DIFFERENCES...: of the $kind
	PYTHONDONTWRITEBYTECODE=1 "tests/e2e/view_${kind}s.py" "$@"
}
for kind in field column; do
	if [ -n "${CORPUS:-}" ]; then
		check "the ${kind}s of the collection are those of tshark, but for the differences that are listed" \
			judge compare build/pktview "$CORPUS/public" "tests/e2e/${kind}_differences.txt" "${leave_out[@]}"
	else
		skip "the ${kind}s of the collection are those of tshark" 'CORPUS is not set'
	fi
	check "the ${kind}s of packets of every kind are those of tshark, but for the differences that are listed" \
		judge compare build/pktview "$captures" "tests/e2e/${kind}_differences_own.txt"
done

# That the judges see what is wrong.
finds() {	# SCRIPT: of sed, on what pktview says
	printf '#!/bin/sh\nbuild/pktview "$@" | sed "$SCRIPT"\n' >"$work/bad"
	chmod +x "$work/bad"
	! SCRIPT=$1 judge compare "$work/bad" "$captures" "tests/e2e/${kind}_differences_own.txt" >"$work/found" &&
		contains "$work/found" 'not as listed'
}
kind=field
check 'another port would be found' finds 's/\("tcp.srcport"[^}]*"value":\)25,/\126,/'
check 'a field that tshark does not have would be found' finds 's/"ip.ttl"/"ip.ttm"/'
kind=column
check 'another source would be found' finds 's/^10.9.0.1\t/10.9.0.2\t/'
check 'another protocol would be found' finds 's/\tARP\t/\tRARP\t/'
check 'another info would be found' finds 's/Len=0/Len=1/'
check 'a packet that is missing would be found' finds 1d
echo done
