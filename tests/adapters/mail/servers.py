"""A real mail server on this machine: with a certificate, with a login, and with moods."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from functools import lru_cache

import attrs
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "brinkhoff", "gebruik-dit-nergens"


@lru_cache(maxsize=1)
def authority():
    """Who issues the certificates of these servers."""
    return trustme.CA()


def trusting():
    """What a client needs to trust them."""
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


def certified(*names):
    """What a server needs to be trusted under these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*names).configure_cert(context)
    return context


@attrs.define
class Box:
    """What a server does with what it is handed: answers from a list, and keeps what it took.

    ``moods``: what it says to the next messages, ``"drop"`` to hang up after it took one; "" and none mean that it
    takes it.
    """

    moods: list = attrs.field(factory=list)
    refuses: str = ""
    taken: list = attrs.field(factory=list)
    senders: list = attrs.field(factory=list)
    logins: list = attrs.field(factory=list)
    greetings: int = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.greetings += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address == self.refuses:
            return f"550 5.1.1 <{address}> is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        mood = self.moods.pop(0) if self.moods else ""
        if mood and mood != "drop":
            return mood
        self.taken.append(envelope.content)
        self.senders.append(envelope.mail_from)
        if mood == "drop":
            server.transport.abort()
        return "250 OK"

    def __call__(self, server, session, envelope, mechanism, data):
        """Look at a login."""
        self.logins.append(session.ssl is not None)
        good = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        if good:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 no: {data.password.decode()}")


@contextmanager
def server(box, *, encrypted="starttls", names=("127.0.0.1", "localhost"), login=True):
    """Run a server; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"hostname": "127.0.0.1", "port": port}
    if login:
        # Of a line that is encrypted from the first byte the server's own session does not know that it is.
        known = encrypted == "starttls"
        options |= {"authenticator": box, "auth_required": known, "auth_require_tls": known}
    if encrypted == "starttls":
        options |= {"tls_context": certified(*names), "require_starttls": True}
    elif encrypted == "tls":
        options |= {"ssl_context": certified(*names)}
    running = Controller(box, **options)
    running.start()
    try:
        yield port
    finally:
        running.stop()
