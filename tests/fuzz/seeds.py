#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the fuzzers of pktview begin with.

seeds.py own FOLDER
    Packets and files of each kind, made here: those of tests/fuzz/corpus-{read,dissect,stream}.
seeds.py files FOLDER
    Captures of these packets, and the files of corpus-read.
seeds.py captures COLLECTION FOLDER
    FOLDER/{read,dissect,stream}: small captures of a collection as they are, and first packets of
    all of them.
"""
import gzip
import os
import struct
import sys

LINK_TYPES = {1: 0, 0: 1, 101: 2, 12: 2, 14: 2, 113: 3, 276: 4}     # the first byte of dissect_fuzz.c


def h(text):
    return bytes.fromhex(text.replace(' ', ''))


def be(number, size):
    return number.to_bytes(size, 'big')


MACS = h('020000000002 020000000001')
A4, B4 = h('0a090001'), h('0a090064')
A6, B6 = h('fd09' + '0' * 27 + '1'), h('fd09' + '0' * 25 + '100')


def eth(kind, payload):
    return MACS + be(kind, 2) + payload


def ip4(protocol, payload, options=b''):
    header = bytes([0x45 + len(options) // 4, 0]) + be(20 + len(options) + len(payload), 2)
    return eth(0x0800, header + h('00010000 40') + bytes([protocol]) + h('0000') + A4 + B4 + options + payload)


def ip6(protocol, payload):
    return eth(0x86dd, h('60000000') + be(len(payload), 2) + bytes([protocol, 64]) + A6 + B6 + payload)


def udp(source, destination, payload):
    return be(source, 2) + be(destination, 2) + be(8 + len(payload), 2) + h('0000') + payload


def tcp(source, destination, payload, flags=0x18, options=b''):
    return (be(source, 2) + be(destination, 2) + h('00000064 000000c8') +
            bytes([0x50 + len(options) // 4 * 16, flags]) + h('0200 0000 0000') + options + payload)


def name(text):
    return b''.join(bytes([len(part)]) + part.encode() for part in text.split('.')) + b'\0'


def block(kind, body):
    body += b'\0' * (-len(body) % 4)
    size = be(12 + len(body), 4)[::-1]
    return struct.pack('<I', kind) + size + body + size


def pcap(magic, order, link, packets):
    data = struct.pack(order + 'IHHIIII', magic, 2, 4, 0, 0, 65535, link)
    for number, packet in enumerate(packets):
        data += struct.pack(order + 'IIII', number, 1000, len(packet), len(packet)) + packet
    return data


ADDRESS4 = h('c00c 0001 0001 0000003c 0004') + A4
DNS_QUESTION = h('1234 0100 0001 0000 0000 0000') + name('mail.example') + h('0001 0001')
DNS_ANSWER = (h('1234 8180 0001 0007 0001 0001') + name('mail.example') + h('0001 0001') + ADDRESS4 +
              h('c00c 001c 0001 0000003c 0010') + A6 +
              h('c00c 000f 0001 0000003c 0009 000a 046d61696c c011') +
              h('c00c 0010 0001 0000003c 0007 06') + b'v=spf1' +
              h('c00c 0005 0001 0000003c 0002 c00c') +
              h('c00c 0006 0001 0000003c 0018 c00c c00c 00000001 00000002 00000003 00000004 00000005') +
              h('c00c 0021 0001 0000003c 0008 0001 0002 0019 c00c') +
              h('c011 0002 0001 0000003c 0002 c00c') + h('00 0029 1000 00000000 0000'))
DHCP = (h('01010600 12345678 0000 8000') + A4 * 4 + h('020000000001') + bytes(10 + 64 + 128) + h('63825363') +
        h('350101 3204') + A4 + h('3604') + B4 + h('3304 00000e10 0c04') + b'host' +
        h('37 04 01 03 06 0f 3d07 01 020000000001 3c03') + b'abc' + h('ff'))
NTP = h('24 02 06 e9 00000010 00000020 0a090001') + h('e8b8f0a0 80000000') * 4
HELLO_EXTENSIONS = (h('0000 0011 000f 00 000c') + b'mail.example' + h('0010 000e 000c 02') + b'h2' +
                    h('08') + b'http/1.1' + h('002b 0005 04 0304 0303 000a 0004 0002 001d') +
                    h('000d 0004 0002 0403 0033 0007 0005 001d 0001 00'))
HELLO = (h('0303') + bytes(range(32)) + h('00 0004 1301 c02f 01 00') + be(len(HELLO_EXTENSIONS), 2) + HELLO_EXTENSIONS)
SERVER_HELLO = h('0303') + bytes(range(32)) + h('00 1301 00 0006 002b 0002 0304')


def record(kind, data):
    return bytes([kind]) + h('0303') + be(len(data), 2) + data


def handshake(kind, data):
    return record(22, bytes([kind]) + be(len(data), 3) + data)


PACKETS = {
    'arp': eth(0x0806, h('0001 0800 06 04 0001') + MACS[6:] + A4 + bytes(6) + B4),
    'vlan': eth(0x8100, h('2fa1 0800') + ip4(1, h('0800 0000 0001 0001'))[14:]),
    'qinq': eth(0x88a8, h('0064 8100 0065 86dd') + ip6(58, h('8000 0000 0001 0001'))[14:]),
    'stp': h('0180c2000000 020000000001 0026 424203 0000 00 00 01 8000 020000000001 00000004 8000'
             '020000000001 8001 0000 1400 0200 0f00'),
    'rstp': h('0180c2000000 020000000001 0027 424203 0000 02 02 3c 8000 020000000001 00000004 8000'
              '020000000001 8001 0000 1400 0200 0f00 00'),
    'snap': h('020000000002 020000000001 0024 aaaa03 000000 0800') + ip4(17, udp(7, 7, b''))[14:],
    'lldp': eth(0x88cc, h('0207 04 020000000001 0403 05 6531 0602 0078 0804 706f7274 0a04 686f7374 0c04 64657363'
                          '0e04 0014 0014 100c 05 01 0a090001 02 00000001 00 fe06 0080c2 01 0001 0000')),
    'icmp-echo': ip4(1, h('0800 0000 0001 0002') + b'abcdefgh'),
    'icmp-error': ip4(1, h('0303 0000 00000000') + ip4(17, udp(40000, 53, b''))[14:]),
    'icmp-time': ip4(1, h('0d00 0000 0001 0002 00000001 00000002 00000003')),
    'ipv4-options': ip4(1, h('0800 0000 0001 0002'), h('07 07 04 0a090001 01 44 08 05 00 00000001 94040000 00000000')),
    'ipv4-fragment': eth(0x0800, h('4500 001c 0001 2001 40 11 0000') + A4 + B4 + bytes(8)),
    'igmp1': ip4(2, h('1100 0000 00000000')), 'igmp2': ip4(2, h('1600 0000 ef010203')),
    'igmp3': ip4(2, h('2200 0000 0000 0001 04 00 0001 ef010203') + A4),
    'igmp3-query': ip4(2, h('1118 0000 ef010203 02 7d 0001') + A4),
    'router': ip6(58, h('8600 0000 40 00 0708 00000000 00000000 0101 020000000001 0501 0000 000005dc'
                        '0304 40c0 00000e10 00000708 00000000') + A6),
    'neighbour': ip6(58, h('8700 0000 00000000') + A6 + h('0101 020000000001')),
    'advertisement': ip6(58, h('8800 0000 60000000') + A6 + h('0201 020000000001')),
    'mld': ip6(58, h('8200 0000 2710 0000') + A6),
    'mld2': ip6(0, h('3a00 0502 0000 0100') + h('8f00 0000 0000 0001 04 00 0001') + A6 + B6),
    'icmpv6-error': ip6(58, h('0100 0000 00000000') + ip6(17, udp(1, 2, b''))[14:]),
    'extensions': ip6(0, h('3c00 0104 00000000 2b00 0104 00000000 2c02 0400 00000000') + A6 +
                      h('1100 0000 00000001') + udp(7, 7, b'abc')),
    'syn': ip4(6, tcp(40000, 25, b'', 2, h('020405b4 0402 080a 00000001 00000000 01 030307'))),
    'sack': ip4(6, tcp(40000, 25, b'', 16, h('0101 050a 00000001 00000002 0101 080a 00000001 00000002'))),
    'tcp-options': ip4(6, tcp(40000, 25, b'', 2, h('2212') + bytes(16) + h('1303 01 1e0c 0001') + bytes(8) + h('01'))),
    'sctp': ip4(132, h('0907 0b59 00000001 00000000 0100 0014 00000001 00010000 000a 000a 00000001'
                       '0003 0014 00000001 0000 0000 00000000 61626364')),
    'sctp-sack': ip4(132, h('0907 0b59 00000001 00000000 0300 0014 00000001 00010000 0001 0000 0002 0003 0400 0008 0001 0004')),
    'gre': ip4(47, h('b000 0800 0000 0000 00000001 00000002') + ip4(17, udp(7, 7, b''))[14:]),
    'gre-ppp': ip4(47, h('3081 880b 0004 0001 00000001 00000001') + h('ff03 c021')),
    'vxlan': ip4(17, udp(40000, 4789, h('08000000 00006400') + ip4(17, udp(7, 7, b'')))),
    'geneve': ip4(17, udp(40000, 6081, h('01 40 6558 00006400 0102 01 00') + ip6(58, h('8000 0000 0001 0001')))),
    'mpls': eth(0x8847, h('00064040 000c8140') + ip4(17, udp(7, 7, b''))[14:]),
    'pppoe': eth(0x8864, h('1100 0001 0016 0021') + ip4(1, b'')[14:]),
    'pppoe-discovery': eth(0x8863, h('1109 0000 0010 0101 0000 0103 0004 00000001 0000 0000')),
    'ipip': ip4(4, ip4(17, udp(7, 7, b''))[14:]), '6in4': ip4(41, ip6(17, udp(7, 7, b''))[14:]),
    'esp': ip4(50, h('00000001 00000001') + bytes(16)),
    'ah': ip4(51, h('1104 0000 00000001 00000001') + bytes(12) + udp(7, 7, b'')),
    'dns': ip4(17, udp(40000, 53, DNS_QUESTION)), 'dns-answer': ip4(17, udp(53, 40000, DNS_ANSWER)),
    'dns-tcp': ip4(6, tcp(53, 40000, be(len(DNS_ANSWER), 2) + DNS_ANSWER)),
    'dns-loop': ip4(17, udp(53, 40000, h('1234 8180 0001 0000 0000 0000 0161 c00c c00c 0001 0001'))),
    'mdns': ip6(17, udp(5353, 5353, h('0000 8400 0000 0001 0000 0000') + name('_http._tcp.local') +
                        h('000c 8001 00000078 0002 c00c'))),
    'dhcp': ip4(17, udp(68, 67, DHCP)), 'ntp': ip4(17, udp(123, 123, NTP)),
    'ntp-control': ip4(17, udp(123, 123, h('16 02 0001 0000 0000 0000 0004 61623d31'))),
    'hello': ip4(6, tcp(40000, 443, handshake(1, HELLO))),
    'server-hello': ip4(6, tcp(443, 40000, handshake(2, SERVER_HELLO) + record(20, b'\1') + record(23, bytes(20)))),
    'certificate': ip4(6, tcp(443, 40000, handshake(11, h('000007 000004 3002 0500')) + record(21, h('0228')))),
    'quic': ip4(17, udp(40000, 443, h('c0 00000001 08 0102030405060708 04 01020304 00 4014') + bytes(20))),
    'quic-versions': ip4(17, udp(443, 40000, h('80 00000000 04 01020304 04 01020304 00000001 6b3343cf'))),
    'http': ip4(6, tcp(40000, 80, b'POST /a?b=c HTTP/1.1\r\nHost: mail.example\r\nContent-Length: 3\r\n\r\nabc')),
    'http-answer': ip4(6, tcp(80, 40000, b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n')),
    'smtp': ip4(6, tcp(40000, 25, b'EHLO mail.example\r\nMAIL FROM:<a@b>\r\n')),
    'smtp-answer': ip4(6, tcp(25, 40000, b'250-mail.example\r\n250 STARTTLS\r\n')),
    'imap': ip4(6, tcp(40000, 143, b'a1 LOGIN user secret\r\na2 SELECT INBOX\r\n')),
    'imap-answer': ip4(6, tcp(143, 40000, b'* 1 FETCH (BODY[] {3}\r\nabc)\r\na1 OK done\r\n')),
    'pop3': ip4(6, tcp(40000, 110, b'USER a\r\nRETR 1\r\n')), 'pop3-answer': ip4(6, tcp(110, 40000, b'+OK hello\r\n')),
    'ftp': ip4(6, tcp(40000, 21, b'PORT 10,9,0,1,4,1\r\n')), 'ftp-answer': ip4(6, tcp(21, 40000, b'227 (10,9,0,1,4,1)\r\n')),
    'ssh': ip4(6, tcp(22, 40000, b'SSH-2.0-OpenSSH_9.2\r\n')),
    'escapes': ip4(6, tcp(40000, 80, b'GET /\x1b]0;x\x07 HTTP/1.1\r\n\x9b31m: \xff\xfe"\\\r\n\r\n')),
}


def write(folder, title, data):
    os.makedirs(folder, exist_ok=True)
    with open(f'{folder}/{title}', 'wb') as file:
        file.write(data)


def make_read(folder):
    few = [PACKETS['dns'], PACKETS['syn'][:40]]
    for title, magic, order in (('micro', 0xa1b2c3d4, '<'), ('micro-big', 0xa1b2c3d4, '>'),
                                ('nano', 0xa1b23c4d, '<'), ('nano-big', 0xa1b23c4d, '>')):
        write(folder, title, pcap(magic, order, 1, few))
    write(folder, 'cut', pcap(0xa1b2c3d4, '<', 1, few)[:-9])
    write(folder, 'gzip', gzip.compress(pcap(0xa1b2c3d4, '<', 1, few), mtime=0))
    section = block(0x0a0d0d0a, h('4d3c2b1a 0100 0000 ffffffffffffffff'))
    interface = block(1, h('0100 0000 00000400 0200 0400 65746830 0900 0100 09000000 0e00 0800 0100000000000000 0000 0000'))
    enhanced = block(6, h('00000000 00000000 01000000 1a000000 1a000000') + PACKETS['arp'][:26] + b'\0\0' +
                     h('0100 0300') + b'abc\0' + h('0000 0000'))
    simple = block(3, h('1a000000') + PACKETS['arp'][:26])
    packet = block(2, h('0000 0000 00000000 01000000 1a000000 1a000000') + PACKETS['arp'][:26])
    write(folder, 'pcapng', section + interface + enhanced + simple + packet + block(0xbad, b'abcd'))
    write(folder, 'pcapng-sections', (section + interface + simple) * 2)
    write(folder, 'pcapng-big', h('0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c'
                                  '00000001 00000014 0001 0000 00000000 00000014'
                                  '00000003 00000014 00000004 61626364 00000014'))


def make_dissect(folder):
    for title, packet in PACKETS.items():
        write(folder, title, h('00 00') + packet)
    for title in ('dns', 'neighbour'):
        packet = PACKETS[title]
        kind = packet[12:14]
        write(folder, f'{title}-raw', h('02 00') + packet[14:])
        write(folder, f'{title}-null', h('01 00') + h('02000000' if kind == b'\x08\0' else '1e000000') + packet[14:])
        write(folder, f'{title}-sll', h('03 00') + h('0004 0001 0006 020000000001 0000') + kind + packet[14:])
        write(folder, f'{title}-sll2', h('04 00') + kind + h('0000 00000002 0001 04 06 020000000001 0000') + packet[14:])
    write(folder, 'dhcp-cut', h('00 ff') + PACKETS['dhcp'][:100])


def segment(conversation, second, at, flags, text, ipv6=False):
    return bytes([conversation | second << 2 | ipv6 << 6, len(text)]) + be(at, 2) + bytes([flags]) + text


def make_stream(folder):
    for kind, side_texts in enumerate([
            [(0, b'GET / HTTP/1.1\r\n\r\n'), (1, b'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc'), (1, b'def')],
            [(1, b'220 ready\r\n'), (0, b'EHLO a\r\n'), (1, b'250-a\r\n250 STARTTLS\r\n'), (0, b'STARTTLS\r\n'), (1, b'220 go\r\n'),
             (0, handshake(1, HELLO)[:100]), (0, handshake(1, HELLO)[100:])],
            [(1, b'* OK\r\n'), (0, b'a1 CAPABILITY\r\n'), (1, b'* CAPABILITY IMAP4\r\na1 OK\r\n')],
            [(1, b'+OK\r\n'), (0, b'USER a\r\n'), (1, b'+OK\r\n'), (0, b'RETR 1\r\n'), (1, b'+OK\r\nabc\r\n.\r\n')],
            [(1, b'220 ftp\r\n'), (0, b'USER a\r\n'), (1, b'331 password\r\n')],
            [(0, handshake(1, HELLO)), (1, handshake(2, SERVER_HELLO)[:20]), (1, handshake(2, SERVER_HELLO)[20:])],
            [(0, be(len(DNS_QUESTION), 2) + DNS_QUESTION[:9]), (0, DNS_QUESTION[9:]), (1, be(len(DNS_ANSWER), 2) + DNS_ANSWER[:150])]]):
        at = [1, 1]
        parts = [segment(0, 0, 0, 2, b''), segment(0, 1, 0, 0x12, b'')]
        for side, text in side_texts:
            parts.append(segment(0, side, at[side], 0x18, text))
            at[side] += len(text)
        parts += [segment(0, 0, at[0], 0x11, b''), segment(0, 1, at[1], 0x11, b'')]
        for view in range(8):
            write(folder, f'tcp{kind}-{view}', bytes([view | (view ^ kind & 1) % 2 << 3, kind]) + b''.join(parts))
        disorder = parts[:2] + parts[:1:-1] + parts[3:5] + [parts[0]]
        write(folder, f'tcp{kind}-disorder', bytes([3, kind]) + b''.join(disorder))
        write(folder, f'tcp{kind}-gap', bytes([3, kind]) + b''.join(parts[:3] + parts[4:]))
    text = bytes(range(64, 104))
    overlap = b''.join(segment(0, 0, at, 0x18, text[at:at + 16], ipv6=True) for at in (0, 8, 24, 4, 16))
    write(folder, 'overlap', bytes([3, 7]) + overlap)
    write(folder, 'overlap-json', bytes([3 | 8 | 16, 7]) + overlap)
    for family in (0, 0x40):
        first = bytes([0x10 | 0x20 | family, 0x80, 16]) + text[:16]
        last = bytes([0x10 | 0x20 | family, 0x03, 16]) + text[16:32]
        write(folder, f'fragments{family:x}', bytes([5, 0]) + first + last)
        write(folder, f'fragments{family:x}-back', bytes([1, 0]) + last + first + last)
    write(folder, 'frames', bytes([0, 0]) + b''.join(
        bytes([0x18, len(PACKETS[title])]) + PACKETS[title] for title in ('arp', 'stp', 'dns', 'vxlan')))


def make_own(folder):
    make_read(f'{folder}/corpus-read')
    make_dissect(f'{folder}/corpus-dissect')
    make_stream(f'{folder}/corpus-stream')


def make_files(folder):
    make_read(folder)
    everything = list(PACKETS.values())
    write(folder, 'all', pcap(0xa1b2c3d4, '<', 1, everything))
    write(folder, 'all-cut', pcap(0xa1b2c3d4, '<', 1, [packet[:54] for packet in everything]))
    write(folder, 'raw', pcap(0xa1b23c4d, '>', 101, [packet[14:] for packet in everything if packet[12] in (0x08, 0x86)]))


def packets(data):
    """Link type and bytes of each packet of a pcap file; of other formats none."""
    for order in '<>':
        if len(data) >= 24 and struct.unpack_from(order + 'I', data)[0] in (0xa1b2c3d4, 0xa1b23c4d):
            link, at = struct.unpack_from(order + 'I', data, 20)[0] & 0xffff, 24
            while at + 16 <= len(data):
                size = struct.unpack_from(order + 'I', data, at + 8)[0]
                yield link, data[at + 16:at + 16 + size]
                at += 16 + size
            return


def take_captures(collection, folder):
    for place, _, titles in sorted(os.walk(collection)):
        for title in sorted(titles):
            path = f'{place}/{title}'
            with open(path, 'rb') as file:
                data = file.read(1 << 20)
            flat = os.path.relpath(path, collection).replace('/', '-')
            if len(data) <= 4096:
                write(f'{folder}/read', flat, data)
            frames = b''
            for number, (link, packet) in zip(range(12), packets(data)):
                if link in LINK_TYPES and len(packet) <= 2000:
                    write(f'{folder}/dissect', f'{flat}-{number}', bytes([LINK_TYPES[link], 0]) + packet)
                if link == 1 and len(packet) <= 255:
                    frames += bytes([0x18, len(packet)]) + packet
            if frames:
                write(f'{folder}/stream', flat, bytes([sum(flat.encode()) % 16, 0]) + frames)


if __name__ == '__main__':
    {'own': make_own, 'files': make_files, 'captures': take_captures}[sys.argv[1]](*sys.argv[2:])
