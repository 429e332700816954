"""A notice is written in a few words, in the reader's language, with only what is known."""

from __future__ import annotations

import string
from datetime import date

import attrs
import pytest

from fanbilling import Address, Administration, Seller
from fanbilling.adapters.mail.composing import compose
from fanbilling.adapters.rendering import dutch, english
from fanbilling.adapters.rendering.notices import NoticeLetters
from fanbilling.domain.errors import NotFound, RuleViolation
from fanbilling.domain.notices import Notice
from fanbilling.domain.papers import Paper
from fanbilling.domain.ports.delivery import Rendered
from tests.adapters.rendering.test_calendar import EVENT

SELLER = Seller(
    name="Brinkhoff Opleidingen B.V.",
    email="cursus@brinkhoff.example",
    phone="030 123 45 67",
    address=Address(city="Utrecht", country="NL"),
)
HOUSE = Administration(id="nl", seller=SELLER)
NOTICE = Notice(
    source="courses",
    purpose="courses.confirmation",
    subject="R-1",
    name="Ann de Vries",
    email="ann@people.example",
    language="nl",
    on=date(2026, 3, 2),
    facts=(
        ("course", "Lassen basis"),
        ("day", date(2026, 3, 27)),
        ("time", "9.30–16.30 uur"),
        ("place", "Zaal 2, Utrecht"),
        ("reference", "R-1"),
    ),
)
WRITE = NoticeLetters(administration=HOUSE)


def letter(notice=NOTICE, printed=None, write=WRITE):
    return write(notice, printed, "n-1", notice.email)


def test_a_confirmation_says_what_when_and_where():
    made = letter()
    assert made.subject == "Uw plaats bij Lassen basis op 27 maart 2026"
    assert made.sender == '"Brinkhoff Opleidingen B.V." <cursus@brinkhoff.example>'
    assert made.recipient == "Ann de Vries <ann@people.example>"
    assert (
        made.text
        == """\
Goedendag Ann de Vries,

Uw plaats bij Lassen basis is bevestigd.

Wanneer: 27 maart 2026, 9.30–16.30 uur.

Waar: Zaal 2, Utrecht.

Vermeld bij vragen R-1.

Heeft u een vraag? Antwoord gerust op deze mail.

Met vriendelijke groet,
Brinkhoff Opleidingen B.V.
030 123 45 67
"""
    )


def test_text_and_html_say_the_same():
    made = letter()
    for line in made.text.splitlines():
        assert line in made.html
    assert "<ul" not in made.html
    assert "<style" not in made.html


def test_it_is_written_in_the_language_of_the_reader():
    made = letter(attrs.evolve(NOTICE, language="en"))
    assert made.subject == "Your place in Lassen basis on 27 March 2026"
    assert "Hello Ann de Vries," in made.text


def test_what_is_not_known_is_left_out():
    made = letter(attrs.evolve(NOTICE, name="", facts=(("course", "Lassen basis"), ("place", ""))))
    assert made.subject == "Uw plaats bij Lassen basis"
    assert made.text.startswith("Goedendag,\n\nUw plaats bij Lassen basis is bevestigd.\n\nHeeft u een vraag?")


def test_an_invitation_goes_along_and_each_of_several_days_its_own():
    [one] = letter(attrs.evolve(NOTICE, calendar=(EVENT,))).attachments
    assert (one.name, one.media_type) == ("uitnodiging.ics", "text/calendar; method=REQUEST; charset=utf-8")
    second = attrs.evolve(EVENT, uid="session-12/2")
    made = letter(attrs.evolve(NOTICE, calendar=(EVENT, second)))
    assert [one.name for one in made.attachments] == ["uitnodiging-1.ics", "uitnodiging-2.ics"]
    assert "in uw agenda te zetten" in made.text
    gone = letter(attrs.evolve(NOTICE, calendar=(attrs.evolve(EVENT, cancelled=True),)))
    assert "uit uw agenda te halen" in gone.text


def test_a_paper_goes_along_under_its_kind_and_number():
    paper = Paper(id="c", kind="diploma", number="C/2026 7", on=NOTICE.on, language="nl", currency="EUR", seller=SELLER)
    printed = Rendered(content=b"%PDF-", media_type="application/pdf", suffix=".pdf")
    [one] = letter(attrs.evolve(NOTICE, paper=paper), printed).attachments
    assert (one.name, one.media_type, one.content) == ("diploma-C-2026-7.pdf", "application/pdf", b"%PDF-")


HOSTILE = "<b>Ann</b> {course} %s \u202e\nBcc: x@evil.example"


def test_a_hostile_name_or_course_stays_a_text():
    facts = (("course", HOSTILE), ("participant", HOSTILE))
    made = letter(attrs.evolve(NOTICE, name=HOSTILE, facts=facts))
    assert "<b>" not in made.html
    assert "\n" not in made.subject
    assert "\nBcc" not in made.text
    message = compose(made, key="n-1", on=NOTICE.on)
    assert message["Bcc"] is None
    assert len(message["To"].addresses) == 1


def test_words_of_your_own_serve_a_purpose_of_your_own():
    own = {"nl": {"rooms.key": (("De sleutel van {room}",), ("De sleutel ligt bij {keeper}.",))}}
    notice = attrs.evolve(NOTICE, purpose="rooms.key", facts=(("room", "Zaal 2"), ("keeper", "de conciërge")))
    made = letter(notice, write=NoticeLetters(administration=HOUSE, texts=own))
    assert made.subject == "De sleutel van Zaal 2"
    assert "De sleutel ligt bij de conciërge." in made.text


def test_without_words_or_without_what_the_subject_needs_nothing_is_written():
    with pytest.raises(NotFound, match=r"rooms\.key"):
        letter(attrs.evolve(NOTICE, purpose="rooms.key"))
    with pytest.raises(NotFound, match="a fact is missing"):
        letter(attrs.evolve(NOTICE, facts=()))


def test_a_seller_without_an_address_sends_nothing():
    house = attrs.evolve(HOUSE, seller=attrs.evolve(SELLER, email=" "))
    with pytest.raises(RuleViolation, match="no e-mail address"):
        letter(write=NoticeLetters(administration=house))


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_say_the_same():
    """The same purposes, as many paragraphs, and in each sentence the same facts."""
    assert english.NOTICES.keys() == dutch.NOTICES.keys()
    for purpose, texts in english.NOTICES.items():
        others = dutch.NOTICES[purpose]
        assert [[fields(one) for one in some] for some in texts] == [[fields(one) for one in some] for some in others]


@pytest.mark.parametrize("purpose", english.NOTICES)
def test_every_purpose_is_written_with_all_facts_and_with_the_course_alone(purpose):
    days = {"last_day": date(2026, 3, 28), "old_day": date(2026, 3, 20), "offered_until": date(2026, 3, 9)}
    every = {"participant": "Ann", "reason": "ziekte", **days}
    facts = (*NOTICE.facts, *every.items())
    full = letter(attrs.evolve(NOTICE, purpose=purpose, facts=facts))
    least = letter(attrs.evolve(NOTICE, purpose=purpose, facts=(("course", "Lassen basis"),)))
    for made in (full, least):
        assert "Lassen basis" in made.subject
        assert "{" not in made.text
    assert len(least.text) < len(full.text)
