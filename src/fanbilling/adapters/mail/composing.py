"""Letters as messages on the line (RFC 5322): one sender, one recipient, and the same bytes each time."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses

from ...domain.errors import AdapterFailure
from ...domain.messages import Attachment, Letter


def compose(letter: Letter, *, key: str, on: date) -> EmailMessage:
    """Make a letter into a message: the same letter, key and day always into the same bytes.

    Raises:
        AdapterFailure: for a header with a line break, or an address that is not one.
    """
    sender, recipient = _address(letter.sender, "sender"), _address(letter.recipient, "recipient")
    mark = _mark(key)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = _header(letter.subject, "subject")
    message["Date"] = format_datetime(datetime(on.year, on.month, on.day, tzinfo=UTC))
    message["Message-ID"] = f"<{mark}@{sender.domain}>"
    if letter.follows:
        earlier = f"<{_mark(letter.follows)}@{sender.domain}>"
        message["In-Reply-To"] = earlier
        message["References"] = earlier
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments:
        _attach(message, attachment)
    # Left alone, the library draws the lines between the parts at random.
    for place, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{mark}_{place}")
    return message


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    """Attach a file with its media type and what that says besides, such as the method of an invitation."""
    kind, *said = (part.strip() for part in _header(attachment.media_type, "type of an attachment").split(";"))
    maintype, _, subtype = kind.partition("/")
    name = _header(attachment.name, "name of an attachment")
    parameters = dict(one.split("=", 1) for one in said if "=" in one)
    message.add_attachment(
        attachment.content, maintype=maintype, subtype=subtype, filename=name, params=parameters or None
    )


def _header(text: str, what: str) -> str:
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in text):
        raise AdapterFailure(f"the {what} {text!r} has a line break in it", where="mail", remedy="write it on one line")
    return text


def _address(text: str, what: str) -> Address:
    """Read exactly one address, so that a name cannot bring along a second recipient."""
    found = getaddresses([_header(text, what)])
    name, email = found[0] if len(found) == 1 else ("", "")
    user, _, domain = email.rpartition("@")
    if not user or not domain or not email.isascii() or re.search(r"[\s<>,;:\"]", email):
        raise AdapterFailure(f"the {what} {text!r} is no e-mail address", where="mail", remedy="write name@example.com")
    return Address(display_name=name, username=user, domain=domain)
