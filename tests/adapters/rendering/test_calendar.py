"""An invitation is read back as it was meant, under one id, whatever somebody called the event."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from fanbilling.adapters.rendering.calendar import invitation
from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.notices import CalendarEvent

SELLER = ("Brinkhoff Opleidingen", "cursus@brinkhoff.example")
GUEST = ("Ann de Vries", "ann@people.example")
EVENT = CalendarEvent(
    uid="session-12",
    stamp=date(2026, 3, 2),
    start=datetime(2026, 3, 27, 9, 30),  # noqa: DTZ001  (local time: its zone stands beside it)
    end=datetime(2026, 3, 27, 16, 30),  # noqa: DTZ001
    title="Lassen; basis, deel 1",
    description="Neem mee:\nhandschoenen \\ bril",
    location="Zaal 2, Utrecht",
)


def written(event=EVENT, administration="nl", organizer=SELLER, attendee=GUEST):
    return invitation(event, administration=administration, organizer=organizer, attendee=attendee, name="invitation")


def parsed(attachment):
    calendar = Calendar.from_ical(attachment.content)
    [entry] = calendar.walk("VEVENT")
    return calendar, entry


def test_it_is_read_back_as_it_was_meant():
    calendar, entry = parsed(written())
    assert str(calendar["METHOD"]) == "REQUEST"
    assert str(entry["SUMMARY"]) == EVENT.title
    assert str(entry["DESCRIPTION"]) == EVENT.description
    assert str(entry["LOCATION"]) == EVENT.location
    assert entry["DTSTAMP"].dt == datetime(2026, 3, 2, tzinfo=UTC)
    assert str(entry["ORGANIZER"]) == "mailto:cursus@brinkhoff.example"
    assert str(entry["ATTENDEE"]) == "mailto:ann@people.example"
    assert entry["ATTENDEE"].params["CN"] == "Ann de Vries"


def test_a_moment_is_stamped_in_utc():
    """Noon in Utrecht on 2 March is 11:00 UTC."""
    noon = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))
    _, entry = parsed(written(attrs.evolve(EVENT, stamp=noon)))
    assert entry["DTSTAMP"].dt == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert b"DTSTAMP:20260302T110000Z" in written(attrs.evolve(EVENT, stamp=noon)).content


def test_it_is_at_the_hours_of_its_place_before_and_after_the_clocks_change():
    """27 March 2026 is winter time in Utrecht (UTC+1), 30 March summer time (UTC+2): 9:30 is 8:30 and 7:30."""
    _, winter = parsed(written())
    assert winter["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert winter["DTSTART"].dt.astimezone(UTC) == datetime(2026, 3, 27, 8, 30, tzinfo=UTC)
    later = attrs.evolve(EVENT, start=EVENT.start + timedelta(days=3), end=EVENT.end + timedelta(days=3))
    _, summer = parsed(written(later))
    assert summer["DTSTART"].dt.astimezone(UTC) == datetime(2026, 3, 30, 7, 30, tzinfo=UTC)


def test_it_brings_the_rules_of_its_zone_along():
    calendar, _ = parsed(written())
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]


def test_a_change_is_the_same_entry_with_a_higher_number_and_a_cancellation_takes_it_out():
    _, first = parsed(written())
    _, moved = parsed(written(attrs.evolve(EVENT, revision=1, start=EVENT.start + timedelta(hours=1))))
    gone, cancelled = parsed(written(attrs.evolve(EVENT, revision=2, cancelled=True)))
    assert len({str(entry["UID"]) for entry in (first, moved, cancelled)}) == 1
    assert [int(entry["SEQUENCE"]) for entry in (first, moved, cancelled)] == [0, 1, 2]
    assert (str(gone["METHOD"]), str(cancelled["STATUS"])) == ("CANCEL", "CANCELLED")
    assert "method=CANCEL" in written(attrs.evolve(EVENT, cancelled=True)).media_type


def test_the_same_id_in_another_administration_is_another_entry():
    uids = {str(parsed(written(administration=id))[1]["UID"]) for id in ("nl", "be")}
    uids.add(str(parsed(written(attrs.evolve(EVENT, uid="session-13")))[1]["UID"]))
    assert len(uids) == 3


def test_the_same_event_gives_the_same_bytes():
    assert written() == written()


HOSTILE = [
    "x\nATTENDEE:mailto:x@evil.example",
    '; , \\ : " \\n',
    "END:VEVENT\nEND:VCALENDAR",
    "\u202egnitirw sdrawkcab",
    "é" * 200,
    "=?utf-8?q?x?=",
]
texts = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=120))


@given(title=texts.filter(str.strip), description=texts, location=texts, name=texts)
def test_no_text_adds_a_line_or_another_person(title, description, location, name):
    """The same properties as ever, each once; no line over 75 octets, and the texts as they were but for space."""
    event = attrs.evolve(EVENT, title=title, description=description, location=location)
    attachment = written(event, attendee=(name, "ann@people.example"))
    _, entry = parsed(attachment)
    assert (
        {"UID", "SUMMARY", "ATTENDEE", "ORGANIZER", "DTSTART", "DTEND"}
        <= set(entry)
        <= {
            *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "SUMMARY", "DESCRIPTION", "LOCATION"),
            *("ORGANIZER", "ATTENDEE"),
        }
    )
    assert str(entry["ATTENDEE"]) == "mailto:ann@people.example"
    assert str(entry["ORGANIZER"]) == "mailto:cursus@brinkhoff.example"
    assert all(len(line) <= 75 for line in attachment.content.split(b"\r\n"))
    assert b"\n" not in attachment.content.replace(b"\r\n", b"")
    assert visible(str(entry["SUMMARY"])) == visible(title)


def visible(text):
    """What is left of a text without space and without marks that turn its direction."""
    turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return "".join(sign for sign in text if sign not in turning and not sign.isspace())


@pytest.mark.parametrize(
    "change",
    [
        {"title": " "},
        {"title": "a\x07"},
        {"title": "a\r\nb"},
        {"uid": ""},
        {"revision": -1},
        {"end": EVENT.start},
        {"start": EVENT.start.replace(tzinfo=UTC)},
        {"stamp": EVENT.start},
    ],
)
def test_what_is_no_event_is_refused(change):
    with pytest.raises(InvalidValue):
        attrs.evolve(EVENT, **change)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "x" * 300])
def test_a_zone_that_nobody_knows_is_refused(zone):
    with pytest.raises(InvalidValue, match="is no zone"):
        written(attrs.evolve(EVENT, zone=zone))


@pytest.mark.parametrize(
    "email", ["", "ann", "a@b.example\nX:y", "a@b.example;x", "a b@c.example", "a@b@c.example", "ä@b.nl"]
)
def test_an_address_that_is_none_is_refused(email):
    with pytest.raises(InvalidValue, match="no e-mail address"):
        written(attendee=("Ann", email))
