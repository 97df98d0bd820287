/* SPDX-License-Identifier: GPL-2.0-only */
/* The writer's clock follows the wall clock, and the user learns when that was set. */
#pragma once

#include <stdint.h>

#include "clock.h"
#include "notices.h"

/* Measures the clock; due once a second, and when the wall clock may have been set. */
void clock_watch_look(struct clock *clock, struct notices *notices);

/* The clock of the records; what was set before this reading is known after it. */
uint64_t clock_watch_read(struct clock *clock, struct notices *notices);
