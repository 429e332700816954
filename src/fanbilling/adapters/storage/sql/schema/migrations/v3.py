"""Schema 3: what was rendered is kept beside the books, to the byte."""

from __future__ import annotations

from ..steps import Steps

_TEXT = {"sqlite": "TEXT", "postgresql": 'TEXT COLLATE "C"'}
_BYTES = {"sqlite": "BLOB", "postgresql": "BYTEA"}
_RENDERED = """\
CREATE TABLE fb_rendered (
    administration {text} NOT NULL,
    id {text} NOT NULL,
    media_type {text} NOT NULL,
    suffix {text} NOT NULL,
    digest {text} NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (administration, id)
)"""


def migrate(steps: Steps) -> None:
    """Make the table of what was rendered."""
    steps.do(_RENDERED.format(text=_TEXT[steps.backend], bytes=_BYTES[steps.backend]))
