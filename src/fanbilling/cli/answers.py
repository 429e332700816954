"""What a program sees: one JSON document on stdout, with amounts as texts, because a JSON number may lose a cent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs

from ..codec import reason_tree
from ..domain.drafts import Draft, DraftLine
from ..domain.errors import BillingError
from ..domain.money import Money
from .outcomes import Outcome, Reminded
from .tables import BadRow


def answer(document: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(document, ensure_ascii=False, indent=2))


def of_outcome(outcome: Outcome) -> dict[str, Any]:
    """Return what a run did: issued, skipped, rejected, incomplete, sent, papers and notes."""
    return {
        "issued": [
            {
                "number": one.number,
                "payer": one.payer,
                "currency": one.total.currency,
                "total": _amount(one.total),
                "files": list(one.files),
            }
            for one in outcome.issued
        ],
        "skipped": [{"payer": failure.payer, "reason": failure.problem} for failure in outcome.skipped],
        "rejected": of_rows(outcome.rejected),
        "incomplete": [
            {"number": one.number, "payer": one.payer, "missing": list(one.missing)} for one in outcome.incomplete
        ],
        "sent": outcome.sent,
        "papers": list(outcome.papers),
        "notes": list(outcome.notes),
    }


def of_reminded(done: Reminded) -> dict[str, Any]:
    """Return what was told to whom: sent, dropped, unmailed, skipped, rejected, papers and notes."""
    return {
        "sent": [attrs.asdict(one) for one in done.sent],
        "dropped": done.dropped,
        "unmailed": list(done.unmailed),
        "skipped": [{"payer": failure.payer, "reason": failure.problem} for failure in done.skipped],
        "rejected": of_rows(done.rejected),
        "papers": list(done.papers),
        "notes": list(done.notes),
    }


def of_rows(rows: Sequence[BadRow]) -> list[dict[str, Any]]:
    """Return rows that were refused: file, line, column, value, problem, expected."""
    names = ("file", "line", "column", "value", "problem", "expected")
    return [{name: getattr(row, name) for name in names} for row in rows]


def of_drafts(client: str, paid_by: str, drafts: Sequence[Draft], rejected: Sequence[BadRow]) -> dict[str, Any]:
    """Return the bills that a client would get, each with its lines and the tree of its reasons."""
    return {
        "client": client,
        "paid_by": paid_by,
        "drafts": [_draft(draft) for draft in drafts],
        "rejected": of_rows(rejected),
    }


def of_findings(findings: Sequence[Any]) -> dict[str, Any]:
    """Return what breaks a law: law, where, expected, found."""
    return {"findings": [attrs.asdict(finding) for finding in findings]}


def of_error(error: BillingError) -> dict[str, Any]:
    """Return why there is no answer."""
    return {
        "error": {"code": error.code, "where": error.where, "problem": error.problem, "expected": error.remedy},
    }


def _draft(draft: Draft) -> dict[str, Any]:
    return {
        "payer": draft.payer,
        "currency": draft.currency,
        "kind": draft.kind.value,
        "on": draft.on.isoformat(),
        "until": draft.until.isoformat(),
        "net": _amount(Money(draft.totals.taxable, draft.currency)),
        "vat": _amount(Money(draft.totals.tax, draft.currency)),
        "total": _amount(draft.total),
        "lines": [_line(line, draft.currency) for line in draft.lines],
        "because": reason_tree(draft.explain()),
    }


def _line(line: DraftLine, currency: str) -> dict[str, Any]:
    lot = line.part.lot
    return {
        "client": line.client,
        "title": line.title,
        "text": line.text,
        "from": line.supplied.start.isoformat() if line.supplied else None,
        "last_day": line.supplied.last_day.isoformat() if line.supplied else None,
        "net": _amount(Money(lot.amount, currency)),
        "vat": _amount(Money(line.vat, currency)),
        "corrects": bool(line.corrects),
    }


def _amount(amount: Money) -> str:
    return f"{amount.amount:f}"
