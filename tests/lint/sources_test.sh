#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What every file of the project keeps to: a licence line, scripts that parse, and no names of
# the machine or the hosts that it was written with.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

mapfile -d '' -t files < <(find . \( -path ./build -o -path ./.git \) -prune -o -type f -print0)
mapfile -d '' -t sources < <(printf '%s\0' "${files[@]}" | grep -zE '\.[ch]$')
mapfile -t scripts < <({ grep -lE -m1 '^#!/bin/(ba)?sh' "${files[@]}"; printf '%s\n' "${files[@]}" | grep '\.sh$'; } | sort -u)

report() {	# SENTENCE, with the offenders on stdin
	local offenders
	offenders=$(cat)
	if [ -z "$offenders" ]; then echo "ok - $1"; else
		echo "not ok - $1"
		sed 's/^/# /' <<<"$offenders"
	fi
}

# In pieces, so that this file does not find itself.
places="(^|[^[:alnum:]_.])/(wo""rk|ro""ot|ho""me)/[[:alnum:].]"
hosts="(d""eb|sec""urity|sna""pshot|arch""ive)\\.(deb""ian|ubu""ntu)\\.(org|com)|py""pi\\.org|npm""js\\.|prox""y\\.golang"

awk 'FNR == 1 && !/SPDX-License-Identifier: / { print FILENAME }' "${sources[@]}" "${scripts[@]}" |
	while read -r file; do	# a script's first line is its interpreter
		[[ $file != *.[ch] ]] && sed -n 2p "$file" | grep -q SPDX-License-Identifier || echo "$file"
	done | report 'every source and script begins with its licence'
for file in "${scripts[@]}"; do bash -n "$file" 2>&1; done | report 'every script is accepted by bash'
grep -nE "$places" "${files[@]}" | report "no file names a path of somebody's machine"
grep -nE "$hosts" "${files[@]}" | report 'no file names a host that packages come from'
for file in "${scripts[@]}"; do [ -x "$file" ] || [[ $file == */lib.sh ]] || echo "$file"; done |
	report 'every script can be executed'
grep -lE 'struct field_info [a-z_]*\[' tools/dissect/*.c | xargs grep -LE 'DISSECTOR_FIELDS|FIELD_TABLE' |
	report 'every table of fields is in reach of who names one'
echo done
