#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The columns of pktview list (who to whom, which protocol, what it says) are tshark's in each packet that
# both understand, but for the differences that column_differences.txt lists with their reasons. CORPUS is a
# collection of captures; those that fuzzers made are left out, and those that are damaged on purpose.
# Without CORPUS, on packets of every kind made here.
. "$(dirname "$0")/lib.sh"
judge() { PYTHONDONTWRITEBYTECODE=1 tests/e2e/view_columns.py "$@"; }
captures=$work/captures
leave_out=(-v '^(hostile/|synth/synth-bad|var/var-p-bad)')
if [ -n "${CORPUS:-}" ]; then
	check 'the columns of the collection are those of tshark, but for the differences that are listed' \
		judge compare build/pktview "$CORPUS/public" tests/e2e/column_differences.txt "${leave_out[@]}"
else
	skip 'the columns of the collection are those of tshark' 'CORPUS is not set'
fi

PYTHONDONTWRITEBYTECODE=1 tests/fuzz/seeds.py files "$captures"
rm "$captures"/{cut,*-cut}
check 'the columns of packets of every kind are those of tshark, but for the differences that are listed' \
	judge compare build/pktview "$captures" tests/e2e/column_differences_own.txt

# That the judge sees what is wrong.
finds() { ! judge "$@" >"$work/found" && contains "$work/found" 'not as listed'; }
while read -r name script; do
	printf '#!/bin/sh\nbuild/pktview "$@" | sed "%s"\n' "$script" >"$work/bad"
	chmod +x "$work/bad"
	check "another $name would be found" finds compare "$work/bad" "$captures" tests/e2e/column_differences_own.txt
done <<'END'
source s/^10.9.0.1\\t/10.9.0.2\\t/
protocol s/\\tARP\\t/\\tRARP\\t/
info s/Len=0/Len=1/
END
echo done
