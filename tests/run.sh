#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs the test programs and says what passed, failed and was skipped.
#
#   tests/run.sh [-v] [--kernel-only] [PART-OF-A-NAME...]
#
# A program prints "ok - SENTENCE", "not ok - SENTENCE" or "skip - SENTENCE: REASON" for each
# test, anything else as diagnostics, and "done" as its last line. -v shows every test line;
# --kernel-only leaves out what does not depend on the kernel (for virtual machines).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

verbose='' kernel_only='' wanted=()
for argument; do
	case $argument in
	-v) verbose=1 ;;
	--kernel-only) kernel_only=1 ;;
	-*) echo "usage: tests/run.sh [-v] [--kernel-only] [PART-OF-A-NAME...]" >&2; exit 1 ;;
	*) wanted+=("$argument") ;;
	esac
done
limit_s=${TEST_LIMIT_SECONDS:-600}
passed=0 failed=0 skipped=0
work=$(mktemp -d "${TMPDIR:-/tmp}/pktsieve-tests.XXXXXX")
lane= signals=()
trap 'stop_lane; remove_leftovers >/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
unprivileged=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --inh-caps=-all)

is_wanted() {
	local part
	[ ${#wanted[@]} -gt 0 ] || return 0
	for part in "${wanted[@]}"; do [[ $1 != *"$part"* ]] || return 0; done
	return 1
}

# Processes carry the mark of the program that started them in their environment, whatever
# session or user they changed to; the names of network namespaces have it as a part.
marked_processes() {
	grep -lsz "^PKTSIEVE_TEST=$mark\$" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do
		[ "$pid" = $$ ] || echo "$pid"
	done
}

# Names what the program with the present mark left behind, and removes it.
remove_leftovers() {
	local pid name
	[ -n "${mark:-}" ] || return 0
	for pid in $(marked_processes); do
		echo "process $pid: $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")"
		kill -KILL "$pid" 2>/dev/null
	done
	for name in /run/netns/*"$mark"*; do
		[ -e "$name" ] || continue
		echo "network namespace ${name##*/}"
		ip netns delete "${name##*/}"
	done
	mark=
}

# count_results NAME STATUS: reads the output of a program in $work/out.
count_results() {
	local line finished='' oks=0 bad=() skips=() other=()
	while IFS= read -r line || [ -n "$line" ]; do
		finished=
		case $line in
		'ok - '*) oks=$((oks + 1)); [ -z "$verbose" ] || echo "$line" ;;
		'not ok - '*) bad+=("$line") ;;
		'skip - '*) skips+=("$line") ;;
		done) finished=1 ;;
		*) other+=("$line") ;;
		esac
	done <"$work/out"
	if [ -z "$finished" ] || { [ "$2" != 0 ] && [ ${#bad[@]} = 0 ]; }; then
		bad+=("not ok - $1 ran to its end")
		other+=("# exit status $2$([ "$2" != 124 ] || echo ": longer than $limit_s s")")
	fi
	if [ -s "$work/left" ]; then
		bad+=("not ok - $1 leaves nothing behind")
		mapfile -t -O ${#other[@]} other <"$work/left"
	fi
	[ ${#skips[@]} = 0 ] || printf '%s\n' "${skips[@]}"
	[ ${#bad[@]} = 0 ] || printf '%s\n' "${bad[@]}" "${other[@]}"
	passed=$((passed + oks)) failed=$((failed + ${#bad[@]})) skipped=$((skipped + ${#skips[@]}))
	result="$oks ok$([ ${#bad[@]} = 0 ] || echo ", ${#bad[@]} FAILED")"
	[ ${#skips[@]} = 0 ] || result+=", ${#skips[@]} skipped"
}

# run_program FILE [COMMAND-PREFIX...]
run_program() {
	local file=$1 name=${1#build/} start=${EPOCHREALTIME/[.,]/} status=0 milliseconds; shift
	mark=$BASHPID.$RANDOM
	# In the foreground, so that a Ctrl-C reaches the program too.
	PKTSIEVE_TEST=$mark "${signals[@]}" timeout --foreground -k 10 "$limit_s" "$@" "$file" \
		>"$work/out" 2>&1 </dev/null || status=$?
	remove_leftovers >"$work/left"
	milliseconds=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
	count_results "$name" "$status"
	printf '%-42s %s (%d.%d s)\n' "$name" "$result" $((milliseconds / 1000)) $((milliseconds % 1000 / 100))
}

run_folder() {	# KIND FILE...
	local kind=$1 file prefix=(); shift
	for file; do
		[ -x "$file" ] && [ -f "$file" ] && is_wanted "$file" || continue
		prefix=()
		case $kind in
		unit)	# A checkout in a private home cannot be entered by others.
			if [ "$EUID" = 0 ] && "${unprivileged[@]}" test -x "$file"; then
				prefix=("${unprivileged[@]}")
			fi ;;
		root)
			if [ "$EUID" != 0 ]; then
				echo "skip - ${file#build/}: needs root"
				skipped=$((skipped + 1))
				continue
			fi ;;
		esac
		run_program "$file" "${prefix[@]}"
	done
}

run_kernel_tests() { run_folder root build/tests/kernel/*_test tests/kernel/*_test.sh; }

# A lane of its own for tests that compute, and for those of XDP, so that the others, which wait
# most of the time, need not wait for them. What they say comes at the end.
in_lane=' xdp_native_test.sh xdp_generic_test.sh '
is_in_lane() { [[ $in_lane == *" ${1##*/} "* ]]; }
start_lane() {
	mkdir "$work/lane"
	(
		work+=/lane passed=0 failed=0 skipped=0
		# A shell lets what it starts in the background ignore a Ctrl-C.
		signals=(env --default-signal=INT,QUIT)
		trap 'remove_leftovers >/dev/null' EXIT
		trap 'exit 143' TERM
		run_kernel_tests
		run_folder root tests/fuzz/*_test.sh
		for file in tests/e2e/*_test.sh; do ! is_in_lane "$file" || run_folder root "$file"; done
		echo "$passed $failed $skipped" >"$work/sum"
	) >"$work/lane.out" 2>&1 &
	lane=$!
}
finish_lane() {
	local more=(0 1 0)
	wait "$lane"
	lane=
	cat "$work/lane.out"
	read -ra more <"$work/lane/sum" || echo 'not ok - the tests of the kernel came to their end'
	passed=$((passed + more[0])) failed=$((failed + more[1])) skipped=$((skipped + more[2]))
}
stop_lane() {
	[ -n "$lane" ] || return 0
	kill -TERM "$lane" $(mark="$lane\.[0-9]*" marked_processes)
	wait "$lane"
}

if [ -z "$kernel_only" ]; then
	run_folder unit build/tests/unit/*_test
	run_folder lint tests/lint/*_test.sh
	start_lane
else
	run_kernel_tests
fi
# The terminal, options, the readers of files and rotation are the same with every kernel; virtual
# machines have no terminal, no tshark, no Python, and little speed. What interfaces_test.sh shows
# with tshark, interface_faults_test.sh and beside_any_test.sh show without. Of pktview only what
# it gives up before it reads depends on the kernel.
same_everywhere=' corpus_counters_test.sh panel_test.sh panel_keys_test.sh readers_test.sh format_test.sh rotation_load_test.sh file_faults_test.sh
	interfaces_test.sh letters_test.sh rotation_test.sh ownership_test.sh stats_test.sh metrics_test.sh
	prometheus_test.sh tutorial_test.sh '
is_left_out() {
	if [ -n "$kernel_only" ]; then
		[[ $same_everywhere == *[[:space:]]"${1##*/}"[[:space:]]* ]] ||
			[[ $1 == */view_*_test.sh && $1 != */view_confinement_test.sh ]]
	else
		is_in_lane "$1"
	fi
}
for file in tests/e2e/*_test.sh; do is_left_out "$file" || run_folder root "$file"; done

[ -z "$lane" ] || finish_lane
[ $((passed + failed + skipped)) -gt 0 ] || { echo "run.sh: no test ran" >&2; failed=1; }
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
