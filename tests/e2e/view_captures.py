#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Writes the captures that view_output_test.sh shows into a folder: view_captures.py FOLDER
import gzip
import socket
import struct
import sys

folder = sys.argv[1]
START_NS = 1700000000123456000


def ethernet(ethertype, payload, source='020000000001', destination='020000000064'):
    return bytes.fromhex(destination + source) + struct.pack('>H', ethertype) + payload


def ipv4(protocol, payload, source='10.0.0.1', destination='10.0.0.2'):
    return struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0x4000, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(destination)) + payload


def ipv6(protocol, payload, source='2001:db8::1', destination='2001:db8::2'):
    return struct.pack('>IHBB', 6 << 28, len(payload), protocol, 64) + \
        socket.inet_pton(socket.AF_INET6, source) + \
        socket.inet_pton(socket.AF_INET6, destination) + payload


def udp(source, destination, payload):
    return struct.pack('>HHHH', source, destination, 8 + len(payload), 0) + payload


def tcp(source, destination, flags, payload=b'', sequence=1, acknowledgment=0, options=b''):
    return struct.pack('>HHIIHHHH', source, destination, sequence, acknowledgment,
                       5 + len(options) // 4 << 12 | flags, 8192, 0, 0) + options + payload


def capture(name, packets, link_type=1, order='<', tick_ns=1000):
    """packets: bytes, or (bytes, length on the wire); one each 0.25 s"""
    with open(f'{folder}/{name}', 'wb') as out:
        out.write(struct.pack(order + 'IHHiIII', 0xa1b2c3d4 if tick_ns == 1000 else 0xa1b23c4d,
                              2, 4, 0, 0, 262144, link_type))
        for number, packet in enumerate(packets):
            data, wire = packet if isinstance(packet, tuple) else (packet, len(packet))
            time_ns = START_NS + number * 250000000 + (number if tick_ns == 1 else 0)
            out.write(struct.pack(order + 'IIII', time_ns // 10**9,
                                  time_ns % 10**9 // tick_ns, len(data), wire) + data)


SYN, ACK = 0x002, 0x010
dialogue = [
    ethernet(0x0800, ipv4(6, tcp(50000, 7777, SYN))),
    ethernet(0x0800, ipv4(6, tcp(7777, 50000, SYN | ACK, b'', 100, 2), '10.0.0.2', '10.0.0.1')),
    ethernet(0x0800, ipv4(6, tcp(50000, 7777, ACK, b'hello\x1b[31m\r\n', 2, 101))),
    ethernet(0x86dd, ipv6(17, udp(50001, 7778, b'\x1b]0;title\x07\xff\xfe'))),
]
capture('few.pcap', dialogue)
# An outer packet that is cut, and a datagram that ends too early.
capture('ends.pcap', [(dialogue[0][:40], 54), ethernet(0x0800, ipv4(17, b'\0\1\0\2'))])
capture('nano.pcap', dialogue, tick_ns=1, order='>')
capture('nested.pcap', [
    ethernet(0x0800, ipv4(6, tcp(50000, 7777, SYN, options=bytes.fromhex('01010402')))),
    ethernet(0x86dd, ipv6(17, udp(50001, 7778, b'')))])



def block(kind, body, order='<'):
    body += bytes(-len(body) % 4)
    return struct.pack(order + 'II', kind, 12 + len(body)) + body + struct.pack(order + 'I', 12 + len(body))


def option(code, value, order='<'):
    return struct.pack(order + 'HH', code, len(value)) + value + bytes(-len(value) % 4)


# pcapng: an interface with a name, packets that came in and went out, one with a comment.
with open(f'{folder}/notes.pcapng', 'wb') as out:
    out.write(block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1)))
    out.write(block(1, struct.pack('<HHI', 1, 0, 0) + option(2, b'eth\x1b0') + option(0, b'')))
    for number, frame in enumerate(dialogue[:3]):
        options = option(2, struct.pack('<I', 2 if number == 1 else 1))
        if number == 2:
            options += option(1, b'seen "here"\x1b')
        ticks = START_NS // 1000 + number
        out.write(block(6, struct.pack('<IIIII', 0, ticks >> 32, ticks & 0xffffffff, len(frame), len(frame)) +
                        frame + bytes(-len(frame) % 4) + options + option(0, b'')))

# pcapng of two sections, one in each byte order. Of the interfaces, one counts as usual, one in parts of
# 2 to the 20th and from an offset on, one in nanoseconds; their packets are 1 s, 2 s, 3 s behind START_NS.
OFFSET_S = 1000000000
with open(f'{folder}/clocks.pcapng', 'wb') as out:
    for number, order in enumerate('><'):
        out.write(block(0x0a0d0d0a, struct.pack(order + 'IHHq', 0x1a2b3c4d, 1, 0, -1), order))
        for options in (b'', option(9, b'\x94', order) + option(14, struct.pack(order + 'q', OFFSET_S), order),
                        option(9, b'\x09', order)):
            out.write(block(1, struct.pack(order + 'HHI', 1, 0, 0) + options + option(0, b'', order), order))
        for interface, ticks in enumerate((START_NS // 1000 + 10**6,
                                           (START_NS // 10**9 + 2 - OFFSET_S << 20) + (1 << 19),
                                           START_NS + 3 * 10**9 + 7)):
            frame = dialogue[number]
            out.write(block(6, struct.pack(order + 'IIIII', interface, ticks >> 32, ticks & 0xffffffff, len(frame),
                                           len(frame)) + frame, order))

# A file of two gzip members, between which a packet is cut in two.
with open(f'{folder}/few.pcap', 'rb') as few, open(f'{folder}/members.gz', 'wb') as out:
    data = few.read()
    out.write(gzip.compress(data[:100]) + gzip.compress(data[100:]))

# The same on other links (https://www.tcpdump.org/linktypes.html); ARP where they have it.
arp = bytes.fromhex('0001080006040001') + bytes.fromhex('020000000001') + \
    socket.inet_aton('10.0.0.1') + bytes(6) + socket.inet_aton('10.0.0.2')
packets = [(frame[12:14], frame[14:]) for frame in dialogue]
families = {b'\x08\x00': 2, b'\x86\xdd': 24}
capture('raw.pcap', [packet for _, packet in packets], 101)
capture('ipv4.pcap', [packet for kind, packet in packets if kind == b'\x08\x00'], 228)
capture('null.pcap', [struct.pack('<I', families[kind]) + packet for kind, packet in packets], 0)
packets.append((b'\x08\x06', arp))
capture('sll.pcap', [struct.pack('>HHH8s', 0, 1, 6, b'\2\0\0\0\0\1') + kind + packet
                     for kind, packet in packets], 113)
capture('sll2.pcap', [kind + struct.pack('>HIHBB8s', 0, 3, 1, 0, 6, b'\2\0\0\0\0\1') + packet
                      for kind, packet in packets], 276)
capture('wifi.pcap', dialogue, 105)

# A packet for each of Wireshark's colours.
quoted = ipv4(17, udp(1, 2, b''))
low_ttl = bytearray(ipv4(17, udp(1, 2, b'x')))
low_ttl[8] = 3
capture('colours.pcap', dialogue + [
    ethernet(0x0806, arp, destination='ffffffffffff'),
    ethernet(0x0800, ipv4(1, bytes.fromhex('0800000000010001'))),
    ethernet(0x0800, ipv4(1, bytes.fromhex('0301000000000000') + quoted)),
    ethernet(0x0800, ipv4(6, tcp(50003, 7777, 0x004))),
    ethernet(0x0800, bytes(low_ttl)),
    ethernet(0x0800, ipv4(6, tcp(50004, 80, ACK))),
    ethernet(0x0800, ipv4(2, bytes.fromhex('1600000000000000e0000001'), '10.0.0.1', '224.0.0.1')),
    ethernet(0x88b5, bytes(46), destination='ffffffffffff'),
    ethernet(0x88b5, bytes(46)),
])
