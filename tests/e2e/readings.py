# SPDX-License-Identifier: GPL-2.0-only
"""What tshark and Scapy make of capture files, for scripts; what is wrong goes to stdout.

readings.py follow FILE CLIENT-LOG SERVER-LOG: the first connection in FILE is the dialogue that
    both sides wrote down (dialogue.py), turn by turn.
readings.py agree FILE ERR: the frames and bytes by protocol that pktsieve printed are those of
    tshark's io,phs and io,stat. With "aggregates" as third argument the file has aggregates, and
    pktsieve's figures, which are those of the wire, have one header more for each further packet.
readings.py scapy COUNT FILE...: Scapy reads COUNT packets in FILE, without a warning.
"""
import logging
import re
import subprocess
import sys


def tshark(*arguments):
    result = subprocess.run(("tshark",) + arguments, capture_output=True, check=False)
    errors = [line for line in result.stderr.decode().splitlines() if not line.startswith("Running as user")]
    if result.returncode or errors:
        sys.exit(f"tshark {arguments}: status {result.returncode}: {errors}")
    return result.stdout


def join_turns(parts):
    """[(side, bytes)...] with what one side says at a stretch put together."""
    turns = []
    for side, words in parts:
        if turns and turns[-1][0] == side:
            turns[-1] = (side, turns[-1][1] + words)
        else:
            turns.append((side, words))
    return turns


def read_log(name, sent_by, heard_from):
    with open(name) as log:
        lines = [line.split() for line in log]
    return join_turns((sent_by if way == ">" else heard_from, bytes.fromhex(words)) for way, words in lines)


def read_followed_ascii(text):
    """Follow's blocks: their length, behind a tab if the server speaks, then as many characters."""
    text = text[text.index(b"Node 1: "):]
    position, parts = text.index(b"\n") + 1, []
    while not text.startswith(b"====", position):
        end = text.index(b"\n", position)
        side = "server" if text[position:position + 1] == b"\t" else "client"
        length = int(text[position:end])
        parts.append((side, text[end + 1:end + 1 + length]))
        position = end + 1 + length + 1
    return join_turns(parts)


def read_followed_raw(text):
    lines = text[text.index(b"Node 1: "):].split(b"\n")[1:]
    return join_turns(("server" if line.startswith(b"\t") else "client", bytes.fromhex(line.strip().decode()))
                      for line in lines if line and not line.startswith(b"="))


def as_ascii(words):
    """What tshark shows of bytes: a dot for what is neither printable ASCII nor the end of a line."""
    return bytes(byte if 32 <= byte < 127 or byte in b"\r\n" else ord(".") for byte in words)


def compare_turns(what, found, expected):
    for number, (one, other) in enumerate(zip(found, expected)):
        if one != other:
            at = next((i for i, (a, b) in enumerate(zip(one[1], other[1])) if a != b), "its end")
            sys.exit(f"{what}: turn {number}: {one[0]} {len(one[1])} bytes, logged {other[0]} {len(other[1])}, from {at}")
    if len(found) != len(expected):
        sys.exit(f"{what}: {len(found)} turns, logged {len(expected)}")


def follow(name, client_log, server_log):
    logged = read_log(client_log, "client", "server")
    compare_turns("the logs", read_log(server_log, "server", "client"), logged)
    raw = read_followed_raw(tshark("-r", name, "-q", "-z", "follow,tcp,raw,0"))
    compare_turns("raw", raw, logged)
    text = read_followed_ascii(tshark("-r", name, "-q", "-z", "follow,tcp,ascii,0"))
    compare_turns("ascii", text, [(side, as_ascii(words)) for side, words in logged])


# Of pktsieve's protocols, how tshark says the same.
FILTERS = {"IPv4": "ip", "IPv6": "ipv6", "ARP": "arp", "TCP": "tcp", "UDP": "udp", "ICMP": "icmp", "ICMPv6": "icmpv6",
           "VLAN": "vlan", "DNS": "udp.port==53||tcp.port==53", "SMTP": "tcp.port==25", "NTP": "udp.port==123",
           "SYN-ACK": "tcp.flags.syn==1&&tcp.flags.ack==1", "FIN": "tcp.flags.fin==1"}
HIERARCHY = {"eth": "Ethernet", "ip": "IPv4", "ipv6": "IPv6", "arp": "ARP", "tcp": "TCP", "udp": "UDP", "icmp": "ICMP",
             "icmpv6": "ICMPv6", "vlan": "VLAN"}


def read_counters(name):
    """{protocol: (packets, bytes)} of what matched, and the frames that were written."""
    with open(name) as file:
        text = file.read()
    table = text[text.index("protocols (on the wire):"):text.index("accounting (frames):")]
    rows = re.findall(r"^ *(\S+(?: \S+)*?) {2,}\d+ +\d+ +(\d+) +(\d+)$", table, re.M)
    written = re.search(r"^ *written +(\d+)$", text, re.M)
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}, int(written[1])


def read_hierarchy(name):
    """{protocol: (frames, bytes)}: what stands below IPv4 and IPv6 added up, tunnels left out."""
    text = tshark("-r", name, "-q", "-z", "io,phs").decode()
    sums = {}
    for protocol, frames, count in re.findall(r"^ *(\S+) +frames:(\d+) bytes:(\d+)$", text, re.M):
        if protocol in HIERARCHY:
            old = sums.get(HIERARCHY[protocol], (0, 0))
            sums[HIERARCHY[protocol]] = (old[0] + int(frames), old[1] + int(count))
    return sums


def read_statistics(name, protocols):
    filters = ",".join(FILTERS[protocol] for protocol in protocols)
    text = tshark("-r", name, "-q", "-z", "io,stat,0," + filters).decode()
    figures = [int(figure) for figure in text.split("<>")[1].split("|", 1)[1].replace("|", " ").split()[:-1]]
    return dict(zip(protocols, zip(figures[::2], figures[1::2])))


def agree(name, err_name, aggregates=None):
    counters, written = read_counters(err_name)
    views = {"io,phs": read_hierarchy(name), "io,stat": read_statistics(name, list(FILTERS))}
    if views["io,phs"].get("Ethernet", (0, 0))[0] != written:
        sys.exit(f"{views['io,phs']} frames, {written} written")
    for view, protocols in views.items():
        for protocol, (frames, count) in protocols.items():
            packets, wire = counters.get(protocol, (0, 0))
            # Ethernet, IPv4 and TCP with a time stamp: 14 + 20 + 32 bytes.
            more = packets - frames if aggregates else 0
            if (packets, wire) != (frames + more, count + 66 * more) or more < 0:
                sys.exit(f"{view}: {protocol}: {frames} frames, {count} bytes; pktsieve {packets}, {wire}")
    if aggregates and counters["TCP"][0] == views["io,phs"]["TCP"][0]:
        sys.exit("there was no aggregate")


def read_with_scapy(*pairs):
    warnings = []

    class Collector(logging.Handler):
        def emit(self, record):
            warnings.append(record.getMessage())

    logging.getLogger("scapy").addHandler(Collector())
    from scapy.all import Raw, rdpcap  # which takes a second, so here
    for expected, name in zip(pairs[::2], pairs[1::2]):
        packets = rdpcap(name)
        unknown = sum(isinstance(packet, Raw) for packet in packets)
        if len(packets) != int(expected) or unknown or warnings:
            sys.exit(f"{name}: {len(packets)} packets, {unknown} of no known link type, {warnings}")


if __name__ == "__main__":
    {"follow": follow, "agree": agree, "scapy": read_with_scapy}[sys.argv[1]](*sys.argv[2:])
