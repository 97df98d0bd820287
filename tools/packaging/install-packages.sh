#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs the Debian 12 packages that building and testing need; quiet when all are there.
set -euo pipefail

packages=(
	# build
	make gcc libc6-dev linux-libc-dev clang libclang-rt-dev llvm libbpf-dev libelf-dev zlib1g-dev
	libpcap0.8-dev bpftool
	# demo and tests
	iproute2 ethtool netbase tcpdump tcpreplay tshark tmux python3 python3-scapy
	# tests in virtual machines
	qemu-system-x86 busybox-static cpio xz-utils
)

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || :)
missing=()
for package in "${packages[@]}"; do
	[[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

install=(apt-get install -y --no-install-recommends "${missing[@]}")
if [ "$(id -u)" != 0 ]; then
	printf 'Packages are missing. As root, run:\n  apt-get update && %s\n' "${install[*]}" >&2
	exit 1
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A list that cannot be refreshed matters only if a package is then not found.
if ! { apt-get -q update || :; "${install[@]}" -q; } >"$log" 2>&1 </dev/null; then
	cat "$log" >&2
	echo "install-packages: could not install ${missing[*]}" >&2
	exit 1
fi
