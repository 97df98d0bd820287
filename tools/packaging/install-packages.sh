#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs the Debian 12 packages that building and testing need; quiet when all are there.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(
	# build
	make gcc libc6-dev linux-libc-dev clang libclang-rt-dev llvm libbpf-dev libelf-dev zlib1g-dev
	libpcap0.8-dev bpftool
	# demo and tests
	iproute2 iputils-ping ethtool netbase tcpdump tcpreplay tshark tmux python3 python3-scapy
	# tests in virtual machines
	qemu-system-x86 busybox-static cpio xz-utils
)

# Only unpacked, into build/prometheus: installed, they would start services, now or with the machine.
unpacked=(prometheus prometheus-node-exporter)

is_unpacked() {
	local package
	for package in "${unpacked[@]}"; do [ -x "build/prometheus/usr/bin/$package" ] || return; done
}
unpack() {
	local folder=build/prometheus package
	rm -rf "$folder.new"
	mkdir -p "$folder.new"
	(cd "$folder.new" && apt-get -q -o APT::Sandbox::User=root download "${unpacked[@]}") || return
	for package in "$folder.new"/*.deb; do dpkg-deb -x "$package" "$folder.new" || return; done
	rm -rf "$folder.new"/*.deb "$folder"
	mv "$folder.new" "$folder"
}

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || :)
missing=()
for package in "${packages[@]}"; do
	[[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || ! is_unpacked || exit 0

log=$(mktemp)
trap 'rm -f "$log"' EXIT
fail() {
	cat "$log" >&2
	echo "install-packages: could not $1" >&2
	exit 1
}
if [ ${#missing[@]} -gt 0 ]; then
	install=(apt-get install -y --no-install-recommends "${missing[@]}")
	if [ "$(id -u)" != 0 ]; then
		printf 'Packages are missing. As root, run:\n  apt-get update && %s\n' "${install[*]}" >&2
		exit 1
	fi
	echo "installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	# A list that cannot be refreshed matters only if a package is then not found.
	{ apt-get -q update || :; "${install[@]}" -q; } >"$log" 2>&1 </dev/null || fail "install ${missing[*]}"
fi
if ! is_unpacked; then
	echo "unpacking ${unpacked[*]}"
	# Lists that are missing or old are fetched, by who may do that.
	unpack >"$log" 2>&1 </dev/null || { apt-get -q update && unpack; } >>"$log" 2>&1 </dev/null ||
		fail "unpack ${unpacked[*]}"
fi
