#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tun.py NAME ADDRESS/BITS: makes a tun device, sets it up, and says "ready".

A line "SOURCE DESTINATION" on stdin is a ping that comes in by the device. Packets that go out
are printed, as hexadecimal digits.
"""
import fcntl, os, select, socket, struct, subprocess, sys

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000

def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ping(source, destination):
    echo = struct.pack(">BBHHH", 8, 0, 0, 0x1234, 1) + bytes(range(56))
    echo = echo[:2] + struct.pack(">H", checksum(echo)) + echo[4:]
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(echo), 0, 0x4000, 64, 1, 0,
                         socket.inet_aton(source), socket.inet_aton(destination))
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:] + echo


name, address = sys.argv[1:3]
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
for command in (f"link set {name} addrgenmode none", f"link set {name} up",
                f"address add {address} dev {name}"):
    subprocess.run(["ip"] + command.split(), check=True)
print("ready", flush=True)
while True:
    readable, _, _ = select.select([tun, sys.stdin], [], [])
    if tun in readable:
        print(os.read(tun, 65536).hex(), flush=True)
    if sys.stdin in readable:
        line = sys.stdin.readline()
        if not line:
            break
        os.write(tun, ping(*line.split()))
