#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs the tests that depend on the kernel on several of them, each in a virtual machine.
#
#   tests/vm/run-kernels.sh [KERNEL...] [-- PART-OF-A-TEST'S-NAME...]
#
# Without arguments: 5.10, 6.1 and the newest. SHORT=1 in the environment: fewer repetitions.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

kernels=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do kernels+=("$1"); shift; done
[ $# = 0 ] || shift
[ ${#kernels[@]} -gt 0 ] || kernels=(5.10 6.1 newest)
limit_s=${VM_LIMIT_SECONDS:-2100}
passed=0 failed=0 skipped=0

# show KERNEL: prefixes the lines of its tests.
show() {
	local line
	while IFS= read -r line; do
		line=${line%$'\r'}
		case $line in
		'not ok - '*) echo "not ok - $1: ${line#not ok - }" ;;
		'skip - '*) echo "skip - $1: ${line#skip - }" ;;
		*) echo "$1: $line" ;;
		esac
	done
}

work=$(mktemp -d)
machines=()
trap '[ ${#machines[@]} = 0 ] || kill "${machines[@]}" 2>/dev/null; wait; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
# All at once: a test waits more than it works, and an emulated machine seldom uses its second
# processor. The kernels are fetched one after the other first.
for kernel in "${kernels[@]}"; do tests/vm/fetch-kernels.sh "$kernel" </dev/null; done
for kernel in "${kernels[@]}"; do
	: >"$work/$kernel"	# it is read from the first moment on
	TEST_LIMIT_SECONDS=${TEST_LIMIT_SECONDS:-600} tests/vm/run-in-vm.sh -t "$limit_s" \
		"${KERNELS:-build/kernels}/$kernel" tests/run.sh --kernel-only "$@" \
		</dev/null >"$work/$kernel" 2>&1 &
	machines+=($!)
done
for i in "${!kernels[@]}"; do
	kernel=${kernels[i]}
	tail -n +1 -f -s 0.5 --pid="${machines[i]}" "$work/$kernel" | show "$kernel"
	wait "${machines[i]}"
	if [[ $(tail -n 1 "$work/$kernel") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped ]]; then
		passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
		skipped=$((skipped + BASH_REMATCH[3]))
	else
		echo "not ok - $kernel: the machine ran the tests to their end"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
