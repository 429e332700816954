"""A desk of the tests' own: loose lines that have something to tell, and papers to file."""

from datetime import datetime, time
from functools import partial

import attrs

from fanbilling.cli import papers, place, privacy, running
from fanbilling.cli.desks import DESKS
from fanbilling.cli.desks.lines import LOOSE_LINES
from fanbilling.cli.filing import Form, PaperFile
from fanbilling.domain.notices import CalendarEvent, Notice
from fanbilling.domain.papers import Column, Figure, Paper, Row, Table
from fanbilling.domain.reasons import Reason
from fanbilling.sources.manual import Line, Manual


class Telling(Manual):
    """Confirms every loose line to its client, with an invitation and a certificate, until it is withdrawn."""

    def notices(self, reading, administration, *, on, about=None):
        lines = reading.find(Line, {}, limit=1000) if about is None else reading.get_many(Line, about).values()
        for line in lines:
            if not line.withdrawn:
                yield Notice(
                    source="manual",
                    purpose="courses.confirmation",
                    subject=line.id,
                    party=line.client,
                    on=line.on,
                    facts=(("course", line.text), ("day", line.on)),
                    calendar=(_invitation(line),),
                    paper=_paper(administration, "certificate", line),
                )


def _invitation(line):
    start, end = (datetime.combine(line.on, time(hour)) for hour in (9, 17))
    return CalendarEvent(uid=line.id, stamp=line.on, start=start, end=end, title=line.text)


def _paper(administration, kind, *lines, on=None):
    columns = (Column("description"), Column("amount", Figure.MONEY))
    return Paper(
        id=lines[0].id,
        kind=kind,
        number=lines[0].id,
        on=on or lines[0].on,
        language="en",
        currency="EUR",
        seller=administration.seller,
        tables=(Table(columns=columns, rows=tuple(_row(line) for line in lines)),),
    )


def _row(line):
    amount = line.price.total(line.quantity, 2)
    return Row(cells=(line.text, amount), because=Reason("manual.line", amount, ()))


def told_of(store, office, on):
    """A packing slip per line, as it was first; and a list of all lines, as they are today."""
    lines = store.find(Line, {}, limit=1000)
    for line in lines:
        make = partial(_paper, office.administration, "packing-slip", line)
        yield PaperFile(name=f"packing-slip-{line.id}", make=make, party=line.client)
    if lines:
        make = partial(_paper, office.administration, "stock", *lines, on=on)
        yield PaperFile(name="all-lines", make=make, forms=(Form.PDF, Form.CSV), lasting=False)


TELLING = attrs.evolve(LOOSE_LINES, source=Telling(), papers=told_of)


def put_in(monkeypatch, *others):
    """Let the command work with this desk, and with others, in the place of those of the same name."""
    mine = {desk.name: desk for desk in (TELLING, *others)}
    desks = tuple(mine.get(desk.name, desk) for desk in DESKS)
    for module in (place, running, papers, privacy):
        monkeypatch.setattr(module, "DESKS", desks)
