#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# run_at_hook.sh native|generic: the tests that were written for tc, as far as they are about
# what comes in, with pktsieve at that XDP hook.
cd "$(dirname "$0")" || exit 1
export HOOK=$1
tests=(capture packets accounting others kill privileges sets)
# What is attached is the same in both modes; what comes in is not.
[ -z "${SHORT:-}" ] || [ "$HOOK" = native ] || tests=(capture packets sets)
for test in "${tests[@]}"; do
	finished=
	while IFS= read -r line; do
		case $line in
		'ok - '* | 'not ok - '* | 'skip - '*) echo "${line%% - *} - $HOOK XDP: ${line#* - }" ;;
		done) finished=1 ;;
		*) echo "$line" ;;
		esac
	done < <("./${test}_test.sh" 2>&1)
	[ -n "$finished" ] || echo "not ok - $HOOK XDP: ${test}_test.sh runs to its end"
done
echo done
