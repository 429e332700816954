"""Mailers with one fault each."""

import re
from itertools import count

import attrs

from fanbilling.adapters.mail.folder import FolderMailer, compose
from fanbilling.domain.errors import AdapterFailure
from fanbilling.domain.messages import Attachment


class Sent(FolderMailer):
    """Sends a letter that it changed first."""

    def send(self, letter, *, key):
        return super().send(self.changed(letter), key=key)


class NewIdEachTime(FolderMailer):
    """The carrier's own id, drawn when it is sent: sent again, it is another message."""

    drawn = count()

    def send(self, letter, *, key):
        receipt = super().send(letter, key=f"{key}-{next(self.drawn)}")
        return attrs.evolve(receipt, message=key)


class IdFromTheText(FolderMailer):
    def send(self, letter, *, key):
        return attrs.evolve(super().send(letter, key=f"{key}-{len(letter.text)}"), message=key)


class OneIdForAll(FolderMailer):
    def send(self, letter, *, key):
        return attrs.evolve(super().send(letter, key="m"), message=key)


class LetsHeadersThrough(FolderMailer):
    """Writes headers as they come: what follows a line break is another header."""

    def send(self, letter, *, key):
        recipient, sender = (
            re.sub(r"[\r\n,].*", "", text, flags=re.DOTALL) for text in (letter.recipient, letter.sender)
        )
        subject, forged = letter.subject.split("\n")[0].strip(), "\n" in letter.subject
        sound = attrs.evolve(letter, recipient=recipient, sender=sender, subject=subject)
        message = compose(sound, key=key, on=self.on)
        if forged:
            message["Bcc"] = "x@evil.example"
        self.path.mkdir(exist_ok=True)
        (self.path / f"{key}.eml").write_bytes(message.as_bytes())


class CutsLongSubjects(Sent):
    def changed(self, letter):
        return attrs.evolve(letter, subject=letter.subject[:78])


class SwallowsADot(Sent):
    """A line that begins with a point loses it on the way, where nobody doubled it."""

    def changed(self, letter):
        return attrs.evolve(letter, text=letter.text.replace("\n.", "\n"))


class AttachmentsAsText(Sent):
    """Turns the line ends of whatever is text."""

    def changed(self, letter):
        def turned(one):
            text = one.media_type.startswith("text/")
            return attrs.evolve(one, content=one.content.replace(b"\r\n", b"\n")) if text else one

        return attrs.evolve(letter, attachments=tuple(turned(one) for one in letter.attachments))


class OnlyOneAttachment(Sent):
    def changed(self, letter):
        return attrs.evolve(letter, attachments=letter.attachments[:1])


class EverythingIsAFile(Sent):
    def changed(self, letter):
        files = tuple(
            Attachment(name=one.name, media_type="application/octet-stream", content=one.content)
            for one in letter.attachments
        )
        return attrs.evolve(letter, attachments=files)


class CopiesOurselves(FolderMailer):
    """Keeps a copy for the sender, in the same message."""

    def send(self, letter, *, key):
        receipt = super().send(letter, key=key)
        path = self.path / f"{key}.eml"
        path.write_bytes(b"Cc: facturen@brinkhoff.example\r\n" + path.read_bytes())
        return receipt


class TellsItsOwnErrors(FolderMailer):
    """Lets the carrier's error through."""

    def send(self, letter, *, key):
        try:
            return super().send(letter, key=key)
        except AdapterFailure as failure:
            if failure.retryable:
                raise failure.__cause__ from None
            raise


class SaysNotToTryAgain(FolderMailer):
    def send(self, letter, *, key):
        try:
            return super().send(letter, key=key)
        except AdapterFailure as failure:
            raise AdapterFailure(failure.problem, where=failure.where) from failure.__cause__


class SaysToTryAgain(FolderMailer):
    """Takes whatever goes wrong for something that passes."""

    def send(self, letter, *, key):
        try:
            return super().send(letter, key=key)
        except AdapterFailure as failure:
            raise AdapterFailure(failure.problem, where=failure.where, retryable=True) from failure.__cause__


class HidesFailures(FolderMailer):
    def send(self, letter, *, key):
        try:
            return super().send(letter, key=key)
        except AdapterFailure:
            return None


class WritesInPlace(FolderMailer):
    """Writes straight into the folder: what breaks off is half a letter."""

    def send(self, letter, *, key):
        content = compose(letter, key=key, on=self.on).as_bytes()
        try:
            return super().send(letter, key=key)
        except AdapterFailure:
            self.path.mkdir(exist_ok=True)
            (self.path / f"{key}.eml").write_bytes(content[: len(content) // 2])
            raise
