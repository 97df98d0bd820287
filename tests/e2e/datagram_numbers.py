# SPDX-License-Identifier: GPL-2.0-only
"""The numbers in the datagrams of capture files (traffic's verb udp, Ethernet and IPv4).

datagram_numbers.py FOLDER...: for each folder a line
    FOLDER FILES PACKETS DISTINCT LOWEST HIGHEST rising|disordered NAME=BYTES...
of all the files in it, those with the lowest numbers first, then those without any. "rising"
means that, read in that order, no number is behind a higher one. Packets without a number are
counted and nothing else. A file that is not valid to its last byte ends it with status 1.
"""
import gzip
import os
import struct
import sys

NUMBER_AT = 14 + 20 + 8


def read_pcap(data):
    """pcap-savefile(5)"""
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    position, packets = 24, []
    while position < len(data):
        captured = struct.unpack_from(order + "I", data, position + 8)[0]
        packets.append(data[position + 16:position + 16 + captured])
        position += 16 + captured
    if position != len(data):
        raise ValueError("ends within a packet")
    return packets


def read_pcapng(data):
    """Of one section in the order of this machine, its enhanced packet blocks (type 6)."""
    position, packets = 0, []
    while position < len(data):
        kind, length = struct.unpack_from("<II", data, position)
        if length < 12 or struct.unpack_from("<I", data, position + length - 4)[0] != length:
            raise ValueError("a block without its end")
        if kind == 6:
            captured = struct.unpack_from("<I", data, position + 20)[0]
            packets.append(data[position + 28:position + 28 + captured])
        position += length
    return packets


def read_packets(name):
    with (gzip.open if ".gz" in name else open)(name, "rb") as file:
        data = file.read()
    return read_pcapng(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else read_pcap(data)


def read_numbers(name):
    """How many packets there are, and the numbers of those that have one, in their order."""
    packets = read_packets(name)
    return len(packets), [struct.unpack_from(">I", packet, NUMBER_AT)[0] for packet in packets
                          if packet[12:14] == b"\x08\x00" and packet[23] == 17]


def sum_up(folder):
    files = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        try:
            count, numbers = read_numbers(path)
        except (ValueError, EOFError, OSError, struct.error) as error:
            sys.exit(f"{path}: {error}")
        files.append((numbers[0] if numbers else 1 << 32, name, count, numbers))
    files.sort()
    numbers = [number for file in files for number in file[3]]
    sizes = [f"{name}={os.path.getsize(os.path.join(folder, name))}" for _, name, _, _ in files]
    print(os.path.basename(folder), len(files), sum(file[2] for file in files), len(set(numbers)),
          min(numbers, default=-1), max(numbers, default=-1),
          "rising" if numbers == sorted(numbers) else "disordered", *sizes)


for argument in sys.argv[1:]:
    sum_up(argument)
