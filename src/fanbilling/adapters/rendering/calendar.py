"""Invitations for a calendar (iCalendar, RFC 5545 and 5546): put in, changed and taken out under one id."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, vCalAddress

from ...domain.errors import InvalidValue
from ...domain.messages import Attachment
from ...domain.notices import CalendarEvent
from .plain import clean, one_line

_ADDRESS = re.compile(r"[^\s<>,;:\"\\@]+@[^\s<>,;:\"\\@]+")


def invitation(
    event: CalendarEvent, *, administration: str, organizer: tuple[str, str], attendee: tuple[str, str], name: str
) -> Attachment:
    """Write what puts something into the calendar of whoever receives it, or takes it out again.

    Args:
        event: what, when and where.
        administration: in which its id means something: another one may have the same id.
        organizer: the name and e-mail address of who invites, and ``attendee`` of who is invited.
        name: how the file is called, without its ending.

    Raises:
        InvalidValue: for a zone that nobody knows, or an e-mail address that is none.
    """
    method = "CANCEL" if event.cancelled else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", "-//fanbilling//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_entry(event, administration, organizer, attendee))
    # The rules of the zone around those days; for all years they would be longer than everything else.
    calendar.add_missing_timezones(date(max(event.start.year - 1, 1), 1, 1), date(min(event.end.year + 2, 9999), 1, 1))
    return Attachment(
        name=f"{name}.ics", media_type=f"text/calendar; method={method}; charset=utf-8", content=calendar.to_ical()
    )


def _entry(event: CalendarEvent, administration: str, organizer: tuple[str, str], attendee: tuple[str, str]) -> Event:
    zone, stamp = _zone(event), event.stamp
    moment = stamp if isinstance(stamp, datetime) else datetime.combine(stamp, time(), UTC)
    entry = Event()
    entry.add("uid", hashlib.sha256(f"{administration}\t{event.uid}".encode()).hexdigest()[:32])
    entry.add("sequence", event.revision)
    entry.add("dtstamp", moment.astimezone(UTC))
    entry.add("dtstart", event.start.replace(tzinfo=zone))
    entry.add("dtend", event.end.replace(tzinfo=zone))
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    entry.add("summary", one_line(event.title))
    for property_, text in (("description", clean(event.description)), ("location", one_line(event.location))):
        if text:
            entry.add(property_, text)
    entry.add("organizer", _person(*organizer, event))
    invited = _person(*attendee, event)
    invited.params["ROLE"] = "REQ-PARTICIPANT"
    invited.params["PARTSTAT"] = "NEEDS-ACTION"
    invited.params["RSVP"] = "FALSE"
    entry.add("attendee", invited)
    return entry


def _zone(event: CalendarEvent) -> ZoneInfo:
    try:
        return ZoneInfo(event.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidValue(
            f"{event.zone!r} is no zone", where=f"calendar event {event.uid}", remedy='write "Europe/Amsterdam"'
        ) from error


def _person(name: str, email: str, event: CalendarEvent) -> vCalAddress:
    if not (email.isascii() and _ADDRESS.fullmatch(email)):
        raise InvalidValue(
            f"{email!r} is no e-mail address", where=f"calendar event {event.uid}", remedy="write name@example.com"
        )
    person = vCalAddress(f"mailto:{email}")
    if shown := one_line(name).replace('"', "'"):
        person.params["CN"] = shown
    return person
