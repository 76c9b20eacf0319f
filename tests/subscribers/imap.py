"""An IMAP4rev1 server (RFC 3501) with TLS on loopback: the commands needed to read mail."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests import waiting

PASSWORD = 'a"b\\c'


@dataclass
class Mailbox:
    """The mails by UID, which of them are read, and the address of the server."""

    mails: dict[int, bytes]
    seen: set[int] = field(default_factory=set)
    port: int = 0

    def answer(self, command: str) -> tuple[bytes, str]:
        """What is sent before the tagged line, and that line."""
        words = command.split(" ")
        match words[0].upper(), *words[1:]:
            case "CAPABILITY", *_:
                return b"* CAPABILITY IMAP4rev1\r\n", "OK"
            case "LOGIN", "bo", *_:
                well = command.endswith(' "a\\"b\\\\c"')
                return b"", "OK" if well else "NO wrong password"
            case "SELECT", *_:
                return b"* 2 EXISTS\r\n", "OK" if command.endswith('"INBOX"') else "NO no such"
            case "UID", "SEARCH", *_:
                unseen = " ".join(str(uid) for uid in self.mails if uid not in self.seen)
                return f"* SEARCH {unseen}\r\n".encode(), "OK"
            case "UID", "FETCH", uid, *_:
                mail = self.mails[int(uid)]
                head = f"* 1 FETCH (UID {uid} BODY[] {{{len(mail)}}}\r\n".encode()
                return head + mail + b")\r\n", "OK"
            case "UID", "STORE", uid, _, flags if re.fullmatch(r"\(\\Seen\)", flags):
                self.seen.add(int(uid))
                return b"", "OK"
            case "LOGOUT", *_:
                return b"* BYE\r\n", "OK"
        return b"", "BAD"


@contextmanager
def serving(box: Mailbox, context: ssl.SSLContext) -> Iterator[Mailbox]:
    """A server for `box`, which serves one client at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        box.port = listener.getsockname()[1]
        thread = threading.Thread(target=_serve, args=(listener, box, context), daemon=True)
        thread.start()
        yield box
        listener.shutdown(socket.SHUT_RDWR)
    waiting.join(thread, "the mailbox")


def _serve(listener: socket.socket, box: Mailbox, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            with suppress(OSError), context.wrap_socket(client, server_side=True) as line:
                _talk(line, box)


def _talk(line: ssl.SSLSocket, box: Mailbox) -> None:
    line.sendall(b"* OK ready\r\n")
    with line.makefile("rb") as lines:
        for said in lines:
            tag, _, command = said.decode().strip().partition(" ")
            before, tagged = box.answer(command)
            line.sendall(before + f"{tag} {tagged} done\r\n".encode())
            if command.upper() == "LOGOUT":
                return
