# SPDX-License-Identifier: GPL-2.0-only
# For the scripts of this folder: libFuzzer with ASan and UBSan for FUZZ_SECONDS each (default 15).
# FUZZ_FOLDER keeps what is found.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/pktsieve-fuzz.XXXXXX")
trap 'rm -rf "$work"' EXIT

# fuzz NAME SENTENCE SEEDS... [-OPTION...]: runs NAME_fuzz; what reaches new code is kept in
# $work/found/NAME, or in FUZZ_FOLDER. Without a network: names are looked up in files only.
fuzz() {
	local name=$1 sentence=$2 found=${FUZZ_FOLDER:-$work/found}/$1 status=0 file; shift 2
	mkdir -p "$found"
	unshare --net "build/tests/fuzz/${name}_fuzz" -max_total_time="${FUZZ_SECONDS:-15}" -timeout=20 \
		-rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 -artifact_prefix="$work/$name-finding-" \
		"$found" "$@" >"$work/log" 2>&1 || status=$?
	if [ $status = 0 ]; then
		echo "ok - $sentence"
		grep -E '^stat::(number_of_executed_units|new_units_added)' "$work/log" | sed 's/^/# /'
		return
	fi
	echo "not ok - $sentence"
	grep -E -A 25 'ERROR:|runtime error|Assertion|SUMMARY' "$work/log" | head -60 | sed 's/^/# /'
	for file in "$work/$name-finding-"*; do
		[ ! -e "$file" ] || od -An -c "$file" | sed 's/^/# /'
	done
}
