"""The socket on which the studio listens."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing

from syndicate.cli.review import _listening


def test_answers_leave_at_once() -> None:
    """Without TCP_NODELAY, each on a connection that stays open would wait 40 ms."""

    async def has_no_delay() -> int:
        seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken: socket.socket = writer.get_extra_info("socket")
            seen.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with closing(_listening("127.0.0.1", 0)) as listening:
            async with await asyncio.start_server(connected, sock=listening) as server:
                host, port = server.sockets[0].getsockname()
                _, writer = await asyncio.open_connection(host, port)
                writer.close()
                return await seen

    assert asyncio.run(has_no_delay())
