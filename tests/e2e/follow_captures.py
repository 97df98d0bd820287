#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# Writes captures of conversations for view_follow_test.sh into a folder: follow_captures.py FOLDER
import os
import random
import socket
import struct
import sys

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
START_NS = 1700000000000000000


def address(text):
    family = socket.AF_INET6 if ':' in text else socket.AF_INET
    return socket.inet_pton(family, text)


def packet(ends, side, protocol, payload):
    source, destination = address(ends[side][0]), address(ends[1 - side][0])
    if len(source) == 4:
        header = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(payload), 1, 0x4000, 64, protocol, 0)
        ethertype = b'\x08\x00'
    else:
        header = struct.pack('>IHBB', 6 << 28, len(payload), protocol, 64)
        ethertype = b'\x86\xdd'
    return bytes(12) + ethertype + header + source + destination + payload


class Conversation:
    """Sequence numbers are counted from the first byte that a side says."""

    def __init__(self, ends=(('10.0.0.1', 40000), ('10.0.0.2', 80)), first=(1000, 5000)):
        self.ends, self.first, self.packets = ends, first, []

    def tcp(self, side, sequence, payload=b'', acknowledgment=0, flags=ACK, cut=0):
        header = struct.pack('>HHIIHHHH', self.ends[side][1], self.ends[1 - side][1],
                             (self.first[side] + sequence) % 2 ** 32,
                             (self.first[1 - side] + acknowledgment) % 2 ** 32 if flags & ACK else 0,
                             5 << 12 | flags, 8192, 0, 0)
        data = packet(self.ends, side, 6, header + payload)
        self.packets.append((data[:len(data) - cut], len(data)))
        return self

    def udp(self, side, payload):
        header = struct.pack('>HHHH', self.ends[side][1], self.ends[1 - side][1],
                             8 + len(payload), 0)
        data = packet(self.ends, side, 17, header + payload)
        self.packets.append((data, len(data)))
        return self

    def handshake(self):
        self.tcp(0, -1, flags=SYN)
        self.tcp(1, -1, flags=SYN | ACK)
        return self.tcp(0, 0)

    def end(self, said, answered):
        self.tcp(0, said, acknowledgment=answered, flags=FIN | ACK)
        self.tcp(1, answered, acknowledgment=said + 1, flags=FIN | ACK)
        return self.tcp(0, said + 1, acknowledgment=answered + 1)


def capture(folder, name, *conversations):
    with open(os.path.join(folder, name), 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b23c4d, 2, 4, 0, 0, 262144, 1))
        time_ns = START_NS
        for conversation in conversations:
            for data, wire in conversation.packets:
                time_ns += 1000000
                out.write(struct.pack('<IIII', time_ns // 10 ** 9, time_ns % 10 ** 9,
                                      len(data), wire) + data)


def write_all(folder):
    question, answer = b'GET / HTTP/1.0\r\n\r\n', b'HTTP/1.0 200 OK\r\n\r\n<p>hello</p>\n'

    plain = Conversation().handshake().tcp(0, 0, question)
    plain.tcp(1, 0, answer, len(question)).tcp(0, len(question), b'', len(answer))
    plain.end(len(question), len(answer))
    capture(folder, 'plain', plain)

    # Of each byte several copies, the later ones wrong; out of order; over the wrap of the numbers.
    mixed = Conversation(first=(2 ** 32 - 9, 2 ** 32 - 20)).handshake()
    mixed.tcp(0, 6, question[6:12]).tcp(0, 3, b'XXX' + question[6:8]).tcp(0, 0, question[:6])
    mixed.tcp(0, 0, b'Y' * 12).tcp(0, 10, b'ZZ' + question[12:])
    pieces = [(at, answer[at:at + 5]) for at in range(0, len(answer), 5)]
    random.Random(1).shuffle(pieces)
    for at, piece in pieces:
        mixed.tcp(1, at, piece, len(question))
    mixed.end(len(question), len(answer))
    capture(folder, 'mixed', mixed)

    gap = Conversation().handshake().tcp(0, 0, b'one\n').tcp(0, 9, b'three\n')
    gap.tcp(1, 0, b'ok\n', 15).tcp(0, 15, b'four\n', 3).tcp(0, 25, b'six\n', 3)
    capture(folder, 'gap', gap)

    capture(folder, 'cut', Conversation().handshake().tcp(0, 0, b'whole, not', cut=5)
            .tcp(0, 10, b' more\n'))

    capture(folder, 'hostile', Conversation().handshake()
            .tcp(0, 0, b'\x1b[31mred\x07 \xff\xc3\xa9\r\n\ttab\rreturn\n> \x9b0m\0end'))

    # The server's answer is the first packet that was captured.
    late = Conversation().tcp(1, -1, flags=SYN | ACK).tcp(0, 0, b'hello').tcp(1, 0, b'hi', 5)
    capture(folder, 'late', late)

    ipv6 = Conversation(ends=(('2001:db8::1', 40000), ('2001:db8::2', 8080)))
    ipv6.handshake().tcp(0, 0, b'six').tcp(1, 0, b'SIX', 3).tcp(0, 3, b'', 3, RST)
    datagrams = Conversation(ends=(('10.0.0.1', 5353), ('10.0.0.2', 9999)))
    datagrams.udp(0, b'ping').udp(1, b'pong').udp(0, b'ping again')
    reused = Conversation(first=(70000, 90000)).handshake().tcp(0, 0, b'second life\n')
    half = Conversation(ends=(('10.0.0.3', 1), ('10.0.0.2', 2))).tcp(0, -1, flags=SYN)
    capture(folder, 'many', plain, ipv6, datagrams, reused, half)


if __name__ == '__main__':
    os.makedirs(sys.argv[1], exist_ok=True)
    write_all(sys.argv[1])
