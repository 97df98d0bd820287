#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""For view_hierarchy_test.sh: pktview hierarchy against tshark's io,phs.

view_hierarchy.py compare PKTVIEW CAPTURES GOLDEN DIFFERENCES
    GOLDEN/CAPTURE/phs.txt is what tshark printed of CAPTURES/CAPTURE. Each path of protocols has as
    many packets and bytes as there, but for the lines of DIFFERENCES; none of these is of no use.
view_hierarchy.py list PKTVIEW CAPTURES GOLDEN DIFFERENCES
    Prints such lines, each with the reason that DIFFERENCES has for this path of the capture, or "?".

What is not as in tshark everywhere, and no difference:

- A protocol that pktview does not know is "data", and what tshark finds in it is left out, as it is of
  those of which pktview knows the name alone. Of mail, which pktview has within SMTP, IMAP and POP, nothing
  is left.
- Names with a dot, such as tcp.segments, are no protocols: what is below them is taken for them. A
  protocol that follows itself behind tcp.segments is one.
- What HTTP and FTP carry is compared as data, whatever kind of content it is.
- Captures of which the two do not read the same packets (view_count_differences.txt) are left out.

Exit status 1: something differs, which is printed.
"""
import os
import re
import subprocess
import sys

# What pktview takes apart, by tshark's names.
KNOWN = set('''
    eth raw null sll sll_v2 vlan ieee8021ad llc stp lldp arp ip ipv6 icmp icmpv6 igmp tcp udp sctp gre erspan vxlan
    geneve mpls pwethcw pppoes pppoed ppp lcp ipcp ipv6cp esp ah dns mdns llmnr dhcp ntp tls quic http ssdp smtp imap
    pop ftp ftp-data ssh irc sip snmp syslog telnet tftp nbns
    cdp eapol eigrp mipv6 ospf pim vrrp wol
    data-text-lines xml json urlencoded-form mime_multipart media image-gif image-jfif png
    ethertype data _ws.malformed _ws.short'''.split())
MAIL = (['smtp'], ['imap'], ['pop'])
# Of these it knows nothing but the name.
NAMED = (['cdp'], ['eapol'], ['eigrp'], ['mipv6'], ['ospf'], ['pim'], ['vrrp'], ['wol'])
CONTENT = set('data data-text-lines xml json urlencoded-form mime_multipart media image-gif image-jfif png'.split())
UNREAD = 'tests/e2e/view_count_differences.txt'
MOST_SHOWN = 60


def read_rows(text):
    """[(path, packets, bytes)] of the form that both print, without the root "frame"."""
    rows, path = [], []
    for line in text.splitlines():
        match = re.match(r'( *)(\S+) +frames:(\d+) bytes:(\d+)', line)
        if match:
            path[len(match[1]) // 2:] = [match[2].removeprefix('...')]
            rows.append((tuple(path), int(match[3]), int(match[4])))
    return rows


def add(tree, path, packets, size):
    packets_before, size_before = tree.get(path, (0, 0))
    tree[path] = (packets_before + packets, size_before + size)


def as_pktview(path):
    """Where pktview counts what tshark counts at this path; None where it does not."""
    names, is_parted = [], False
    for position, name in enumerate(path):
        is_last = position == len(path) - 1
        if names[-1:] in NAMED:
            return None
        if '.' in name and not name.startswith('_ws.') or name == 'pkt_comment':
            is_parted = True
            if is_last:
                return None
            continue
        if name not in KNOWN:
            return None if not is_last or names[-1:] in MAIL else tuple(names + ['data'])
        if names[-1:] == [name] and is_parted:
            is_parted = False
            if is_last:
                return None
            continue
        names.append(name)
        is_parted = False
    return tuple(names)


def of_content(path):
    """What kind of content HTTP or FTP carries is said by its header, and often another in tshark."""
    if path and path[-1] in CONTENT and path[-2:-1] in (('http',), ('ftp-data',)):
        return (*path[:-1], 'data')
    return path


def tree_of_tshark(path):
    tree = {}
    with open(path) as file:
        for row, packets, size in read_rows(file.read()):
            place = of_content(as_pktview(row))
            if place:
                add(tree, place, packets, size)
    return tree


def tree_of_pktview(pktview, path):
    result = subprocess.run([pktview, 'hierarchy', path], capture_output=True, text=True, check=False)
    tree = {}
    for row, packets, size in read_rows(result.stdout):
        add(tree, of_content(row), packets, size)
    return tree


def differences(pktview, captures, golden):
    """{(capture, path): "PACKETS BYTES PACKETS BYTES"}, pktview's first."""
    found = {}
    with open(UNREAD) as file:
        unread = {line.split()[0] for line in file if line[0] != '#'}
    for place, _, names in sorted(os.walk(golden)):
        capture = os.path.relpath(place, golden)
        if 'phs.txt' not in names or capture in unread:
            continue
        theirs = tree_of_tshark(f'{place}/phs.txt')
        ours = tree_of_pktview(pktview, f'{captures}/{capture}')
        for path in ours.keys() | theirs.keys():
            pair = (ours.get(path, (0, 0)), theirs.get(path, (0, 0)))
            if pair[0] != pair[1]:
                found[capture, ':'.join(path)] = f'{pair[0][0]} {pair[0][1]} {pair[1][0]} {pair[1][1]}'
    return found


def read_listed(table):
    """Of lines "CAPTURE PATH PACKETS BYTES PACKETS BYTES REASON", whose reasons "# REASON: ..." explain."""
    listed, reasons = {}, set()
    with open(table) as file:
        for line in file:
            if match := re.match(r'# ([a-z0-9-]+): ', line):
                reasons.add(match[1])
            if line.strip() and line[0] != '#':
                capture, path, *numbers, why = line.split()
                assert (capture, path) not in listed and why in reasons, line
                listed[capture, path] = ' '.join([*numbers, why])
    return listed


def compare(pktview, captures, golden, table):
    listed, found = read_listed(table), differences(pktview, captures, golden)
    wrong = [f'# {capture} {path} {numbers}: not as listed (pktview, then tshark)'
             for (capture, path), numbers in sorted(found.items()) if listed.get((capture, path), '? ?').rsplit(' ', 1)[0] != numbers]
    wrong += [f'# {capture} {path}: is listed, and no difference'
              for capture, path in sorted(listed) if (capture, path) not in found]
    print(*wrong[:MOST_SHOWN], f'# {len(found)} differences, {len(wrong)} of them not as listed', sep='\n')
    return not wrong


def print_list(pktview, captures, golden, table):
    listed = read_listed(table)
    for (capture, path), numbers in sorted(differences(pktview, captures, golden).items()):
        print(capture, path, numbers, listed.get((capture, path), '? ?').rsplit(' ', 1)[1])
    return True


if __name__ == '__main__':
    sys.exit(0 if {'compare': compare, 'list': print_list}[sys.argv[1]](*sys.argv[2:]) else 1)
