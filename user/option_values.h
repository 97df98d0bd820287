/* SPDX-License-Identifier: GPL-2.0-only */
/* The readers of the values of options: 0 or -EINVAL; options.c words the error. */
#pragma once

#include "options.h"

typedef int option_reader(struct options *options, const char *value);

option_reader options_read_interface;
option_reader options_read_netns;
option_reader options_read_link_type;
option_reader options_read_file_format;
option_reader options_read_file_size;
option_reader options_read_file_seconds;
option_reader options_read_file_count;
option_reader options_read_file_ring;
option_reader options_read_command;
option_reader options_read_user;
option_reader options_read_snap;
option_reader options_read_output;
option_reader options_read_snapshot_length;
option_reader options_read_packet_limit;
option_reader options_read_duration;
option_reader options_read_interval;
option_reader options_read_direction;
option_reader options_read_hook;
option_reader options_read_xdp_mode;
option_reader options_read_ring_size;
option_reader options_read_min_free;
option_reader options_read_stats;
option_reader options_read_stats_file;
option_reader options_read_metrics_file;
option_reader options_read_top;
option_reader options_read_top_prefix;
option_reader options_read_condition;
option_reader options_read_hold;
option_reader options_read_before;
option_reader options_read_sample;
option_reader options_read_rate;
option_reader options_read_host_limit;
option_reader options_read_filter_file;
option_reader options_read_precision;
option_reader options_read_time_stamp_type;
option_reader options_read_explain;
