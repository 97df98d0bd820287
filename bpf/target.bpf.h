/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the header walk and the functions for filters need of where they run: in the kernel,
 * or in user space (user/filter/offline.c), where the same code reads packets from memory.
 */
#pragma once

#ifdef __bpf__
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#define UNROLL _Pragma("unroll")
#else
#include <linux/types.h>
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#define UNROLL
#endif
#include <bpf/bpf_endian.h>

#include "capture_abi.h"
