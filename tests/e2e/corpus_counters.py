#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Judges the counters of the captures of a collection; see corpus_counters_test.sh.

corpus_counters.py reference FOLDER
    counters.tsv (the program's) is what this file counts in frames.pcap, by the RFCs.
corpus_counters.py tshark FOLDER DIFFERENCES
    It is what tshark's protocol hierarchies say (FOLDER/phs.txt), and its fields
    (FOLDER/fields.tsv), but for the lines of DIFFERENCES; none of these is of no use.
corpus_counters.py sum FOLDER LONGEST [received]
    Prints "PROTOCOL PACKETS BYTES" of all frames together, but longer ones, by the RFCs. Of what
    is received Linux drops, before any hook of tc, what is cut in or right behind its tag.

Names of protocols are pktsieve's own. Exit status 1: something differs, which is printed.
"""
import collections
import itertools
import re
import struct
import sys

TCP_SERVICES = {
    20: 'ftp', 21: 'ftp', 22: 'ssh', 25: 'smtp', 53: 'dns', 80: 'http', 110: 'pop3', 143: 'imap',
    179: 'bgp', 389: 'ldap', 443: 'tls', 465: 'smtp', 514: 'syslog', 587: 'smtp', 601: 'syslog',
    636: 'ldap', 853: 'dns', 989: 'ftp', 990: 'ftp', 993: 'imap', 995: 'pop3', 3306: 'mysql',
    3389: 'rdp', 5060: 'sip', 5061: 'sip', 5432: 'postgresql', 6379: 'redis', 6514: 'syslog',
    8080: 'http', 8443: 'tls', 11211: 'memcached',
}
UDP_SERVICES = {
    53: 'dns', 67: 'dhcp', 68: 'dhcp', 123: 'ntp', 161: 'snmp', 162: 'snmp', 389: 'cldap',
    443: 'quic', 514: 'syslog', 546: 'dhcp', 547: 'dhcp', 853: 'dns', 1900: 'ssdp', 3389: 'rdp',
    4789: 'vxlan', 5060: 'sip', 5353: 'mdns', 6081: 'geneve', 11211: 'memcached',
    51820: 'wireguard',
}
SERVICES = {'tcp': TCP_SERVICES, 'udp': UDP_SERVICES}
# IANA's registry of protocol numbers
TRANSPORTS = {
    1: 'icmp', 2: 'igmp', 6: 'tcp', 17: 'udp', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'icmpv6',
    89: 'ospf', 112: 'vrrp', 132: 'sctp',
}
# RFC 8200, section 4; RFC 6275 (mobility), RFC 7401 (HIP), RFC 5533 (Shim6)
EXTENSIONS = {0, 43, 44, 60, 135, 139, 140}


def service(transport, first, second):
    """By the lower port, else by the other one."""
    known = SERVICES[transport]
    low, high = sorted((first, second))
    return f'{transport}.{known.get(low) or known.get(high) or "other"}'


def flag_names(flags):
    names = []
    if flags & 0x02:
        names.append('tcp.syn_ack' if flags & 0x10 else 'tcp.syn')
    if flags & 0x01:
        names.append('tcp.fin')
    if flags & 0x04:
        names.append('tcp.rst')
    return names


class Short(Exception):
    """The frame ends inside of a header."""


class Frame:
    def __init__(self, data):
        self.data = data

    def number(self, at, size):
        if at + size > len(self.data):
            raise Short
        return int.from_bytes(self.data[at:at + size], 'big')

    def names(self):
        """All names that this frame counts under."""
        names = ['ethernet']
        try:
            self.ethernet(names)
        except Short:
            pass
        if not {'arp', 'ipv4', 'ipv6', 'lldp', 'mpls', 'pppoe'} & set(names):
            names.append('ethernet.other')
        if 'ip' in names and not set(TRANSPORTS.values()) & set(names):
            names.append('ip.other')
        return list(dict.fromkeys(names))

    def ethernet(self, names):
        """IEEE 802.3, IEEE 802.1Q (clause 9), RFC 3032, RFC 2516."""
        at, kind, tags = 14, self.number(12, 2), 0
        while kind in (0x8100, 0x88a8, 0x9100):
            if tags == 4:
                return
            kind, at, tags = self.number(at + 2, 2), at + 4, tags + 1
            if tags == 1:
                names.append('vlan')
        if kind in (0x8847, 0x8848):
            names.append('mpls')
            for _ in range(8):
                label, at = self.number(at, 4), at + 4
                if label & 0x100:
                    break
            else:
                return
            kind = {4: 0x0800, 6: 0x86dd}.get(self.number(at, 1) >> 4)
        elif kind in (0x8863, 0x8864):
            names.append('pppoe')
            kind = {0x21: 0x0800, 0x57: 0x86dd}.get(self.number(at + 6, 2)) if kind == 0x8864 else 0
            at += 8
        if kind == 0x0800:
            names += ['ipv4', 'ip']
            self.ipv4(names, at)
        elif kind == 0x86dd:
            names += ['ipv6', 'ip']
            self.ipv6(names, at)
        elif kind in (0x0806, 0x8035):
            names.append('arp')
        elif kind == 0x88cc:
            names.append('lldp')

    def ipv4(self, names, at):
        """RFC 791, section 3.1."""
        protocol = self.number(at + 9, 1)
        if at + 20 > len(self.data):
            names += [TRANSPORTS[protocol]] if protocol in TRANSPORTS else []
            return
        fragment = self.number(at + 6, 2)
        if fragment & 0x3fff:
            names.append('fragments')
        header = 4 * (self.number(at, 1) & 15)
        self.transport(names, protocol, None if fragment & 0x1fff else at + header)

    def ipv6(self, names, at):
        """RFC 8200, section 3 and 4."""
        protocol = self.number(at + 6, 1)
        if at + 40 > len(self.data):
            names += [TRANSPORTS[protocol]] if protocol in TRANSPORTS else []
            return
        at += 40
        for _ in range(8):
            if protocol not in EXTENSIONS:
                break
            if protocol != 44:
                protocol, at = self.number(at, 1), at + 8 * (self.number(at + 1, 1) + 1)
                continue
            self.number(at, 8)
            protocol, fragment, at = self.number(at, 1), self.number(at + 2, 2), at + 8
            if fragment & 0xfff9:
                names.append('fragments')
            if fragment & 0xfff8:
                self.transport(names, protocol, None)
                return
        else:
            if protocol in EXTENSIONS:
                return
        self.transport(names, protocol, at)

    def transport(self, names, protocol, at):
        """RFC 9293 and RFC 768; at: of the header, None in a later fragment."""
        name = TRANSPORTS.get(protocol)
        if not name:
            return
        names.append(name)
        if at is None or name not in SERVICES:
            return
        names.append(service(name, self.number(at, 2), self.number(at + 2, 2)))
        if name == 'tcp':
            names += flag_names(self.number(at + 13, 1))


def read_frames(path):
    """"(capture, bytes)" of each frame of a pcap file that corpus_count_test wrote."""
    with open(path, 'rb') as file:
        data = file.read()
    assert struct.unpack_from('<I', data)[0] == 0xa1b2c3d4
    at = 24
    while at < len(data):
        capture, _, length, _ = struct.unpack_from('<IIII', data, at)
        yield capture, data[at + 16:at + 16 + length]
        at += 16 + length


def new_counters():
    """{capture: {name: [packets, bytes]}}"""
    return collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0]))


def count(counters, names, packets, size):
    for name in names:
        counters[name][0] += packets
        counters[name][1] += size


def reference(folder):
    counters = new_counters()
    for capture, data in read_frames(f'{folder}/frames.pcap'):
        count(counters[capture], Frame(data).names(), 1, len(data))
    return counters


def found(folder):
    counters, paths = new_counters(), {}
    with open(f'{folder}/counters.tsv') as file:
        for line in file:
            capture, path, name, packets, size = line.split('\t')
            counters[int(capture)][name] = [int(packets), int(size)]
            paths[int(capture)] = path
    return counters, paths


# What stands between Ethernet and the network header, as tshark calls it.
TAGS = {'vlan', 'ieee8021ad'}
LINKS = TAGS | {'mpls', 'pppoes', 'ppp'}
IPV6_HEADERS = {'ipv6.hopopts', 'ipv6.routing', 'ipv6.fraghdr', 'ipv6.dstopts', 'mipv6', 'hip', 'shim6'}
NETWORKS = {'arp': 'arp', 'ip': 'ipv4', 'ipv6': 'ipv6', 'lldp': 'lldp'}


def node_names(path):
    """What the last part of a path below "eth" is, if nothing before it says more."""
    *above, last = path
    links = list(itertools.takewhile(LINKS.__contains__, above))
    above = above[len(links):]
    if above:
        is_transport = above[0] in ('ip', 'ipv6') and set(above[1:]) <= IPV6_HEADERS
        return [last] if is_transport and last in TRANSPORTS.values() else []
    names = []
    if last in TAGS and not TAGS & set(links):
        names.append('vlan')
    if last == 'mpls' and 'mpls' not in links:
        names.append('mpls')
    if last in ('pppoes', 'pppoed'):
        names.append('pppoe')
    if last in NETWORKS:
        names.append(NETWORKS[last])
        names += [f'{NETWORKS[last]} in mpls or pppoe'] if {'mpls', 'pppoes'} & set(links) else []
    if last in ('ip', 'ipv6'):
        names.append('ip')
    return names


def read_hierarchies(path):
    """The counters by the trees of io,phs, one for each capture."""
    counters, capture, nodes = new_counters(), None, []
    with open(path) as file:
        for line in file:
            if match := re.match(r'Filter: frame.time_epoch >= (\d+) ', line):
                capture = int(match[1])
            match = re.match(r'( *)(\S+) +frames:(\d+) bytes:(\d+)', line)
            if not match:
                continue
            depth, name, amount = len(match[1]) // 2, match[2], (int(match[3]), int(match[4]))
            nodes[depth:] = [name]
            if nodes[1:] == ['eth']:
                count(counters[capture], ['ethernet'], *amount)
            elif nodes[1:2] == ['eth']:
                count(counters[capture], node_names(nodes[2:]), *amount)
    return counters


def fields_names(fields):
    """Fragments, TCP flags and services, which a hierarchy does not have."""
    protocols = [part for part in fields['frame.protocols'].split(':') if part != 'ethertype']
    if protocols[:1] != ['eth']:
        return []
    while protocols[1:] and protocols[1] in LINKS:
        del protocols[1]
    del protocols[0]
    names = []
    if protocols[:1] == ['ip'] and (fields['ip.flags.mf'] == '1' or fields['ip.frag_offset'] not in ('', '0')):
        names.append('fragments')
    if protocols[:1] == ['ipv6'] and 'ipv6.fraghdr' in protocols and (
            fields['ipv6.fraghdr.more'] == '1' or fields['ipv6.fraghdr.offset'] not in ('', '0')):
        names.append('fragments')
    if protocols[:1] not in (['ip'], ['ipv6']):
        return names
    del protocols[0]
    while protocols and protocols[0] in IPV6_HEADERS:
        del protocols[0]
    if protocols[:1] == ['tcp'] and fields['tcp.srcport'] and fields['tcp.dstport']:
        names.append(service('tcp', int(fields['tcp.srcport']), int(fields['tcp.dstport'])))
        names += flag_names(int(fields['tcp.flags'] or '0', 16))
    if protocols[:1] == ['udp'] and fields['udp.srcport'] and fields['udp.dstport']:
        names.append(service('udp', int(fields['udp.srcport']), int(fields['udp.dstport'])))
    return names


def read_fields(path, counters):
    with open(path) as file:
        header = file.readline().rstrip('\n').split('\t')
        for line in file:
            fields = dict(zip(header, line.rstrip('\n').split('\t')))
            count(counters[int(float(fields['frame.time_epoch']))], fields_names(fields), 1,
                  int(fields['frame.len']))


def add_others(counters):
    """What is neither this nor that. What MPLS and PPPoE carry that is not IP has no other name."""
    def rest(whole, parts):
        return [sum(counters[name][i] for name in whole) - sum(counters[name][i] for name in parts)
                for i in (0, 1)]
    inside = [f'{name} in mpls or pppoe' for name in ('ipv4', 'ipv6', 'arp', 'lldp')]
    counters['ip.other'] = rest(['ip'], TRANSPORTS.values())
    counters['ethernet.other'] = rest(['ethernet', *inside],
                                      ['arp', 'ipv4', 'ipv6', 'lldp', 'mpls', 'pppoe'])
    for name in inside:
        del counters[name]


def compare(left, right, paths):
    """{(path, name): (packets and bytes of left, those of right)}, where they differ."""
    differences = {}
    for capture in sorted(set(left) | set(right)):
        for name in sorted(set(left[capture]) | set(right[capture])):
            ours, theirs = left[capture][name], right[capture][name]
            if ours != theirs:
                differences[paths.get(capture, str(capture)), name] = (ours, theirs)
    return differences


def judge_reference(folder):
    counters, paths = found(folder)
    differences = compare(counters, reference(folder), paths)
    for (path, name), (ours, theirs) in differences.items():
        print(f'# {path}: {name} is {ours}, by the reference {theirs}')
    print(f'# {len(paths)} captures, {sum(len(c) for c in counters.values())} counters')
    return not differences and len(paths) > 0


def read_listed(path):
    """{(capture, protocol): [packets, bytes]} of the lines "CAPTURE PROTOCOL PACKETS BYTES REASON"."""
    listed, reasons = {}, set()
    with open(path) as file:
        for line in file:
            if match := re.match(r'# ([a-z0-9-]+): ', line):
                reasons.add(match[1])
            if not line.strip() or line[0] == '#':
                continue
            capture, name, packets, size, why = line.split()
            assert (capture, name) not in listed and set(why.split(',')) <= reasons, line
            listed[capture, name] = [int(packets), int(size)]
    return listed


def judge_tshark(folder, table):
    counters, paths = found(folder)
    theirs = read_hierarchies(f'{folder}/phs.txt')
    read_fields(f'{folder}/fields.tsv', theirs)
    for capture in theirs.values():
        add_others(capture)
    listed = read_listed(table)
    is_right = True
    for (path, name), (ours, other) in compare(counters, theirs, paths).items():
        difference = [ours[0] - other[0], ours[1] - other[1]]
        if listed.pop((path, name), None) != difference:
            is_right = False
            print(f'# {path} {name} {difference[0]:+} {difference[1]:+}: not as listed; '
                  f'pktsieve has {ours}, tshark {other}')
    for (path, name), (packets, size) in listed.items():
        is_right = False
        print(f'# {path} {name} {packets:+} {size:+}: is listed, and no difference')
    return is_right and len(theirs) == len(paths) > 0


def is_lost(data):
    """net/core/skbuff.c, skb_vlan_untag(): it wants the tag, and two bytes more."""
    return data[12:14] in (b'\x81\x00', b'\x88\xa8') and len(data) < 20


def print_sum(folder, longest, received=''):
    total = collections.defaultdict(lambda: [0, 0])
    for _, data in read_frames(f'{folder}/frames.pcap'):
        if len(data) <= int(longest) and not (received and is_lost(data)):
            count(total, Frame(data).names(), 1, len(data))
    for name, (packets, size) in total.items():
        print(name, packets, size)
    return True


VERBS = {'reference': judge_reference, 'tshark': judge_tshark, 'sum': print_sum}
if __name__ == '__main__':
    sys.exit(0 if VERBS[sys.argv[1]](*sys.argv[2:]) else 1)
