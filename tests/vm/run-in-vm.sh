#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs one command as root under another kernel, in a throw-away virtual machine whose only
# disk is its memory: the tools that tests need, what was built, and tests/, in /pktsieve.
# stdout and stderr of the command come out together, its exit status is ours.
#
#   tests/vm/run-in-vm.sh [-t SECONDS] [-v] KERNEL-FOLDER COMMAND [ARGUMENT...]
#
# KERNEL-FOLDER is an unpacked Debian kernel (fetch-kernels.sh). Exit status 124: stopped after
# SECONDS (default 600); 125: the machine ended without an answer. -v shows its console.
set -euo pipefail

die() { echo "run-in-vm: $*" >&2; exit 125; }

limit_s=600 show_console=''
while getopts t:v option; do
	case $option in
	t) limit_s=$OPTARG ;;
	v) show_console=1 ;;
	*) exit 125 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || die 'usage: run-in-vm.sh [-t SECONDS] [-v] KERNEL-FOLDER COMMAND...'
kernel=$(realpath "$1"); shift
command=$(printf '%q ' "$@")
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin:/sbin

image=$(find "$kernel" -name 'vmlinuz*' -type f -print -quit)
modules=$(find "$kernel" -path '*/lib/modules/*/kernel' -type d -print -quit)
[ -n "$image" ] && [ -n "$modules" ] || die "no kernel in '$kernel'"

work=$(mktemp -d "${TMPDIR:-/tmp}/pktsieve-vm.XXXXXX")
machine=''
trap '[ -z "$machine" ] || kill $machine 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
root=$work/root
mkdir -p "$root"/{dev,proc,sys,run,tmp,root,modules,pktsieve/build/tests,usr/{bin,sbin,lib,lib64},var/tmp}
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done

# The tests' tools with their libraries; busybox for whatever else a script may call.
tools=(bash ip tc ethtool tcpdump bpftool grep sed gzip awk cat cp mv rm ln ls mkdir mkfifo mktemp chmod chown
	head tail cut tr sort uniq wc cmp diff od seq sleep timeout env id stat dd kill
	ps nice readlink gzip mknod setpriv setsid nsenter taskset mount umount true false test realpath dirname basename date)
[ -x build/pktsieve ] && [ -x build/pktview ] || die "no build/pktsieve or build/pktview (see 'make help')"
programs=()
for tool in "${tools[@]}"; do programs+=("$(type -P "$tool")"); done
mapfile -t ours < <(find build/pktsieve build/pktview build/tests/kernel build/tests/e2e -type f -executable)
mapfile -t libraries < <(ldd "${programs[@]}" "${ours[@]}" 2>/dev/null |
	awk '/=> \// { print $3 } /^\t\// { print $1 }' | sort -u)
for file in "${programs[@]}" "${libraries[@]}"; do
	place=$root/$(realpath "${file%/*}")
	mkdir -p "$place"
	[ -e "$place/${file##*/}" ] || cp -L "$file" "$place/"
done
cp "$(type -P busybox)" "$root/usr/bin/busybox"
cp -r tests "$root/pktsieve/"
cp build/pktsieve build/pktview "$root/pktsieve/build/"
for folder in kernel e2e; do
	[ ! -d "build/tests/$folder" ] || cp -r "build/tests/$folder" "$root/pktsieve/build/tests/"
done
find "$root/pktsieve/build" -name '*.d' -delete -o -name '*.o' ! -name '*.bpf.o' -delete
mkdir -p "$root/etc"
printf 'root:x:0:0::/root:/bin/bash\ndaemon:x:1:1::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\ndaemon:x:1:\nnogroup:x:65534:\n' >"$root/etc/group"
printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
printf 'hosts: files\n' >"$root/etc/nsswitch.conf"
# Names of services and protocols are part of the filters that are tested.
cp /etc/services /etc/protocols "$root/etc/"

# Modules in the order they must be loaded in, unpacked; what is built in has no file.
declare -A added
add_module() {
	local name=${1//-/_} file needed
	[ -z "${added[$name]:-}" ] || return 0
	added[$name]=1
	file=$(find "$modules" -name "${name//_/[-_]}.ko*" -print -quit)
	[ -n "$file" ] || return 0
	case $file in
	*.xz) xz -dc "$file" ;;
	*) cat "$file" ;;
	esac >"$work/$name.ko"
	for needed in $(tr '\0' '\n' <"$work/$name.ko" | sed -n 's/^depends=//p' | tr ',' ' '); do
		add_module "$needed"
	done
	printf -v number %03d ${#order[@]}
	order+=("$name")
	mv "$work/$name.ko" "$root/modules/$number-$name.ko"
}
order=()
for module in veth dummy bridge 8021q vxlan macvlan tun ip_gre sch_ingress cls_bpf act_bpf; do add_module "$module"; done

cat >"$root/init" <<END
#!/usr/bin/busybox sh
/usr/bin/busybox mkdir -p /usr/busybox && /usr/bin/busybox --install -s /usr/busybox
export PATH=/usr/local/bin:/usr/bin:/usr/sbin:/usr/busybox HOME=/root LANG=C.UTF-8
export IN_VM=1 SHORT='${SHORT:-}' TEST_LIMIT_SECONDS='${TEST_LIMIT_SECONDS:-}'
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
mount -t bpf bpf /sys/fs/bpf
ln -s /proc/self/fd /dev/fd
ln -s fd/1 /dev/stdout
ln -s fd/2 /dev/stderr
mkdir -p /run/netns /dev/shm /dev/pts
mount -t devpts devpts /dev/pts
for module in /modules/*.ko; do insmod \$module || echo "run-in-vm: \$module is not loaded"; done
ip link set lo up
stty -F /dev/ttyS1 raw -echo
cd /pktsieve
$command </dev/null >/dev/ttyS1 2>&1
echo \$? >/dev/ttyS2
stty -F /dev/ttyS1 -raw
poweroff -f
END
chmod 0755 "$root/init"
chmod 1777 "$root/tmp"
(cd "$root" && find . | cpio -o -H newc --quiet) >"$work/initrd"

# A /dev/kvm that is itself emulated is slower than none: only the real modules count.
# One thread for both processors: QEMU before 8.1 translates code that the other processor is
# just patching, and a kernel that switches a static key then dies of an int3. It copies byte
# by byte where a processor says it is good at that (ERMS), and translates a program again
# wherever it is put (norandmaps): without both the tests take half the time.
accelerator=(-accel tcg,thread=single -cpu max,la57=off,-erms,-fsrm)
if [ -w /dev/kvm ] && { [ -d /sys/module/kvm_intel ] || [ -d /sys/module/kvm_amd ]; }; then
	accelerator=(-accel kvm -cpu host)
fi
mkfifo "$work/output"
cat <"$work/output" & reader=$!
timeout -k 5 "$limit_s" qemu-system-x86_64 "${accelerator[@]}" -machine q35 -m 1536 -smp 2 \
	-nodefaults -no-user-config -display none -monitor none -no-reboot \
	-kernel "$image" -initrd "$work/initrd" \
	-append 'console=ttyS0 quiet panic=-1 oops=panic mitigations=off nokaslr norandmaps nowatchdog tsc=reliable random.trust_cpu=on' \
	-serial "file:$work/console" -serial "file:$work/output" -serial "file:$work/status" \
	</dev/null >"$work/log" 2>&1 & machine=$!
ended=0
wait "$machine" || ended=$?
machine=''
: 3<>"$work/output"	# ends a reader that the machine never opened
wait "$reader" || :

if [ -n "$show_console" ]; then cat "$work/console" >&2; fi
status=$(tr -cd 0-9 <"$work/status" 2>/dev/null || :)
[ -z "$status" ] || exit "$status"
echo "run-in-vm: no answer from the machine (qemu: $ended); the end of its console:" >&2
tail -qn 30 "$work/console" "$work/log" >&2 || :
case $ended in
124 | 137) exit 124 ;;
*) exit 125 ;;
esac
