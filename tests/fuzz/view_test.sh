#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# libFuzzer over pktview: the readers of files, the dissectors, and what keeps packets together. It
# begins with the checked-in corpora (made by seeds.py, and by libFuzzer of that), and with captures
# of the collection where CORPUS names one.
. "$(dirname "$0")/lib.sh"
for kind in read dissect stream; do mkdir -p "$work/captures/$kind"; done
[ -z "${CORPUS:-}" ] || PYTHONDONTWRITEBYTECODE=1 tests/fuzz/seeds.py captures "$CORPUS/public" "$work/captures"

fuzz_view() {	# NAME SENTENCE MAXIMUM-LENGTH
	fuzz "$1" "$2" "tests/fuzz/corpus-$1" "$work/captures/$1" -max_len="$3"
}
fuzz_view read 'libFuzzer finds nothing in the readers of capture files' 8192
fuzz_view dissect 'libFuzzer finds nothing in the dissectors' 2048
fuzz_view stream 'libFuzzer finds nothing in conversations, reassembly and views' 2048
echo done
