/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcpdump's command lines with the name changed: its letters, its abbreviations, and options
 * that need or exclude each other.
 */
#include "options_line.h"

static const struct accepted_line accepted[] = {
	{ "--wait -i tun0", "interface=tun0 wait" },
	{ "--netns web", "netns=web" },
	{ "-y EN10MB", "link-type=1" },
	{ "-yen10mb", "link-type=1" },
	{ "-y raw", "link-type=12" },
	{ "--linktype=LINUX_SLL2", "link-type=276" },
	{ "--format pcapng -w f", "format=pcapng output=f" },
	{ "--format=pcap -w f", "format=pcap output=f" },
	{ "-w f -C 5", "output=f size=5000000" },
	{ "-w f -C 5k", "output=f size=5120" },
	{ "-w f -G 3600", "output=f every=3600" },
	{ "-w f -G 60 -W 24 -C 1m", "output=f size=1048576 every=60 files=24" },
	{ "-w f -G 60 --ring 24 --align --part", "output=f every=60 keep=24 aligned part" },
	{ "-w f -z gzip", "output=f command=gzip" },
	{ "-w f -Z nobody", "output=f user=nobody" },
	{ "--relinquish-privileges=nobody", "user=nobody" },
	{ "--snap headers", "headers+0" },
	{ "--snap headers+64 -s0", "headers+64" },
	{ "--time-stamp-precision=nano", "nano" },
	{ "--nano --time-stamp-precision micro", "" },
	{ "-j host", "" },
	{ "--time-stamp-type=HOST", "" },
	{ "--immediate-mode", "" },
	{ "-O", "" },
	{ "--no-optimize", "" },
	/* How tcpdump is called, with the name changed. */
	{ "-nnvvXSs0 -e -w f host A", "output=f verbose printing=-n filter=[host A]" },
	{ "-i eth0 -p -s0 -w f host A", "interface=eth0 output=f filter=[host A]" },
	{ "-AabefHKlNqStttttux# -w f", "output=f printing=-A" },
	{ "-xx -XX -w f", "output=f printing=-x" },
	{ "-E secret -M secret -m mib -T rpc -w f", "output=f printing=-E" },
	{ "--number -w f", "output=f printing=-#" },
	{ "--count --lengths -w f", "output=f printing=--count" },
	{ "--absolute-tcp-sequence-numbers --dont-verify-checksums -w f", "output=f printing=-S" },
	{ "-Knpi eth0 -tttt -U -w -", "interface=eth0 output=- flush printing=-K" },
	/* tcpdump's abbreviations, also where an option of pktsieve's own begins so. */
	{ "--int eth0", "interface=eth0" },
	{ "--in eth0", "interface=eth0" },
	{ "--s 96", "snapshot=96" },
	{ "--sn=96", "snapshot=96" },
	{ "--mi", "" },
	{ "--na", "nano" },
	{ "--pa", "flush" },
	{ "--r nobody", "user=nobody" },
	{ "--h", "help" },
	{ "--c -w f", "output=f printing=--count" },
	{ "--a -w f", "output=f printing=-S" },
	{ "--dir=in", "in" },
	{ "--b 2048", "ring=2097152" },
	{ "--v", "version" },
	{ "--par -w f", "output=f part" },
	{ "--min 0", "free=0+0%" },
	{ "--cl", "cleanup" },
};

static const struct refused_line refused[] = {
	{ "-y LINUX_SLL", "'LINUX_SLL'|'-y'|use LINUX_SLL2" },
	{ "-y DOCSIS", "'DOCSIS'|'-y'|'EN10MB', 'RAW' or 'LINUX_SLL2'" },
	{ "-j adapter", "'adapter'|'-j'|'host'|network card|leave '-j' out" },
	{ "--time-stamp-precision=pico", "'pico'|'--time-stamp-precision'|'micro' or 'nano'" },
	{ "-r f", "'-r'|no capture files|pktview|tcpdump -r" },
	{ "-n -r f -w g", "'-r'|no capture files|pktview|tcpdump -r" },
	{ "-V f", "'-V'|'f'|version|tcpdump" },
	{ "--print -w f", "'--print'|prints no packets|'-w -'" },
	{ "-I -w f", "'-I'|monitor mode|tcpdump" },
	{ "-dd tcp", "'-dd'|'-d'|classic BPF|tcpdump" },
	{ "-ddd", "'-ddd'|'-d'|classic BPF|tcpdump" },
	{ "-C 5", "'-C'|'-w FILE'" },
	{ "-G 5", "'-G'|'-w FILE'" },
	{ "-W 5", "'-W'|'-w FILE'" },
	{ "-z gzip", "'-z'|'-w FILE'" },
	{ "--ring 5", "'--ring'|'-w FILE'" },
	{ "--part", "'--part'|'-w FILE'" },
	{ "-C 5 -w -", "'-C'|'-w -'|'-w FILE'" },
	{ "-G 5 -w -", "'-G'|'-w -'|'-w FILE'" },
	{ "-z gzip -w -", "'-z'|'-w -'|'-w FILE'" },
	{ "--part -w -", "'--part'|'-w -'|'-w FILE'" },
	{ "-W 5 -w f", "'-W'|'-C SIZE' or '-G SECONDS'" },
	{ "--ring 5 -w f", "'--ring'|'-C SIZE' or '-G SECONDS'" },
	{ "-W 5 --ring 6 -C 1 -w f", "'-W'|'--ring'|the last 6 files" },
	{ "--align -w f", "'--align'|'-G SECONDS'" },
	{ "--align -C 5 -w f", "'--align'|'-G SECONDS'" },
	{ "--snap headers -s 96", "'-s 96'|'--snap headers'|headers+N" },
	{ "--snap header", "'header'|'--snap'|'headers'" },
	{ "--snap headers-5", "'headers-5'|'--snap'|'headers'" },
	{ "--format pcapng", "'--format'|'-w FILE'" },
	{ "--format text -w f", "'text'|'--format'|'pcap' or 'pcapng'" },
	{ "--wait", "'--wait'|'-i IF'" },
	{ "-C 0 -w f", "'0'|'-C'|a size" },
	{ "-G 0 -w f", "'0'|'-G'|from 1" },
	{ "-W 0 -C 1 -w f", "'0'|'-W'|from 1" },
};

static void check_remarks(const char *text, const char *expected)
{
	char *remarks = NULL;
	size_t size;
	FILE *out = open_memstream(&remarks, &size);
	struct command_line line;
	struct options options;
	struct error error = {};

	split(text, &line);
	if (!options_parse(line.count, line.words, &options, &error))
		options_print_remarks(&options, out);
	options_free(&options);
	fclose(out);
	check(*expected ? strstr(remarks, expected) && strchr(remarks, '\n') == remarks + size - 1 :
			  !size,
	      *expected ? "'pktsieve %s' says in one line: %s" : "'pktsieve %s' says nothing%s",
	      text, expected);
	check_note("it says: %s", remarks);
	free(remarks);
}

static void test_remarks(void)
{
	check_remarks("-nnvvXSs0 -e -w f host A", "");
	check_remarks("-p", "");
	check_remarks("-XX", "'-X' is about packets that are printed");
	check_remarks("--number tcp", "'-#' is about packets that are printed");
	check_remarks("-A", "'-w FILE' for a viewer such as pktview, or 'tcpdump -r FILE'");
	check_remarks("--promiscuous -i any", "'--promiscuous' has no effect with '-i any'");
	check_remarks("--promiscuous -i eth0 -w f", "");
}

int main(void)
{
	check_accepted(accepted, LENGTH(accepted));
	check_refused(refused, LENGTH(refused));
	test_remarks();
	return check_finish();
}
