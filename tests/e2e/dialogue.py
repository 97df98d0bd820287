# SPDX-License-Identifier: GPL-2.0-only
"""A mail is delivered over TCP, and each side writes down what it sent and what it heard.

dialogue.py server|client ADDRESS PORT LOG

A line of LOG is a direction, ">" sent or "<" heard, and the bytes in hexadecimal. What one side
says at a time may fill many segments, and has bytes that are no ASCII.
"""
import socket
import sys

PATIENCE_S = 60


def mail():
    """About 300 KB: text in two encodings, long lines, every byte there is."""
    lines = ["Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=".encode(), "Zwölf Boxkämpfer jagen Viktor".encode(),
             "Zwölf Boxkämpfer".encode("latin-1"), bytes(range(256)), b"a\rb\tc\0d", b"x" * 5000]
    lines += [b"%06d " % number + bytes([33 + (number * 7 + i) % 94 for i in range(70)]) for number in range(3800)]
    return b"\r\n".join(lines) + b"\r\n.\r\n"


TURNS = [
    ("server", b"220 mail.example ESMTP ready\r\n"),
    ("client", b"EHLO client.example\r\n"),
    ("server", b"250-mail.example greets client.example\r\n250-8BITMIME\r\n250 SIZE 1000000\r\n"),
    ("client", b"MAIL FROM:<alice@client.example> BODY=8BITMIME\r\n"),
    ("server", b"250 OK\r\n"),
    ("client", b"RCPT TO:<bob@mail.example>\r\n"),
    ("server", b"250 OK\r\n"),
    ("client", b"DATA\r\n"),
    ("server", b"354 End with a dot on a line of its own\r\n"),
    ("client", mail()),
    ("server", "250 OK, eingereiht für Bob\r\n".encode()),
    ("client", b"QUIT\r\n"),
    ("server", b"221 mail.example closes the connection\r\n"),
]


def hear(connection, count):
    heard = b""
    while len(heard) < count:
        part = connection.recv(count - len(heard))
        if not part:
            sys.exit("the other side has gone")
        heard += part
    return heard


def connect(side, address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    if side == "client":
        connection = socket.create_connection(address, PATIENCE_S)
    else:
        with socket.socket(family) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1)
            listener.settimeout(PATIENCE_S)
            print("ready", flush=True)
            connection, _ = listener.accept()
    connection.settimeout(PATIENCE_S)
    return connection


def main():
    side, host, port, log_name = sys.argv[1:]
    with connect(side, (host, int(port))) as connection, open(log_name, "w") as log:
        for speaker, words in TURNS:
            if speaker == side:
                connection.sendall(words)
                print(">", words.hex(), file=log)
            else:
                print("<", hear(connection, len(words)).hex(), file=log)
        connection.shutdown(socket.SHUT_WR)
        if connection.recv(1):
            sys.exit("the other side says more than it should")


main()
