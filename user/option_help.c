/* SPDX-License-Identifier: GPL-2.0-only */
/* What --help prints, from the table of options; and what was given in vain. */
#include "option_rows.h"

#include <string.h>

static void print_row(const struct option_row *row, FILE *out)
{
	char left[64];
	int used = snprintf(left, sizeof(left), row->letter ? "  -%c" : "    ", row->letter);

	if (row->name)
		used += snprintf(left + used, sizeof(left) - (size_t)used, "%s--%s",
				 row->letter ? ", " : "  ", row->name);
	if (row->value)
		snprintf(left + used, sizeof(left) - (size_t)used, " %s", row->value);
	fprintf(out, "%-36s %s\n", left, row->help);
}

static void print_printing_letters(FILE *out)
{
	fputs("tcpdump's letters for printing (-", out);
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].is_printing && option_rows[i].letter)
			fputc(option_rows[i].letter, out);
	fputs(") are taken and change nothing.\n", out);
}

void options_print_help(FILE *out)
{
	fputs("Usage: pktsieve [options] [filter expression]\n"
	      "Captures the packets that the filter wants, in the kernel, into a pcap file.\n\n",
	      out);
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].help)
			print_row(&option_rows[i], out);
	print_printing_letters(out);
	fputs("\nFilter: tcpdump's language for Ethernet, pcap-filter(7): src host A, net A/N, "
	      "tcp port N,\n"
	      "portrange N-M, ether host M, vlan N, tcp[tcpflags] & tcp-syn != 0, and, or, not "
	      "...\n"
	      "Lists of addresses: [src|dst] host in FILE, net in FILE; followed when they "
	      "change.\n"
	      "Signals: INT, TERM and HUP stop; all that is in the rings goes into the file "
	      "first,\n"
	      "with a second INT or TERM not. USR1 prints the counts so far, USR2 flushes the "
	      "file;\n"
	      "with --before it writes what is in memory, as --when does.\n"
	      "Exit status: 0 done; 1 usage, filter, permission or attach error;\n"
	      "2 output error, also a disk that was full for a time.\n",
	      out);
}

/* What comes and goes under `any` is left as it is. */
static bool has_only_any(const struct options *options)
{
	for (size_t i = 0; i < options->interface_count; i++)
		if (strcmp(options->interfaces[i], "any") != 0)
			return false;
	return options->interface_count > 0;
}

void options_print_remarks(const struct options *options, FILE *out)
{
	if (*options->printing && !options->output)
		fprintf(out,
			"pktsieve: '%s' is about packets that are printed; without '-w' they are "
			"only counted (write them with '-w FILE' for a viewer such as pktview, or "
			"'tcpdump -r FILE')\n",
			options->printing);
	if (options->is_promiscuous && has_only_any(options))
		fputs("pktsieve: '--promiscuous' has no effect with '-i any': name the "
		      "interfaces that are to be promiscuous\n",
		      out);
}
