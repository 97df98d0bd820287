#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Unpacks Debian's kernels into build/kernels (or $KERNELS), without installing anything and
# without touching apt's configuration; what is there already is kept.
#
#   tests/vm/fetch-kernels.sh [5.10|6.1|6.12|newest]...
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- 5.10 6.1 newest
kernels=$(realpath -m "${KERNELS:-build/kernels}")

# Kernel, Debian release that has it, and the package that depends on its present version.
table='
5.10    bullseye-security   linux-image-cloud-amd64
6.1     bookworm-security   linux-image-cloud-amd64
6.12    bookworm-security   linux-image-6.12-cloud-amd64
newest  trixie-backports    linux-image-cloud-amd64
'

die() { echo "fetch-kernels: $*" >&2; exit 1; }

# The archive that apt already uses here; only the release differs.
archive() {
	apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | grep -E -m1 "$1" || :
}

prepare_apt() {
	local main security release key=/usr/share/keyrings/debian-archive-keyring.gpg
	main=$(archive '/debian/?$') security=$(archive '/debian-security/?$')
	[ -n "$main" ] && [ -n "$security" ] ||
		die "apt knows no Debian archive here (try 'apt-get update')"
	mkdir -p "$apt"/{lists/partial,cache/archives/partial,etc/parts,etc/preferences.d}
	for release in $(awk 'NF { print $2 }' <<<"$table" | sort -u); do
		case $release in
		*-security) echo "deb [signed-by=$key] $security $release main" ;;
		*) echo "deb [signed-by=$key] $main $release main" ;;
		esac
	done >"$apt/etc/sources.list"
	cat >"$apt/apt.conf" <<-END
	Dir::Etc "$apt/etc"; Dir::Etc::SourceParts "$apt/etc/parts"; Dir::Etc::Parts "$apt/etc/parts";
	Dir::State::Lists "$apt/lists"; Dir::Cache "$apt/cache";
	APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Retries "3";
	END
	export APT_CONFIG=$apt/apt.conf
	apt-get -qq update || die "the package lists cannot be fetched"
}

# depends PACKAGE PATTERN: the packages it depends on, of these names.
depends() {
	apt-cache show "$1" | sed -n '1,/^$/s/^Depends: //p' | tr ',' '\n' |
		sed 's/^ *//; s/ .*//' | grep -E "$2" || :
}

fetch() {
	local kernel=$1 release meta image
	read -r release meta < <(awk -v kernel="$kernel" '$1 == kernel { print $2, $3 }' <<<"$table") ||
		die "no kernel '$kernel' (5.10, 6.1, 6.12, newest)"
	image=$(depends "$meta/$release" '^linux-image-[0-9]' | head -1)
	[ -n "$image" ] || die "$release has no kernel image"
	mkdir -p "$apt/$kernel/unpacked"
	# From 7.x on the image package is empty, the files are in those it depends on.
	(cd "$apt/$kernel" && apt-get -qq download "$image" $(depends "$image" '^linux-(binary|modules|base)-[0-9]')) ||
		die "$image cannot be fetched"
	for package in "$apt/$kernel"/*.deb; do dpkg -x "$package" "$apt/$kernel/unpacked"; done
	mv "$apt/$kernel/unpacked" "$kernels/$kernel"
	echo "fetched Linux $kernel: $image"
}

apt=''
for kernel; do
	[ ! -e "$kernels/$kernel" ] || continue
	if [ -z "$apt" ]; then
		mkdir -p "$kernels"
		apt=$(mktemp -d "$kernels/.fetching.XXXXXX")
		trap 'rm -rf "$apt"' EXIT
		prepare_apt
	fi
	fetch "$kernel"
done
