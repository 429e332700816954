"""Mail to a mail server: encrypted, logged in, one message to one recipient at a time."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from enum import StrEnum
from types import TracebackType
from typing import Self

import attrs

from ....domain.errors import AdapterFailure, InvalidSetting
from ....domain.messages import Letter
from ....domain.ports.delivery import Receipt
from ..composing import compose

__all__ = ["Security", "SmtpMailer"]


class Security(StrEnum):
    """How the line to a mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_BUSY = 421  # the server is closing the connection


@attrs.define(kw_only=True, eq=False)
class SmtpMailer:
    """Hands messages to a mail server: ``with SmtpMailer(host="mail.example.nl", on=on, user=…) as mailer:``.

    One connection is kept for a run, and made anew when the server closed it. The id of a message follows from its key
    and is the same on every try, so a recipient's program shows what came twice once.

    Args:
        host: the name of the server; its certificate has to be for that name.
        on: the day that stands on the messages.
        port: absent means 587, 465 for ``tls`` and 25 for ``none``.
        security: ``starttls`` (a server that does not offer it is refused), ``tls`` from the first byte, or ``none``,
            for a server on the same machine; then there is no logging in.
        user: who logs in; empty means that nobody does.
        password: it stands in no text of this library.
        context: which certificates are trusted; absent means those of the system.
        patience: how many seconds to wait for an answer.
        bounces: the address to which the post comes back that cannot be delivered; absent means the sender's.

    Raises:
        InvalidSetting: for a login on a line that everybody can read, a password without a user, or no host.
    """

    host: str
    on: date
    port: int = 0
    security: Security = attrs.field(default=Security.STARTTLS, converter=Security)
    user: str = ""
    password: str = attrs.field(default="", repr=False)
    context: ssl.SSLContext | None = attrs.field(default=None, repr=False)
    patience: float = 30
    bounces: str = ""
    _connection: smtplib.SMTP | None = attrs.field(init=False, default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.host.strip():
            raise InvalidSetting("there is no host", where="mail", remedy='write host = "mail.example.nl"')
        if self.user and self.security is Security.NONE:
            raise InvalidSetting("a password would go in plain text", where="mail", remedy='use security = "starttls"')
        if bool(self.user) != bool(self.password):
            raise InvalidSetting("a login has a user and a password", where="mail", remedy="give both, or neither")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, letter: Letter, *, key: str) -> Receipt:
        message = compose(letter, key=key, on=self.on)
        recipient, sender = message["To"].addresses[0].addr_spec, message["From"].addresses[0].addr_spec
        # Not every server takes eight bits.
        content = message.as_bytes(policy=message.policy.clone(cte_type="7bit"))
        with self._telling("it was not sent"):
            connection = self._ready()
        with self._telling("whether it arrived is not known"):
            connection.sendmail(self.bounces or sender, [recipient], content)
        return Receipt(message=key, reference=str(message["Message-ID"]))

    def close(self) -> None:
        """Say goodbye to the server; the next message connects anew."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _ready(self) -> smtplib.SMTP:
        """Return the connection, made anew when there is none that answers."""
        if self._connection is not None and not _answers(self._connection):
            self._drop()
        if self._connection is None:
            self._connection = self._connected()
        return self._connection

    def _connected(self) -> smtplib.SMTP:
        port = self.port or _PORTS[self.security]
        context = self.context or ssl.create_default_context()
        if self.security is Security.TLS:
            made: smtplib.SMTP = smtplib.SMTP_SSL(self.host, port, timeout=self.patience, context=context)
        else:
            made = smtplib.SMTP(self.host, port, timeout=self.patience)
        try:
            if self.security is Security.STARTTLS:
                made.starttls(context=context)
            if self.user:
                made.login(self.user, self.password)
        except BaseException:
            made.close()
            raise
        return made

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @contextmanager
    def _telling(self, outcome: str) -> Iterator[None]:
        """Say in the words of billing what did not go, and whether trying again can help.

        Args:
            outcome: what a broken line means for the message.
        """
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            [(code, text)] = error.recipients.values()
            raise self._refused(code, text, "change the address of the recipient") from error
        except smtplib.SMTPAuthenticationError as error:
            error.args = error.smtp_code, self._without_secrets(_said(error.smtp_error))  # it is printed as the cause
            raise self._refused(*error.args, "look at the user and the password") from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, error.smtp_error, "ask whoever runs the server") from error
        except smtplib.SMTPNotSupportedError as error:
            raise self._failed(str(error), "use a server that encrypts and lets you log in") from error
        except ssl.SSLCertVerificationError as error:
            raise self._failed(error.verify_message, "give the host by the name in its certificate") from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            words = str(error) or type(error).__name__
            raise self._failed(f"{words}; {outcome}", "try again", retryable=True) from error

    def _refused(self, code: int, text: bytes | str, remedy: str) -> AdapterFailure:
        """Say what the server said: 4xx is for now, 5xx for good."""
        if code == _BUSY:
            self._drop()
        later = 400 <= code < 500
        return self._failed(f"{code} {_said(text)}", "try again" if later else remedy, retryable=later)

    def _failed(self, words: str, remedy: str, *, retryable: bool = False) -> AdapterFailure:
        where = f"mail server {self.host}:{self.port or _PORTS[self.security]}"
        return AdapterFailure(self._without_secrets(words), where=where, remedy=remedy, retryable=retryable)

    def _without_secrets(self, words: str) -> str:
        """A server may repeat what it was given."""
        secrets = (self.password, f"\0{self.user}\0{self.password}") if self.password else ()
        for secret in secrets:
            for written in (secret, base64.b64encode(secret.encode()).decode()):
                words = words.replace(written, "***")
        return " ".join(words.split())


def _said(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False
