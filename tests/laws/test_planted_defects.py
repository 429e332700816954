"""The laws notice: each of these defects, planted in the engine, is caught by a hard case or by the machine."""

import inspect
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fanbilling.domain import billed, decisions, equation, exact, invoices, lots, sharing, terms
from fanbilling.domain.errors import BillingError
from tests.laws.test_hard_cases import CASES
from tests.laws.test_the_equation import Equation

HUNT = settings(
    max_examples=300,
    stateful_step_count=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

#: What goes wrong: the function, what it says, and what it says with the defect.
DEFECTS = {
    # to bill
    "a key that is held in full is billed": (equation.to_bill, "or keep == ALL", ""),
    "what may be billed later is billed now": (equation.to_bill, "item.bill_on > until", "item.bill_on > date.max"),
    "what was billed is not corrected before its day": (equation.to_bill, " and not billed.get(item.key)", ""),
    "what is billed and no longer due is forgotten": (equation.to_bill, "due.keys() | billed.keys()", "due.keys()"),
    "what is billed is never looked at": (equation.to_bill, "entries := billed.get(key)", "entries := None"),
    # owed
    "money is rounded per item": (
        equation.owed,
        "mine[terms] = mine.get(terms, ZERO) + quantity",
        "mine[attrs.evolve(terms, document=str(id(item)))] = quantity",
    ),
    "a second item under a key replaces the first": (
        equation.owed,
        "mine.get(terms, ZERO) + quantity",
        "quantity",
    ),
    "a decision that was taken back still counts": (equation.owed, "decision.withdrawn is not None", "False"),
    "the second of two holds replaces the first": (equation.owed, "kept.get(decision.key, ZERO) + wanted", "wanted"),
    "a blocked item is not due": (equation.owed, "kept[item.key] = ALL", "pass"),
    "a move takes away and gives to nobody": (equation._apply, "decision.kind is DecisionKind.MOVED", "False"),
    "a move gives the new payer only the last lot": (
        equation._apply,
        "lots.get(moved, NOTHING) + lot",
        "lot",
    ),
    "a hold never ends": (decisions.Decision.holds, "self.until > until", "True"),
    "a hold lasts a day too long": (decisions.Decision.holds, "self.until > until", "self.until >= until"),
    # what a decision takes
    "more is forgone than is due": (decisions.take, "between(wanted, lot.quantity)", "wanted"),
    "every set of terms is waived in full again": (decisions.take, "wanted -= quantity", "pass"),
    "a credit forgets how much money it gave back": (decisions.take, "remembered is not None", "False"),
    "a line conceded in full is waived with money": (
        decisions.take,
        "decision.amount or ZERO if decision.target else decision.amount",
        "decision.amount",
    ),
    "a waiver takes other terms first": (decisions.take, "(terms != own,", "(terms == own,"),
    "a move takes from what was moved before": (decisions.take, "terms.payer != decision.payer", "True"),
    "a concession is taken from every set of terms": (decisions._money, "wanted -= amount", "pass"),
    "more is conceded than is owed": (
        decisions._money,
        "between(rounded(wanted, places(terms.currency)), lots[terms].amount)",
        "wanted",
    ),
    # corrections
    "a line is reversed for more than is left of it": (
        equation._reversals,
        "between(-gap.quantity, line.quantity)",
        "-gap.quantity",
    ),
    "the last line reversed gives back all its money": (
        equation._reversals,
        "between(-gap.amount, line.amount) if last else line.amount",
        "line.amount",
    ),
    "a quantity is reversed without its money": (
        equation._reversals,
        "between(-gap.amount, line.amount) if last else line.amount",
        "ZERO",
    ),
    "money alone is never given back": (equation._reversals, "or not amount", "or True"),
    "money alone is taken back from every line": (
        equation._reversals,
        "        gap += lot\n        lines[revision] -= lot",
        "",
    ),
    "a reversal forgets the ones before it": (billed.left, "lines[entry.reverses] += entry.lot", "pass"),
    "what is new starts from what was ever billed": (equation._corrected, "- lines[entry.revision]", "- entry.lot"),
    "a reversal does not close the gap": (equation._corrected, "            gap += lot\n", ""),
    "two parts of a key get one revision": (
        equation._corrected,
        "lines[reversed_line] -= lot\n            revision += 1",
        "lines[reversed_line] -= lot",
    ),
    "revisions do not follow the drafts": (
        equation._place,
        "terms.payer, terms.currency, terms.document, gap",
        "gap",
    ),
    # holds in part
    "a hold in part is kept back from every set of terms": (equation._kept_back, ", keep - back", ", keep"),
    "a hold in part keeps no money back": (
        equation._kept_back,
        "gap.share(back, terms.currency)",
        "Lot(back, ZERO)",
    ),
    "a hold in part also keeps back corrections": (equation._kept_back, "min(keep, gap.quantity)", "keep"),
    "a share is rounded down": (lots.Lot.share, "rounded(amount, places(currency))", "amount.__round__(1)"),
    # credits
    "a credit gives back more than is left": (equation._asked_back, "between(quantity, line.quantity)", "quantity"),
    "a concession goes beyond its line": (equation._asked_back, "between(amount, line.amount)", "amount"),
    "a credit gives back another document": (equation._asked_back, "entry.document != credit.target or ", ""),
    "the last credit leaves loose cents to the next run": (
        equation._given_back,
        "credit.kind is not DecisionKind.CONCEDED",
        "False",
    ),
    "a credit also makes the next run smaller": (equation._credits, "and not decision.document ", ""),
    # terms
    "a period is not cut where the rate changes": (terms.Conditions._changes, "start < day < end", "False"),
    # VAT and totals
    "VAT is rounded per line": (
        sharing.vat_shares,
        " - _rate(before, tax, decimals)",
        " if not before else _rate(amount, tax, decimals)",
    ),
    "VAT of all rates is rounded together": (sharing.vat_shares, "sums.get(tax, ZERO)", "sum(sums.values(), ZERO)"),
    "a credit gives back VAT at today's rate": (
        sharing.vat_shares,
        "-vat if amount == -whole else rounded(EXACT.divide(vat * amount, whole), decimals)",
        "_rate(amount, tax, decimals)",
    ),
    "VAT that was given back is given back again": (
        billed.vat_left,
        "entry.revision if entry.reverses is None else entry.reverses",
        "entry.revision",
    ),
    "a total leaves out the VAT": (invoices.totals, "total=net + tax", "total=net"),
    "a rate keeps only its last line": (invoices.subtotals, "(base + net, amount + vat)", "(net, vat)"),
    "halves are rounded down": (
        exact.rounded,
        "EXACT.quantize(number, _QUANTA[places])",
        "number.quantize(_QUANTA[places], 'ROUND_HALF_DOWN')",
    ),
}


def planted(function, said, says):
    """Return the function with other words in it."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(said) == 1, f"{function.__qualname__} does not say {said!r} once: plant this defect anew"
    found = {}
    exec(source.replace(said, says), sys.modules[function.__module__].__dict__, found)
    return found[function.__name__]


def plant(monkeypatch, function, said, says):
    """Put the function with the defect wherever the function is known."""
    defect = planted(function, said, says)
    owner = function.__qualname__.rpartition(".")[0]
    if owner:
        monkeypatch.setattr(getattr(sys.modules[function.__module__], owner), function.__name__, defect)
        return
    for name, module in list(sys.modules.items()):
        if name.startswith("fanbilling") and getattr(module, function.__name__, None) is function:
            monkeypatch.setattr(module, function.__name__, defect)


def prove():
    """Try the hard cases, then everything."""
    for case in CASES:
        case()
    run_state_machine_as_test(Equation, settings=HUNT)


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS.keys())
def test_a_planted_defect_is_caught(monkeypatch, defect):
    plant(monkeypatch, *defect)
    with pytest.raises((AssertionError, BillingError, ArithmeticError, pytest.fail.Exception)):
        prove()


def test_without_a_defect_nothing_is_caught():
    prove()
