#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What counting, the tables of the busiest and the limits of what is written cost for each packet,
# in turns, in a flood from few sources and in one from so many that each is new to the tables; then
# these tables beside the kernel's LRU hashes. Nothing is asserted.
. "$(dirname "$0")/lib.sh"
file=(-w /dev/null)
names=(counting --top '-w, all' '--sample 1/100' '--per-host 10' '--max-rate 1000/s' 'all four')
options=('' '--top 10' "${file[*]}" "${file[*]} --sample 1/100" "${file[*]} --per-host 10" "${file[*]} --max-rate 1000/s"
	"${file[*]} --top 10 --sample 1/100 --per-host 10 --max-rate 1000/s")

echo "$rounds rounds of $frames frames of 64 bytes, ns of a CPU for each; median [least..largest]"
for sources in 16 262144; do
	start_flood $sources
	rm -f "$work"/figures.*
	for ((round = 0; round < rounds; round++)); do
		for i in "${!names[@]}"; do
			measure "$work/figures.$i" "$pktsieve" -i eth0 -Q in --stats none ${options[i]}
		done
	done
	echo "$sources sources:"
	for i in "${!names[@]}"; do printf '  %-20s %s\n' "${names[i]}" "$(spread "$work/figures.$i" 1)"; done
done
echo 'the tables alone: sources, destinations and services of a packet'
build/tests/bench/tables "$rounds" "$frames"
