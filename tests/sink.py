"""A mail server on loopback that keeps what arrives and misbehaves on request."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests import waiting

_ID = re.compile(rb"^Message-ID: (.*?)\r$", re.MULTILINE | re.IGNORECASE)
Answer = str | None | Callable[[str], str | None]


@dataclass
class Sink:
    """Runs in a thread of its own between `with` and its end.

    `answers` holds replies by verb ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY", "DOT" …): a
    text, a function of the command's line, "HANG" to say nothing, or None to hang up.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    pipelining: bool = True
    size: int = 0
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    login: tuple[str, str] | None = None
    keep: bool = False
    mails: list[tuple[str, str]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    most: int = 0
    port: int = 0

    def __enter__(self) -> Sink:
        started = threading.Event()
        self._loop = asyncio.new_event_loop()

        async def serve() -> None:
            context = self.tls if self.implicit else None
            self._server = await asyncio.start_server(
                self._converse, "127.0.0.1", 0, limit=1 << 24, ssl=context
            )
            self.port = self._server.sockets[0].getsockname()[1]

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(serve())
            self._loop.call_soon(started.set)
            self._loop.run_forever()
            talks = asyncio.all_tasks(self._loop)
            for talk in talks:
                talk.cancel()
            if talks:
                self._loop.run_until_complete(asyncio.wait(talks))
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        waiting.until("the mail server to listen", started.is_set)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        waiting.join(self._thread, "the mail server")

    @property
    def recipients(self) -> list[str]:
        """Whose mail arrived, in the order of arrival."""
        return [recipient for recipient, _ in self.mails]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.most = max(self.most, self.connections)
        try:
            await self._dialogue(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError, ssl.SSLError):
            pass
        finally:
            self.connections -= 1
            writer.close()

    async def _dialogue(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def reply(verb: str, line: str, usual: str) -> str:
            answer = self.answers.get(verb, usual)
            text = answer(line) if callable(answer) else answer
            text = usual if text == "USUAL" else text
            if text is None:
                writer.close()
                raise ConnectionResetError
            if text == "HANG":
                await asyncio.sleep(3600)
            writer.write(f"{text}\r\n".encode())
            await writer.drain()
            return text

        await reply("CONNECT", "", "220 sink ESMTP")
        recipients: list[str] = []
        sender = False
        while line := (await reader.readuntil(b"\r\n")).decode("latin-1").rstrip("\r\n"):
            verb = line.partition(" ")[0].upper()
            if self.keep:
                self.commands.append(line)
            if verb == "EHLO":
                offers = ["sink", "8BITMIME"]
                offers += ["PIPELINING"] * self.pipelining + [f"SIZE {self.size}"] * bool(self.size)
                encrypted = writer.get_extra_info("ssl_object") is not None
                offers += ["STARTTLS"] if self.tls and not encrypted else []
                offers += ["AUTH PLAIN"] if self.login else []
                told = "".join(f"250-{one}\r\n" for one in offers[:-1]) + f"250 {offers[-1]}"
                await reply(verb, line, told)
            elif verb == "STARTTLS" and self.tls:
                await reply(verb, line, "220 go ahead")
                start_tls: Callable[[ssl.SSLContext], Awaitable[None]] = writer.start_tls
                await start_tls(self.tls)
            elif verb == "AUTH":
                given = base64.b64decode(line.split()[2]).split(b"\0")[1:]
                wanted = [one.encode() for one in self.login or ()]
                usual = "235 welcome" if given == wanted else "535 5.7.8 no such user or password"
                await reply(verb, line, usual)
            elif verb == "MAIL":
                sender = (await reply(verb, line, "250 ok")).startswith("2")
                recipients = []
            elif verb == "RCPT" and not sender and verb not in self.answers:
                await reply(verb, line, "503 from whom")
            elif verb == "RCPT":
                if (await reply(verb, line, "250 ok")).startswith("2"):
                    recipients.append(line[line.index("<") + 1 : line.rindex(">")])
            elif verb == "DATA":
                if not recipients and verb not in self.answers:
                    await reply(verb, line, "503 nobody to send to")
                elif (await reply(verb, line, "354 go on")).startswith("354"):
                    if "BODY" in self.answers:
                        await reader.read(10)
                        await reply("BODY", "", "421 bye")
                    await self._take(reader, recipients)
                    usual = "250 2.0.0 taken" if recipients else "554 nobody to send to"
                    await reply("DOT", recipients[0] if recipients else "", usual)
                recipients = []
            elif verb == "QUIT":
                await reply(verb, line, "221 bye")
                return
            else:
                await reply(verb, line, "250 ok")
                recipients = []

    async def _take(self, reader: asyncio.StreamReader, recipients: list[str]) -> None:
        content = await reader.readuntil(b"\r\n")
        if content != b".\r\n":
            content += await reader.readuntil(b"\r\n.\r\n")
        found = _ID.search(content)
        answer = self.answers.get("DOT")
        text = answer(recipients[0]) if callable(answer) else answer
        if text is not None and text[:1] in "45":
            return
        self.mails += [(one, found[1].decode() if found else "") for one in recipients]
        if self.keep:
            self.contents.append(content[:-3])
