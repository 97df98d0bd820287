# SPDX-License-Identifier: GPL-2.0-only
#
# Trims `bpftool btf dump file /sys/kernel/btf/vmlinux format c` to the types that the
# programs use: `make -B vmlinux.h`. A type that is missing here is a compile error there.

BEGIN {
	RS = ""			# a record is a block between empty lines
	split("__s8 __u8 __s16 __u16 __s32 __u32 __s64 __u64 __be16 __be32 __wsum bool", names)
	for (i in names)
		wanted[names[i]] = 1
	split("struct __sk_buff|struct xdp_md|struct bpf_spin_lock|enum bpf_map_type|enum bpf_func_id|" \
		"enum xdp_action", names, "|")
	for (i in names)
		wanted[names[i]] = 1
	# Values of enums that have no name.
	values = "\n\t(false|BPF_NOEXIST|BPF_F_MMAPABLE|BPF_RB_NO_WAKEUP|BPF_RB_FORCE_WAKEUP|BPF_RB_AVAIL_DATA) = "

	print "/* SPDX-License-Identifier: GPL-2.0-only */"
	print "/*"
	print " * Types of the kernel that the programs in bpf/ use, as a kernel's BTF describes them."
	print " * Made by `make -B vmlinux.h` (bpf/vmlinux.awk names the types); do not edit."
	print " */"
	print "#ifndef __VMLINUX_H__"
	print "#define __VMLINUX_H__"
	print ""
	print "#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)"
}

$1 == "typedef" && wanted[substr($NF, 1, length($NF) - 1)] { print "\n" $0; next }
($1 == "struct" || $1 == "enum") && $3 == "{" && wanted[$1 " " $2] { print "\n" $0; next }
$1 == "enum" && $2 == "{" && $0 ~ values { print "\n" $0 }

END {
	print ""
	print "#pragma clang attribute pop"
	print ""
	print "#endif /* __VMLINUX_H__ */"
}
