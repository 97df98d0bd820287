#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How long pktsieve takes to be on all interfaces of a namespace that has many, and to be off
# them again. Nothing is asserted.
. "$(dirname "$0")/../e2e/lib.sh"
rounds=${BENCH_ROUNDS:-3}
namespace=pktsieve-${PKTSIEVE_TEST:-$$}-many
trap 'ip netns delete $namespace 2>/dev/null; clean_up' EXIT

# milliseconds COMMAND...: how long it takes, into $took.
milliseconds() {
	local start=${EPOCHREALTIME/[.,]/}
	"$@"
	took=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
}
make_many() {
	local i
	ip netns add "$namespace"
	{
		for ((i = 0; i < $1 / 2; i++)); do echo "link add a$i type veth peer name b$i"; done
		for ((i = 0; i < $1 / 2; i++)); do printf 'link set %s up\n' a$i b$i; done
	} | ip -n "$namespace" -batch -
}
for count in 10 50 200 1000; do
	make_many $count
	for ((round = 0; round < rounds; round++)); do
		milliseconds start_capture ours -i any -v -w "$work/ours.pcap" udp
		printf '%5d interfaces: from the start to "listening" %5d ms' $count "$took"
		milliseconds finish ours TERM
		printf ', from SIGTERM to the end %5d ms (%s)\n' "$took" \
			"$(sed -n 's/^pktsieve: attached by \(.*\), ingress.*/\1/p' "$work/ours.err")"
	done
	ip netns delete "$namespace"
done
