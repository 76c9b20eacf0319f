"""One connection to a mail server (RFC 5321), on smtplib.

smtplib's `sendmail` sends the body and the final dot in one call. `commit` must be called between
the two, since nothing is sent before the dot. So the dialogue after the greeting is our own code.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from syndicate.errors import CredentialsError, DeliveryError, RefusedError, UncertainError

Security = Literal["starttls", "tls", "none"]
_LINE, _LINES = 2048, 100  # limits on a reply: bytes in a line, and lines
PORTS = {"starttls": 587, "tls": 465, "none": 25}


class LostError(DeliveryError):
    """The connection was lost before anything was sent. A new connection may work."""


class ClosedError(DeliveryError):
    """The server will not accept mail with these settings; trying again does not help."""


@dataclass(frozen=True)
class Server:
    """A mail server and how to log in. `timeout` is in seconds. `ca_file` has certificates to trust
    instead of the system's."""

    host: str
    port: int
    security: Security
    username: str | None
    password: str | None
    timeout: float
    ca_file: Path | None

    def connect(self) -> Session:
        """A session that is encrypted and logged in.

        Raises:
            CredentialsError: the server refuses the login.
            ClosedError: the server does not offer encryption, or its certificate is not valid.
            LostError: the server cannot be reached or is too busy.
        """
        try:
            return Session(self._smtp())
        except smtplib.SMTPAuthenticationError as error:
            message = f"{self.host} refused the login: {_text(error.smtp_code, error.smtp_error)}"
            if error.smtp_code < 500:
                raise LostError(message) from error
            hint = "check username and password_env under [deliver]"
            raise CredentialsError(message, hint=hint) from error
        except smtplib.SMTPNotSupportedError as error:
            raise ClosedError(
                f"{self.host} does not support the settings under [deliver]: {error}",
                hint='set security to what the server offers: "starttls", "tls" or "none"',
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise ClosedError(
                f"the certificate of {self.host} cannot be trusted: {error.verify_message}",
                hint="set host to the name in the certificate; set ca_file for a private authority",
            ) from error
        except smtplib.SMTPResponseException as error:
            answer = _text(error.smtp_code, error.smtp_error)
            raise LostError(f"{self.host} refused the connection: {answer}") from error
        except (OSError, smtplib.SMTPException) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise LostError(f"{self.host}:{self.port} cannot be reached: {reason}") from error

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """Checks certificates and host names. Made once, since it reads hundreds of files."""
        return ssl.create_default_context(cafile=self.ca_file)

    def _smtp(self) -> smtplib.SMTP:
        smtp: smtplib.SMTP
        if self.security == "tls":
            smtp = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=self._context
            )
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                smtp.starttls(context=self._context)
                smtp.ehlo()
            if self.username is not None:
                smtp.login(self.username, self.password or "")
        except BaseException:
            smtp.close()
            raise
        return smtp


class Session:
    """A connection to a mail server. After an error it may be closed; see `is_open`."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        assert smtp.sock is not None
        self._smtp, self._socket = smtp, smtp.sock
        self._answers = smtp.sock.makefile("rb")
        self._pipelines = smtp.has_extn("pipelining")
        size = smtp.esmtp_features.get("size", "")
        self._largest = int(size) if size.isdigit() else 0
        # Send the final dot at once, without waiting until the server has acknowledged the body.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, sender: str, recipient: str, message: bytes, commit: Callable[[], None]) -> str:
        """Send `message` and return the server's reply.

        Args:
            message: lines that end in CRLF, of which none starts with a dot.
            commit: called when everything but the final dot has been sent.

        Raises:
            RefusedError: the server answered 5xx and did not take the message.
            DeliveryError: the server answered 4xx and did not take the message.
            LostError: the connection broke before the final dot.
            UncertainError: the connection broke after the final dot.
        """
        if self._largest and len(message) > self._largest:
            raise RefusedError(
                f"the mail is too large: {len(message):,} bytes, the server takes {self._largest:,}"
            )
        self._envelope(sender, recipient)
        self._write(message)
        try:
            commit()
        except BaseException:
            self.close()  # without the final dot, the server discards the message
            raise
        try:
            self._write(b".\r\n")
            code, text = self._reply()
        except LostError as error:
            raise UncertainError(
                f"the connection broke after the last line of the mail: {error}"
            ) from error
        if code == 421:
            self.close()
            raise UncertainError(
                f"the server closed the connection after the last line of the mail: "
                f"{_text(code, text)}"
            )
        _expect(250, code, text)
        return _text(code, text)

    def _envelope(self, sender: str, recipient: str) -> None:
        """Send MAIL, RCPT and DATA, all at once if the server supports pipelining (RFC 2920)."""
        commands = (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA")
        if self._pipelines:
            self._write("".join(f"{command}\r\n" for command in commands).encode())
            mail, rcpt, data = self._reply(), self._reply(), self._reply()
            if data[0] == 354 and (mail[0] // 100, rcpt[0] // 100) != (2, 2):
                # The server waits for a message without recipients. No dot is sent, so none exists.
                self.close()
        else:
            mail = rcpt = data = self._command(commands[0])
            if mail[0] // 100 == 2:
                rcpt = data = self._command(commands[1])
            if rcpt[0] // 100 == 2 == mail[0] // 100:
                data = self._command(commands[2])
        if 421 in (mail[0], rcpt[0], data[0]):
            self.close()
            raise LostError(_text(*next(one for one in (mail, rcpt, data) if one[0] == 421)))
        if mail[0] >= 500:
            raise ClosedError(
                f"the server does not accept mail from {sender}: {_text(*mail)}",
                hint="check the sender's address, and username and password_env under [deliver]",
            )
        try:
            _expect(250, *mail)
            _expect(250, *rcpt)
            _expect(354, *data)
        except DeliveryError:
            if self.is_open:
                self._command("RSET")
            raise

    def _command(self, command: str) -> tuple[int, bytes]:
        self._write(f"{command}\r\n".encode())
        return self._reply()

    def _write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            self.close()
            raise LostError(f"the connection broke: {error.strerror or error}") from error

    def _reply(self) -> tuple[int, bytes]:
        """One reply, of one or several lines (section 4.2.1)."""
        try:
            lines = [self._answers.readline(_LINE)]
            while lines[-1][3:4] == b"-" and len(lines) < _LINES:
                lines.append(self._answers.readline(_LINE))
        except OSError as error:
            self.close()
            raise LostError(f"the server closed the connection: {error}") from error
        code = lines[-1][:3]
        if not lines[-1].endswith(b"\n") or not code.isdigit() or not b"200" <= code < b"600":
            self.close()
            if not lines[-1]:
                raise LostError("the server closed the connection")
            raise LostError(f"the server sent an invalid reply: {lines[-1][:80]!r}")
        return int(code), b" ".join(line[4:].strip() for line in lines)

    @property
    def is_open(self) -> bool:
        """Whether the connection is still open."""
        return self._smtp.sock is not None

    def quit(self) -> None:
        """Send QUIT if the connection is open, then close it."""
        if self.is_open:
            with suppress(LostError):
                self._write(b"QUIT\r\n")
            self.close()

    def close(self) -> None:
        """Close the connection."""
        self._smtp.close()


def _expect(wanted: int, code: int, text: bytes) -> None:
    if code // 100 == wanted // 100:
        return
    kind = RefusedError if code >= 500 else DeliveryError
    raise kind(_text(code, text))


def _text(code: int, text: bytes | str) -> str:
    reply = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(reply.split())}"[:300]
