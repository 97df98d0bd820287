#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The manuals have every option that the help has, and no other, in the order of the alphabet.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C
manual=docs/pktsieve.8

check() {	# SENTENCE FOUND: what was found is what is wrong
	if [ -z "$2" ]; then echo "ok - $1"; else
		echo "not ok - $1"
		sed 's/^/# /' <<<"$2"
	fi
}
# The first line of each entry of the manual's options, as it is read: "-i IF, --interface IF".
entries() {
	awk '/^\.SH/ { inside = $2 == "OPTIONS" } inside && (/^\.TP/ || /^\.TQ/) { getline; print }' "$1" |
		sed -e 's/^\.[A-Z]* *//' -e 's/\\f[A-Z]//g' -e 's/\\-/-/g' -e 's/"//g'
}
options() { grep -oE -- '(^|[ ,])--?[A-Za-z#][a-z-]*' | grep -oE -- '-.*' | sort -u; }
# What is only taken so that tcpdump's command lines work is one line of the help, or not there.
of_manual() { entries "$1" | options; }
of_help() { build/pktsieve --help | grep -oE '^ +-.{32}' | options; }
silent() {
	build/pktsieve --help | sed -n "s/^tcpdump's letters for printing (-\(.*\)).*/\1/p" | grep -o . | sed 's/^/-/'
	printf '%s\n' --count --immediate-mode --lengths --no-optimize -O
}
disorder() {
	entries "$1" | grep -v -e '^-A ' -e '^-E ' -e '^-O ' |
		sed -E 's/^--?([A-Za-z-]+).*/\1/' | tr A-Z a-z | sort -c 2>&1
}

check 'every option of the help is in the manual' "$(comm -13 <(of_manual $manual) <(of_help))"
check 'every option of the manual is in the help, or tcpdump'\''s for printing' \
	"$(comm -23 <(of_manual $manual) <({ of_help; silent; } | sort -u))"
check 'every option that is taken in silence is in the manual' "$(comm -13 <(of_manual $manual) <(silent | sort -u))"
check 'the options of the manual are in the order of the alphabet' "$(disorder $manual)"

# pktview: nothing is taken in silence.
view_manual=docs/pktview.1
of_view_help() { build/pktview --help | grep -oE '^ +-.{20}' | options; }
check 'every option of the help of pktview is in its manual' "$(comm -13 <(of_manual $view_manual) <(of_view_help))"
check 'every option of the manual of pktview is in its help' "$(comm -23 <(of_manual $view_manual) <(of_view_help))"
check 'the options of the manual of pktview are in the order of the alphabet' "$(disorder $view_manual)"
check 'every view of pktview is in its manual' "$(comm -13 \
	<(sed -nE '/^\.SH VIEWS/,/^\.SH OPTIONS/s/^\.BR? ([a-z]+).*/\1/p' $view_manual | sort) \
	<(build/pktview --help | sed -nE '/^Views/,/^$/s/^  ([a-z]+) .*/\1/p' | sort))"

# Broken on purpose in a copy, to see that it is found.
copy=$(mktemp)
trap 'rm -f "$copy"' EXIT
sed '/^\.BI \\-\\-min\\-free/d' $manual >"$copy"
check 'an option that the manual lacks is found' \
	"$([ "$(comm -13 <(of_manual "$copy") <(of_help))" = --min-free ] || echo 'it is not')"
sed '/^\.BI \\-\\-memory/d' $view_manual >"$copy"
check 'an option that the manual of pktview lacks is found' \
	"$([ "$(comm -13 <(of_manual "$copy") <(of_view_help))" = --memory ] || echo 'it is not')"
sed 's/^\.B \\-\\-align$/.B \\-\\-zalign/' $manual >"$copy"
check 'an option out of order is found' "$([ -n "$(disorder "$copy")" ] || echo 'it is not')"
echo done
