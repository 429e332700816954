"""Every rule has words, in every language, and every sentence can be filled in."""

import ast
import re
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fanbilling
from fanbilling.adapters.rendering import dutch, english
from fanbilling.adapters.rendering.words import happened, sentence, tree, words
from fanbilling.domain.client_file import FileEntry
from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.events import EVENTS
from fanbilling.domain.explain import explain
from fanbilling.domain.reasons import Reason
from fanbilling.domain.settings import LANGUAGES
from fanbilling.domain.vat import Category, TaxClass
from tests.adapters.rendering.documents import SAMPLES, upgrade

PACKAGE = Path(fanbilling.__path__[0])
MARKS = {"", "money", "price", "percent", "day", "tax", "country", "word"}
languages = pytest.mark.parametrize("language", LANGUAGES)


def rules() -> set[str]:
    """The rules that the house names where it makes a reason."""
    found = {f"vat.{tax_class}" for tax_class in (TaxClass.ZERO, TaxClass.EXEMPT, TaxClass.OUTSIDE)}
    for path in (*PACKAGE.glob("domain/**/*.py"), *PACKAGE.glob("sources/**/*.py"), *PACKAGE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Reason" and node.args:
                found |= {text.value for text in ast.walk(node.args[0]) if isinstance(text, ast.Constant)}
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if node.value.startswith(("vat.", "allocation.")) else set()
    return {rule for rule in found if isinstance(rule, str) and re.fullmatch(r"[a-z]+\.[a-z-]+", rule)}


def fields(template: str) -> set[tuple[str, str]]:
    return {(name, mark) for _, name, mark, _ in string.Formatter().parse(template) if name is not None}


@languages
def test_every_rule_has_a_sentence(language):
    assert {"document.total", "vat.exempt", "vat.domestic", "line.correction", "allocation.oldest"} <= rules()
    assert rules() - words(language).rules.keys() == set()


@languages
def test_every_event_of_the_house_has_a_sentence(language):
    own = {name for name, cls in EVENTS.items() if cls.__module__.startswith("fanbilling.domain.")}
    assert own - words(language).events.keys() == set()


def test_the_languages_have_the_same_words():
    for catalogue in ("LABELS", "UNITS", "TAXES", "LEGAL", "RULES", "EVENTS"):
        assert getattr(dutch, catalogue).keys() == getattr(english, catalogue).keys(), catalogue


def test_the_languages_tell_the_same():
    for catalogue in ("RULES", "EVENTS"):
        for rule, sentences in getattr(dutch, catalogue).items():
            assert [fields(s) for s in sentences] == [fields(s) for s in getattr(english, catalogue)[rule]], rule
    for label, text in dutch.LABELS.items():
        assert fields(text) == fields(english.LABELS[label]), label


def test_every_mark_is_understood():
    for sentences in (*dutch.RULES.values(), *dutch.EVENTS.values()):
        assert {mark for text in sentences for _, mark in fields(text)} <= MARKS


@languages
def test_the_sentence_that_tells_most_comes_first(language):
    for sentences in words(language).rules.values():
        told = [{name for name, _ in fields(text)} for text in sentences]
        assert not any(early < late for place, early in enumerate(told) for late in told[place + 1 :])


@languages
def test_every_category_has_its_words(language):
    book = words(language)
    assert {c.value for c in Category} == book.taxes.keys()
    assert {c.value for c in Category} <= {label[4:] for label in book.labels if label.startswith("vat-")}
    assert {"AE", "K", "G", "E", "O"} <= book.legal.keys()


@languages
@pytest.mark.parametrize("document", SAMPLES.values(), ids=SAMPLES)
def test_a_document_explains_itself_without_codes(document, language):
    drawn = tree(explain(document(language)), language)
    assert not any(rule in drawn for rule in rules())
    assert len(drawn.splitlines()) == len(explain(document(language)).walk())


def test_reasons_are_said_in_the_language_of_the_reader():
    period = (("start", date(2026, 1, 16)), ("last_day", date(2026, 1, 31)), ("days", 16), ("of", 31))
    reason = Reason("subscription.period", Decimal(16), (*period, ("quantity", Decimal(1)), ("price", Decimal(1149))))
    assert sentence(reason, "nl") == "1 × 1.149,00, van 16 januari 2026 tot en met 31 januari 2026: 16 van 31 dagen"
    assert sentence(reason, "en") == "1 × 1,149.00, from 16 January 2026 through 31 January 2026: 16 of 31 days"
    money = Reason("vat.subtotal", Decimal("4.20"), (("category", "S"), ("rate", Decimal(21)), ("base", Decimal(20))))
    assert sentence(money, "nl", currency="EUR") == "Btw 21% (belast) over €\xa020,00: €\xa04,20"
    assert sentence(money, "en", currency="EUR") == "VAT 21% (taxed) on €20.00: €4.20"


def test_a_reason_that_tells_less_is_said_in_fewer_words():
    held = (("decision", "D-1"), ("reason", "Wacht op akkoord"))
    assert sentence(Reason("unbilled.held", None, (*held, ("until", date(2026, 3, 1)))), "nl") == (
        "Aangehouden tot 1 maart 2026: Wacht op akkoord"
    )
    assert sentence(Reason("unbilled.held", None, (*held, ("until", None))), "nl") == "Aangehouden: Wacht op akkoord"
    assert sentence(Reason("unbilled.held"), "nl") == "Aangehouden"


def test_a_rule_of_somebody_else_is_shown_by_its_code():
    reason = Reason("water.meter", Decimal("12.5"), (("read_on", date(2026, 2, 1)), ("from", 3), ("by", None)))
    assert sentence(reason, "nl") == "water.meter = 12,50 (read on 1 februari 2026, from 3, by –)"


def test_a_tree_shows_what_lies_below():
    drawn = tree(explain(upgrade()), "nl").splitlines()
    assert drawn[0] == "Totaal €\xa03.119,20 = €\xa02.619,44 + €\xa0499,76 btw"
    assert drawn[1].startswith("├─ Zonder btw €\xa02.619,44")
    assert any(
        line.endswith("└─ Gecorrigeerd met €\xa0−46,19: op 31 december 2025 was €\xa089,50 berekend") for line in drawn
    )


def test_what_happened_is_told():
    def entry(what, **facts):
        return FileEntry(on=date(2026, 1, 31), at=datetime(2026, 1, 31, tzinfo=UTC), by="eva", what=what, **facts)

    issued = entry("invoice.issued", number="2026-0001", amount=Decimal("108.30"), currency="EUR")
    credited = entry("invoice.issued", number="2026-0004", amount=Decimal("-584.31"), currency="EUR")
    assert happened(issued, "nl") == "Factuur 2026-0001"
    assert happened(credited, "en") == "Credit note 2026-0004"
    assert happened(entry("decision.made"), "nl") == "Besluit"
    assert happened(entry("meter.read", about="W-1"), "nl") == "meter.read W-1"


def test_a_language_without_words_is_refused():
    with pytest.raises(InvalidValue, match="use one of en, nl"):
        words("de")


FACTS = st.one_of(
    st.none(),
    st.integers(-9999, 9999),
    st.decimals(-1000, 1000, places=2),
    st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    st.text(max_size=12),
)
NAMES = ["value", "days", "of", "per", "price", "quantity", "category", "rate", "base", "buyer", "on", "reason", "from"]


@given(
    rule=st.sampled_from(sorted(dutch.RULES)) | st.text(max_size=12),
    value=FACTS,
    inputs=st.lists(st.tuples(st.sampled_from(NAMES), FACTS), max_size=8),
    language=st.sampled_from(LANGUAGES),
)
def test_any_reason_can_be_said(rule, value, inputs, language):
    said = sentence(Reason(rule, value, tuple(inputs)), language, currency="EUR")
    assert "\n" not in said


@pytest.mark.parametrize(("language", "said"), [("en", "C-301: hours approved"), ("nl", "C-301: uren goedgekeurd")])
def test_the_file_says_what_changed_in_an_agreement(language, said):
    entry = FileEntry(
        on=date(2026, 3, 1),
        at=datetime(2026, 3, 1, tzinfo=UTC),
        by="eva",
        what="agreement.changed",
        about="C-301",
        change="approved",
    )
    assert happened(entry, language) == said


def test_a_change_without_words_is_told_without_it():
    entry = FileEntry(
        on=date(2026, 3, 1),
        at=datetime(2026, 3, 1, tzinfo=UTC),
        by="eva",
        what="agreement.changed",
        about="X-1",
        change="of-your-own",
    )
    assert happened(entry, "en") == "Agreement X-1 recorded or changed"
