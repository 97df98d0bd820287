#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What 'pktview follow' says of the TCP streams of captures, beside what it should say.

  view_follow.py golden PKTVIEW CAPTURES GOLDEN DIFFERENCES
      tshark's: GOLDEN/CAPTURE/follow-tcp-N.txt. DIFFERENCES lists where it says something else, and why.
  view_follow.py truth PKTVIEW CAPTURE TRUTH
      what each side of each stream really sent

Prints what differs; the exit status is 1 if anything does.
"""
import json
import os
import re
import subprocess
import sys


def objects(pktview, capture, *words):
    done = subprocess.run([pktview, "follow", capture, *words, "--json"], capture_output=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def content(chunk):
    """The bytes of a chunk; of a gap what tshark writes in their place."""
    if "missing" in chunk:
        return b"[%d bytes missing in capture file]\0" % chunk["missing"]
    return bytes.fromhex(chunk["data"]) if "data" in chunk else chunk["text"].encode()


def merge(turns):
    """Pieces that one side said without the other in between are one."""
    merged = []
    for side, data in turns:
        if merged and merged[-1][0] == side:
            merged[-1] = (side, merged[-1][1] + data)
        elif data:
            merged.append((side, data))
    return merged


def as_ascii(data):
    """tshark's form: what is not printable, but for the ends of lines, is a point."""
    return bytes(c if 32 <= c < 127 or c in (10, 13) else 46 for c in data)


def golden_turns(path):
    """[(node, bytes)], and the names of the nodes, of a file of tshark's."""
    with open(path, "rb") as file:
        text = file.read()
    head = re.match(rb"=+\nFollow: tcp,ascii\nFilter: [^\n]*\n"
                    rb"Node 0: ([^\n]*)\nNode 1: ([^\n]*)\n", text)
    if not head:
        return None, ()
    turns, at = [], head.end()
    while True:
        size = re.compile(rb"(\t?)(\d+)\n").match(text, at)
        if not size:
            break
        length = int(size.group(2))
        turns.append((1 if size.group(1) else 0, text[size.end():size.end() + length]))
        at = size.end() + length + 1
    return turns, (head.group(1).decode(), head.group(2).decode())


def name_of(row, end):
    address = row[end]
    return ("[%s]:%d" if ":" in address else "%s:%d") % (address, row[end + "_port"])


def compare_turns(ours, wanted):
    """What differs: '' or a sentence."""
    if ours == wanted:
        return ""
    for side in (0, 1):
        mine = b"".join(data for who, data in ours if who == side)
        theirs = b"".join(data for who, data in wanted if who == side)
        if mine != theirs:
            at = next((i for i, (a, b) in enumerate(zip(mine, theirs)) if a != b),
                      min(len(mine), len(theirs)))
            return "side %d differs at %d: %r, tshark has %r (%d and %d bytes)" % (
                side, at, mine[at:at + 24], theirs[at:at + 24], len(mine), len(theirs))
    return "the sides take turns elsewhere"


def listed_differences(path):
    """{(capture, stream): reason}; every reason has to be explained in a line "# REASON: ..."."""
    listed, reasons = {}, set()
    with open(path) as file:
        for line in file:
            words = line.split()
            if line.startswith("# ") and words[1].endswith(":"):
                reasons.add(words[1][:-1])
            elif words and words[0] != "#":
                listed[words[0], int(words[1])] = words[2]
    for key, reason in listed.items():
        if reason not in reasons:
            sys.exit("%s %d: '%s' is no reason" % (*key, reason))
    return listed


def compare_stream(pktview, capture, row, node, wanted):
    if not row:
        return "no such stream"
    first = "client" if name_of(row, "client") == node else "server"
    chunks = objects(pktview, capture, "tcp", str(row["stream"]))
    ours = [(0 if chunk["from"] == first else 1, as_ascii(content(chunk))) for chunk in chunks]
    return compare_turns(merge(ours), merge(wanted))


def golden(pktview, captures, golden_folder, differences):
    listed = listed_differences(differences)
    count = failed = 0
    for folder, _, files in sorted(os.walk(golden_folder)):
        numbers = sorted(int(f[11:-4]) for f in files if re.fullmatch(r"follow-tcp-\d+\.txt", f))
        name = os.path.relpath(folder, golden_folder)
        capture = os.path.join(captures, name)
        rows = rows_by_ends(pktview, capture) if numbers else {}
        for number in numbers:
            wanted, nodes = golden_turns(os.path.join(folder, "follow-tcp-%d.txt" % number))
            if wanted is None:
                continue
            count += 1
            same = rows.get(frozenset(nodes))
            row = same.pop(0) if same else None
            difference = compare_stream(pktview, capture, row, nodes[0], wanted)
            if bool(difference) != ((name, number) in listed):
                failed += 1
                print("%s %d: %s" % (name, number, difference or "listed, and no difference"))
            listed.pop((name, number), None)
    for name, number in listed:
        failed += 1
        print("%s %d: listed, and not there" % (name, number))
    if not count:
        print("nothing to compare")
    return failed or not count


def rows_by_ends(pktview, capture):
    """Streams with the same ends come one behind the other."""
    rows = {}
    for row in objects(pktview, capture, "--list"):
        if row["protocol"] == "tcp":
            ends = frozenset((name_of(row, "client"), name_of(row, "server")))
            rows.setdefault(ends, []).append(row)
    return rows


def truth(pktview, capture, path):
    with open(path) as file:
        streams = json.load(file)
    rows = rows_by_ends(pktview, capture)
    different = 0
    for stream in streams:
        ends = [re.sub(r"^(.*:.*) (\d+)$", r"[\1]:\2", stream[end]).replace(" ", ":")
                for end in ("client", "server")]
        # Those with the same ends come one behind the other.
        same = rows.get(frozenset(ends))
        row = same.pop(0) if same else None
        if not row:
            different += 1
            print("no stream between %s and %s" % tuple(ends))
            continue
        chunks = objects(pktview, capture, "tcp", str(row["stream"]))
        is_client = name_of(row, "client") == ends[0]
        for side in ("client", "server"):
            of = side if is_client else {"client": "server", "server": "client"}[side]
            said = b"".join(content(c) for c in chunks if c["from"] == of)
            sent = stream[side + "_sent"].encode("latin-1")
            gaps = [c for c in chunks if c["from"] == of and "missing" in c]
            if stream["complete"] and said != sent:
                different += 1
                print("tcp %d (%s): the %s sent %r, not %r" % (
                    row["stream"], stream["scenario"], side, sent[:60], said[:60]))
            # What is not complete has gaps, and between them nothing but what was sent.
            at = 0
            for chunk in (c for c in chunks if c["from"] == of and not stream["complete"]):
                if "missing" in chunk:
                    at += chunk["missing"]
                    continue
                piece = content(chunk)
                if sent[at:at + len(piece)] != piece:
                    different += 1
                    print("tcp %d (%s): at %d the %s did not send %r (%d gaps)" % (
                        row["stream"], stream["scenario"], at, side, piece[:40], len(gaps)))
                    break
                at += len(piece)
    return different


if __name__ == "__main__":
    sys.exit(bool({"golden": golden, "truth": truth}[sys.argv[1]](*sys.argv[2:])))
