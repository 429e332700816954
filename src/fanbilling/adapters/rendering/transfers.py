"""The transfer that pays a document, and its square: a code that the payer's banking app reads (EPC069-12)."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import attrs

from .plain import one_line

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_ROOM = 331 - 91  # bytes of a code, less what its other lines may take
_LEAST, _MOST = Decimal("0.01"), Decimal("999999999.99")


@attrs.frozen(kw_only=True)
class Transfer:
    """A payment in euros by SEPA: to whom, how much, and what to mention."""

    name: str
    iban: str
    amount: Decimal
    mention: str


def transfer(*, name: str, iban: str, amount: Decimal, currency: str, mention: str) -> Transfer | None:
    """Return the transfer for a code, or nothing when a code could not be paid or would pay a stranger.

    Codes exist for euros only, from 0.01 to 999,999,999.99, and to an account whose check digits are right.
    """
    account = compact(iban)
    # A code has one value a line: a line break in a name would become the next value.
    holder, message = one_line(name)[:70].strip(), one_line(mention)[:140]
    if currency != "EUR" or not _LEAST <= amount <= _MOST or not valid_iban(account):
        return None
    if not holder or not message or len(f"{holder}{message}".encode()) > _ROOM:
        return None
    return Transfer(name=holder, iban=account, amount=amount, mention=message)


def compact(iban: str) -> str:
    """Return an account number as machines write it: without spaces, in capitals."""
    return re.sub(r"\s", "", iban).upper()


def grouped(iban: str) -> str:
    """Return an account number as people read it: in groups of four."""
    account = compact(iban)
    return " ".join(account[i : i + 4] for i in range(0, len(account), 4))


def valid_iban(iban: str) -> bool:
    """Whether the check digits of an account number are right (ISO 13616, modulo 97)."""
    if not _IBAN.fullmatch(iban):
        return False
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def square(payment: Transfer) -> str:
    """Draw the code as an SVG picture without a size of its own; the quiet zone is the page's business."""
    from segno import helpers

    code = helpers.make_epc_qr(
        name=payment.name, iban=payment.iban, amount=payment.amount, text=payment.mention, encoding="utf-8"
    )
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", xmldecl=False, border=0, omitsize=True, svgclass=None, lineclass=None)
    return drawn.getvalue().decode().strip()
