/* SPDX-License-Identifier: GPL-2.0-only */
/* Which options go together; see option_checks.h. */
#include "option_checks.h"

#include <errno.h>
#include <string.h>

/* --for */
#define DEFAULT_HOLD_NS 10000000000ull

static int check_hook(struct options *options, struct error *reterr)
{
	if (options->xdp_mode != HOOK_TC) {
		if (!hook_is_xdp(options->hook))
			return error_set(reterr, -EINVAL, "'--xdp-mode' needs '--hook xdp'");
		options->hook = options->xdp_mode;
	}
	if (hook_is_xdp(options->hook) && !options->directions[DIRECTION_INGRESS])
		return error_set(reterr, -EINVAL,
				 "'-Q out' and '--hook xdp' do not go together: XDP sees only what "
				 "comes in (use '--hook tc')");
	return 0;
}

/* The first of the options that are about files with names of their own; NULL: none. */
static const char *find_file_option(const struct rotation_options *rotation)
{
	if (rotation->maximum_bytes)
		return "-C";
	if (rotation->interval_s)
		return "-G";
	if (rotation->files)
		return "-W";
	if (rotation->ring)
		return "--ring";
	if (rotation->is_aligned)
		return "--align";
	if (rotation->has_part_suffix)
		return "--part";
	return rotation->command ? "-z" : NULL;
}

static int check_files(const struct options *options, struct error *reterr)
{
	const struct rotation_options *rotation = &options->rotation;
	const char *name = find_file_option(rotation);

	if (name && !options->output)
		return error_set(reterr, -EINVAL,
				 "'%s' is about files: it needs '-w FILE', without which packets "
				 "are only counted",
				 name);
	if (name && strcmp(options->output, "-") == 0)
		return error_set(reterr, -EINVAL,
				 "'%s' is about files, and '-w -' writes to stdout: name a file "
				 "with '-w FILE', or leave '%s' out",
				 name, name);
	if (rotation->is_aligned && !rotation->interval_s)
		return error_set(reterr, -EINVAL, "'--align' needs '-G SECONDS'");
	if (rotation->files && rotation->ring)
		return error_set(reterr, -EINVAL,
				 "'-W' and '--ring' do not go together: '--ring %u' alone keeps "
				 "the last %u files",
				 rotation->ring, rotation->ring);
	if ((rotation->files || rotation->ring) && !rotation->maximum_bytes &&
	    !rotation->interval_s)
		return error_set(reterr, -EINVAL,
				 "'%s' counts files: it needs '-C SIZE' or '-G SECONDS', which "
				 "begin the next one",
				 name);
	return 0;
}

/* The first of the options that choose among the packets to be written; NULL: none. */
static const char *find_choosing_option(const struct options *options)
{
	if (options->limits.sample_every)
		return "--sample";
	if (options->limits.packets_per_second)
		return "--max-rate";
	if (options->limits.packets_per_host)
		return "--per-host";
	if (options->trigger.condition)
		return "--when";
	return options->trigger.before_ns || options->trigger.before_bytes ? "--before" : NULL;
}

static int check_choice(struct options *options, struct error *reterr)
{
	struct trigger_options *trigger = &options->trigger;
	const char *name = find_choosing_option(options);

	if (trigger->hold_ns && !trigger->condition && !trigger->before_ns &&
	    !trigger->before_bytes)
		return error_set(reterr, -EINVAL,
				 "'--for' needs '--when' or '--before' (to end by the clock: "
				 "'--duration T')");
	if (!trigger->hold_ns)
		trigger->hold_ns = DEFAULT_HOLD_NS;
	if (name && !options->output)
		return error_set(reterr, -EINVAL,
				 "'%s' chooses the packets that are written: it needs '-w FILE', "
				 "without which all are counted and none is written",
				 name);
	return 0;
}

static int check_statistics(const struct options *options, struct error *reterr)
{
	if (options->stats_file && options->stats != OPTIONS_STATS_LINES &&
	    options->stats != OPTIONS_STATS_JSON)
		return error_set(reterr, -EINVAL,
				 "'--stats-file' needs '--stats lines' or '--stats json'");
	return 0;
}

static int check_output(const struct options *options, struct error *reterr)
{
	if (options->packet_limit && !options->output)
		return error_set(
			reterr, -EINVAL,
			"'-c' counts packets written: it needs '-w FILE' (or use '--duration')");
	if (options->file_format != FILE_FORMAT_BY_NAME && !options->output)
		return error_set(reterr, -EINVAL,
				 "'--format' is of a file: it needs '-w FILE', without which "
				 "packets are only counted");
	if (options->snap_headers && options->snapshot_bytes != MAXIMUM_SNAPSHOT_BYTES)
		return error_set(reterr, -EINVAL,
				 "'-s %u' and '--snap headers' do not go together: use one of them "
				 "('--snap headers+N' keeps N bytes behind the headers)",
				 options->snapshot_bytes);
	return check_files(options, reterr);
}

static int check_modes(const struct options *options, struct error *reterr)
{
	if (options->filter_file && *options->expression)
		return error_set(reterr, -EINVAL,
				 "'-F %s' and an expression on the command line ('%.60s') do not "
				 "go together: put both into the file",
				 options->filter_file, options->expression);
	if (options->explain_count > 1)
		return error_set(reterr, -EINVAL,
				 "'-dd' and '-ddd' print the code of classic BPF, which pktsieve "
				 "does not make: '-d' shows what it does make (for classic BPF use "
				 "tcpdump)");
	if (options->mode == OPTIONS_VERSION && *options->expression)
		return error_set(
			reterr, -EINVAL,
			"'-V' tells the version and takes no file ('%.60s'): pktsieve "
			"reads no capture files (use a viewer such as pktview, or tcpdump)",
			options->expression);
	return 0;
}

int option_checks_together(struct options *options, struct error *reterr)
{
	int error = check_modes(options, reterr);

	if (error || options->mode != OPTIONS_CAPTURE)
		return error;
	if (options->wait_for_interfaces && !options->interface_count)
		return error_set(reterr, -EINVAL,
				 "'--wait' needs the name of an interface to wait for ('-i IF')");
	error = check_output(options, reterr);
	if (!error)
		error = check_choice(options, reterr);
	if (!error)
		error = check_statistics(options, reterr);
	return error ? error : check_hook(options, reterr);
}
