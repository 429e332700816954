"""Mail as files: each message one ``.eml`` in a folder, for whoever sends it on, or only looks."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from pathlib import Path

import attrs

from ....domain.errors import AdapterFailure
from ....domain.messages import Attachment, Letter
from ....domain.ports.delivery import Receipt
from ....files import write_whole

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


@attrs.frozen
class FolderMailer:
    """Writes messages into a folder, whole or not at all; the same key writes the same file again.

    Args:
        path: the folder; it is made when it is not there.
        on: the day that stands on the messages.
    """

    path: Path = attrs.field(converter=Path)
    on: date

    def send(self, letter: Letter, *, key: str) -> Receipt:
        if not _KEY.fullmatch(key):
            raise AdapterFailure(
                f"{key!r} cannot be the name of a file", where="mail folder", remedy="use letters, digits and hyphens"
            )
        message = compose(letter, key=key, on=self.on)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(self.path / f"{key}.eml", message.as_bytes())
        except OSError as error:
            raise AdapterFailure(
                str(error), where=f"mail folder {self.path}", remedy="make room, or allow writing", retryable=True
            ) from error
        return Receipt(message=key, reference=str(message["Message-ID"]))


def compose(letter: Letter, *, key: str, on: date) -> EmailMessage:
    """Make a letter into a message: the same letter, key and day always into the same bytes.

    Raises:
        AdapterFailure: for a header with a line break, or an address that is not one.
    """
    sender, recipient = _address(letter.sender, "sender"), _address(letter.recipient, "recipient")
    mark = hashlib.sha256(key.encode()).hexdigest()[:32]
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = _header(letter.subject, "subject")
    message["Date"] = format_datetime(datetime(on.year, on.month, on.day, tzinfo=UTC))
    message["Message-ID"] = f"<{mark}@{sender.domain}>"
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


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    kind, _, rest = attachment.media_type.partition("/")
    subtype, _, _ = rest.partition(";")
    name = _header(attachment.name, "name of an attachment")
    message.add_attachment(attachment.content, maintype=kind, subtype=subtype.strip(), filename=name)


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
