"""Delivers by mail, over several connections at once (RFC 5321)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from syndicate.couriers.contract import Commit, Courier, Delivery, Journal, Receipt
from syndicate.couriers.smtp.refusals import Refusals
from syndicate.couriers.smtp.replies import subject_of
from syndicate.couriers.smtp.send_queue import Pace, SendQueue
from syndicate.couriers.smtp.session import PORTS, ClosedError, LostError, Security, Server, Session
from syndicate.errors import (
    CredentialsError,
    DeliveryError,
    PostponedError,
    RefusedError,
    SyndicateError,
    UncertainError,
    WithdrawnError,
)

if TYPE_CHECKING:
    from syndicate.couriers.smtp.message import MessageWriter
    from syndicate.letter import Subscriber
    from syndicate.letter.dkim import Signer


def _address(text: str) -> str:
    from syndicate.letter.subscriber import ADDRESS

    if not ADDRESS.fullmatch(text):
        raise ValueError(f"{text!r} is not a mail address such as news@example.org")
    return text


Address = Annotated[str, AfterValidator(_address)]
Names = Annotated[
    tuple[str, ...], BeforeValidator(lambda one: (one,) if isinstance(one, str) else one)
]


class SMTPCourier(Courier):
    """`via = "smtp"`: newsletters to the channel's subscribers, or newsletters and books to fixed
    addresses.

    The default `port` depends on `security`: 587 for starttls, 465 for tls, 25 for none. Without
    `to`, each active subscriber of the channel gets the letter; with `tags`, only subscribers with
    one of these tags. `from` is the sender of books; a letter names its own sender. One run sends
    to `most` recipients at most.
    """

    model_config = ConfigDict(populate_by_name=True)

    via: ClassVar[str] = "smtp"
    final: ClassVar[bool] = True

    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Security = "starttls"
    ca_file: Path | None = None
    username: str | None = None
    password_env: str | None = None
    timeout: float = Field(default=60, gt=0)
    connections: int = Field(default=4, ge=1, le=100)
    per_minute: int | None = Field(default=None, ge=1)
    per_domain: int | None = Field(default=None, ge=1)
    most: int | None = Field(default=None, ge=1)
    retries: int = Field(default=3, ge=0, le=10)
    wait: float = Field(default=5, gt=0)
    to: Annotated[
        tuple[Address, ...], BeforeValidator(lambda one: (one,) if isinstance(one, str) else one)
    ] = ()
    tags: Names = ()
    sender: Address | None = Field(default=None, alias="from")
    return_path: Address | None = None
    dkim_selector: str | None = None
    dkim_domain: str | None = None
    dkim_key: Path | None = None
    dkim_key_env: str | None = None

    @field_validator("ca_file", "dkim_key")
    @classmethod
    def _below_root(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return path and Path((info.context or {}).get("root", ".")) / path

    @model_validator(mode="after")
    def _dkim_is_whole(self) -> Self:
        given = (self.dkim_selector, self.dkim_domain, self.dkim_key or self.dkim_key_env)
        if any(given) and not all(given):
            raise ValueError("DKIM needs dkim_selector, dkim_domain and dkim_key or dkim_key_env")
        return self

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterator[str]:
        """The recipients of a letter. Books go only to the fixed recipients in `to`."""
        from syndicate.couriers.smtp.message import BOOKS
        from syndicate.letter import MEDIA_TYPE

        if self.to:
            if artifact.media_type == MEDIA_TYPE or artifact.media_type in BOOKS:
                yield from dict.fromkeys(self.to)
        elif artifact.media_type == MEDIA_TYPE:
            wanted, found = frozenset(self.tags), False
            for one in subscribers:
                if not wanted or wanted & one.tags:
                    yield one.address
                    found = True
            if not found:
                raise DeliveryError(
                    f"{artifact.channel} has no subscribers to send to",
                    hint=f"syndicate subscribers import people.csv --channel {artifact.channel}",
                )

    def preview(self, delivery: Delivery) -> bytes:
        """The message as it is signed and sent."""
        return self._writer().write(delivery).content

    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Send one mail over its own connection."""
        message = self._writer().write(delivery)
        session = self._server().connect()
        try:
            answer = session.send(message.sender, delivery.unit, message.content, commit)
        finally:
            session.quit()
        return Receipt(answer)

    def deliver_all(self, deliveries: Iterable[Delivery], journal: Journal) -> None:
        """Send `deliveries` over up to `connections` connections.

        A mail that the server defers (4xx) is sent again a little later with exactly the same
        bytes. A mail that it refuses (5xx) is not, unless that is about how much may be sent: then
        all that is left stays pending. If the connection breaks after the last line of
        a mail, that delivery is uncertain. The first connection is opened before the others, so
        that a server that is down is tried only once.
        """
        server, writer = self._server(), self._writer()
        stream = iter(islice(deliveries, self.most))
        first = next(stream, None)
        if first is None:
            return
        pace = Pace(self.per_minute, self.per_domain, self.retries, self.wait)
        queue, refusals = SendQueue(chain((first,), stream), pace), Refusals(journal)
        workers = [
            _Connection(self, server, writer, queue, journal, refusals)
            for _ in range(self.connections)
        ]
        workers[0].session = server.connect()
        with ThreadPoolExecutor(self.connections) as pool:
            try:
                for future in [pool.submit(worker.work) for worker in workers]:
                    future.result()
            except BaseException:
                queue.stop(DeliveryError("interrupted"))
                raise
        if postponed := refusals.end():
            queue.stop(postponed)
        if queue.stopped:
            raise queue.stopped
        if all(worker.gave_up for worker in workers):
            raise next(worker.gave_up for worker in workers if worker.gave_up)

    def _server(self) -> Server:
        password = None
        if self.username is not None:
            password = os.environ.get(self.password_env or "")
            if password is None:
                name = self.password_env or "password_env"
                raise CredentialsError(
                    f"the password for {self.username} at {self.host} is missing",
                    hint=f"export {name}=…" if self.password_env else f"set {name} under [deliver]",
                )
        port = self.port or PORTS[self.security]
        return Server(
            self.host, port, self.security, self.username, password, self.timeout, self.ca_file
        )

    def _writer(self) -> MessageWriter:
        from syndicate.couriers.smtp.message import MessageWriter

        return MessageWriter(self.sender, self.return_path, tuple(self._signers()))

    def _signers(self) -> Iterator[Signer]:
        from syndicate.letter.dkim import Signer

        if self.dkim_selector is None or self.dkim_domain is None:
            return
        if self.dkim_key is not None:
            try:
                key = self.dkim_key.read_bytes()
            except OSError as error:
                raise CredentialsError(f"{self.dkim_key}: {error.strerror}") from error
        elif given := os.environ.get(self.dkim_key_env or ""):
            key = given.encode()
        else:
            raise CredentialsError("the DKIM key is missing", hint=f"export {self.dkim_key_env}=…")
        yield Signer(self.dkim_domain, self.dkim_selector, key)


@dataclass
class _Connection:
    """One thread and its connection."""

    courier: SMTPCourier
    server: Server
    writer: MessageWriter
    queue: SendQueue
    journal: Journal
    refusals: Refusals
    session: Session | None = None
    gave_up: LostError | None = None

    def work(self) -> None:
        """Send deliveries one by one until the queue has no more."""
        try:
            while (delivery := self.queue.take()) is not None:
                if not self._connect():
                    self.queue.put_back(delivery)
                    return
                self._settle(delivery, self._attempt(delivery))
        except SyndicateError as error:
            self.queue.stop(error)
        except BaseException as error:
            self.queue.stop(DeliveryError(f"{type(error).__name__}: {error}"))
            raise
        finally:
            if self.session:
                self.session.quit()

    def _connect(self) -> bool:
        """Whether there is a connection, after trying up to `retries` times more."""
        for number in range(self.courier.retries + 1):
            if self.session:
                return True
            try:
                self.session = self.server.connect()
            except LostError as error:
                self.gave_up = error
                self.queue.pause(self.courier.wait * 2**number)
            else:
                self.gave_up = None
        return self.session is not None

    def _attempt(self, delivery: Delivery) -> Receipt | DeliveryError:
        if delivery.subscriber is None and delivery.unit not in self.courier.to:
            return WithdrawnError("no longer subscribed")
        assert self.session is not None
        try:
            message = self.writer.write(delivery)
            commit = partial(self.journal.commit, delivery)
            return Receipt(
                self.session.send(message.sender, delivery.unit, message.content, commit)
            )
        except (CredentialsError, ClosedError):
            raise
        except DeliveryError as error:
            return error
        finally:
            if not self.session.is_open:
                self.session = None

    def _settle(self, delivery: Delivery, outcome: Receipt | DeliveryError) -> None:
        if isinstance(outcome, Receipt | WithdrawnError):
            self.journal.settle(delivery, outcome)
            if isinstance(outcome, Receipt):
                self.refusals.accepted()
            self.queue.done(delivery, None)
            return
        if isinstance(outcome, UncertainError):
            self.journal.settle(delivery, outcome)
        else:
            if not isinstance(outcome, RefusedError):
                self.journal.put_back(delivery)
                if self.queue.later(delivery, outcome):
                    return
            if postponed := self._refused(delivery, outcome):
                self.queue.stop(postponed)
        self.queue.done(delivery, outcome)

    def _refused(self, delivery: Delivery, error: DeliveryError) -> PostponedError | None:
        """Note a refusal, or a deferral for good."""
        about_sender = isinstance(error, RefusedError) or subject_of(error.message) == "limit"
        if about_sender:
            return self.refusals.add(delivery, error)
        self.journal.settle(delivery, error)
        return None
