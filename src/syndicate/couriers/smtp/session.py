"""One connection to a mail server (RFC 5321), on smtplib.

smtplib's own `sendmail` puts body and final dot into one call. Between the two lies the instant
before which nothing has left, so the dialogue after the greeting is our own.
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
_LINE, _LINES = 2048, 100  # what a reply may have
PORTS = {"starttls": 587, "tls": 465, "none": 25}


class LostError(DeliveryError):
    """The connection went before anything could leave; another one may do better."""


class ClosedError(DeliveryError):
    """The server lets nobody in on these terms, now or in a minute: settings must change."""


@dataclass(frozen=True)
class Server:
    """Where mail is handed in. `ca_file` holds certificates to trust instead of the system's."""

    host: str
    port: int
    security: Security
    username: str | None
    password: str | None
    timeout: float
    ca_file: Path | None

    def connect(self) -> Session:
        """A session, greeted, encrypted and logged in.

        Raises:
            CredentialsError: it does not know us.
            ClosedError: no security, or a certificate that is not its own.
            LostError: it is out of reach or too busy.
        """
        try:
            return Session(self._smtp())
        except smtplib.SMTPAuthenticationError as error:
            told = f"{self.host} refuses the login: {_text(error.smtp_code, error.smtp_error)}"
            if error.smtp_code < 500:
                raise LostError(told) from error
            hint = "check username and password_env under [deliver]"
            raise CredentialsError(told, hint=hint) from error
        except smtplib.SMTPNotSupportedError as error:
            raise ClosedError(
                f"{self.host} does not offer what [deliver] asks for: {error}",
                hint='security is "starttls", "tls" or "none"',
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise ClosedError(
                f"the certificate of {self.host} is not to be trusted: {error.verify_message}",
                hint="write host as the certificate has it; a private authority goes into ca_file",
            ) from error
        except smtplib.SMTPResponseException as error:
            told = f"{self.host} turns us away: {_text(error.smtp_code, error.smtp_error)}"
            raise LostError(told) from error
        except (OSError, smtplib.SMTPException) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise LostError(f"{self.host}:{self.port} is out of reach: {reason}") from error

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """Certificates and host names are checked; made once, since it reads hundreds of files."""
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
    """A conversation with a mail server; after an error it may be over, which `is_open` tells."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        assert smtp.sock is not None
        self._smtp, self._socket = smtp, smtp.sock
        self._answers = smtp.sock.makefile("rb")
        self._pipelines = smtp.has_extn("pipelining")
        size = smtp.esmtp_features.get("size", "")
        self._largest = int(size) if size.isdigit() else 0
        # The dot goes out at once, not when the server has acknowledged the body.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, sender: str, recipient: str, message: bytes, commit: Callable[[], None]) -> str:
        """Hand in `message` and return what the server answered.

        Args:
            message: CRLF lines that end in CRLF, none of which begins with a full stop.
            commit: called when all but the final dot has been sent.

        Raises:
            RefusedError: 5xx. DeliveryError: 4xx. In both nothing was taken.
            LostError: the connection broke before the dot.
            UncertainError: it broke after the dot.
        """
        if self._largest and len(message) > self._largest:
            raise RefusedError(
                f"{len(message):,} bytes are more than the server takes ({self._largest:,})"
            )
        self._envelope(sender, recipient)
        self._write(message)
        try:
            commit()
        except BaseException:
            self.close()  # without the dot there is no message
            raise
        try:
            self._write(b".\r\n")
            code, text = self._reply()
        except LostError as error:
            raise UncertainError(f"cut off after the last line: {error}") from error
        if code == 421:
            self.close()
            raise UncertainError(f"closed after the last line: {_text(code, text)}")
        _expect(250, code, text)
        return _text(code, text)

    def _envelope(self, sender: str, recipient: str) -> None:
        """MAIL, RCPT and DATA, at once where the server lets us (RFC 2920)."""
        commands = (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA")
        if self._pipelines:
            self._write("".join(f"{command}\r\n" for command in commands).encode())
            mail, rcpt, data = self._reply(), self._reply(), self._reply()
            if data[0] == 354 and (mail[0] // 100, rcpt[0] // 100) != (2, 2):
                self.close()  # it waits for a message to nobody: without a dot there is none
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
                f"the server takes no mail from {sender}: {_text(*mail)}",
                hint="check sender, username and password_env",
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
        """One reply, of one line or several (section 4.2.1)."""
        try:
            lines = [self._answers.readline(_LINE)]
            while lines[-1][3:4] == b"-" and len(lines) < _LINES:
                lines.append(self._answers.readline(_LINE))
        except OSError as error:
            self.close()
            raise LostError(f"the server went away: {error}") from error
        code = lines[-1][:3]
        if not lines[-1].endswith(b"\n") or not code.isdigit() or not b"200" <= code < b"600":
            self.close()
            told = f"talks nonsense: {lines[-1][:80]!r}" if lines[-1] else "went away"
            raise LostError(f"the server {told}")
        return int(code), b" ".join(line[4:].strip() for line in lines)

    @property
    def is_open(self) -> bool:
        """Whether there is still a connection."""
        return self._smtp.sock is not None

    def quit(self) -> None:
        """Say good-bye, if anybody is still there."""
        if self.is_open:
            with suppress(LostError):
                self._write(b"QUIT\r\n")
            self.close()

    def close(self) -> None:
        """Hang up."""
        self._smtp.close()


def _expect(wanted: int, code: int, text: bytes) -> None:
    if code // 100 == wanted // 100:
        return
    kind = RefusedError if code >= 500 else DeliveryError
    raise kind(_text(code, text))


def _text(code: int, text: bytes | str) -> str:
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(told.split())}"[:300]
