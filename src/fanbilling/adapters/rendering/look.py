"""The look of documents: the logo and the one colour besides black."""

from __future__ import annotations

import base64
import re

import attrs

from ...domain.errors import InvalidSetting

_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@attrs.frozen(kw_only=True)
class Look:
    """What makes a document yours.

    Args:
        accent: the colour of headings and of the amount to pay, as ``"#rrggbb"``.
        logo: a PNG, JPEG or SVG picture; without one, the seller's name is printed in its place.

    Raises:
        InvalidSetting: for a colour or a picture that cannot be printed.
    """

    accent: str = "#17496b"
    logo: bytes = b""

    def __attrs_post_init__(self) -> None:
        """Refuse what would only show on the first printed page."""
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.accent):
            raise InvalidSetting(f"accent = {self.accent!r}", where="look", remedy='write it as "#17496b"')
        if self.logo and not self.media_type:
            raise InvalidSetting(
                "the logo is no picture that can be printed", where="look", remedy="use PNG, JPEG or SVG"
            )

    @property
    def media_type(self) -> str:
        """What kind of picture the logo is; empty without one."""
        for start, media_type in _KINDS:
            if self.logo.startswith(start):
                return media_type
        return "image/svg+xml" if b"<svg" in self.logo[:2000] else ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a PNG or JPEG logo, in its own dots; (0, 0) without one."""
        if self.media_type == "image/png":
            return int.from_bytes(self.logo[16:20]), int.from_bytes(self.logo[20:24])
        return _jpeg_size(self.logo) if self.media_type == "image/jpeg" else (0, 0)

    @property
    def logo_address(self) -> str:
        """The logo written out as an address that needs no other file; empty without one."""
        if not self.logo:
            return ""
        return f"data:{self.media_type};base64,{base64.b64encode(self.logo).decode()}"


def _jpeg_size(picture: bytes) -> tuple[int, int]:
    """Read the size from the frame header, walking from segment to segment (ISO/IEC 10918-1)."""
    at = 2
    while at + 9 < len(picture):
        mark, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4])
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(picture[at + 7 : at + 9]), int.from_bytes(picture[at + 5 : at + 7])
        at += 2 + length
    return 0, 0
