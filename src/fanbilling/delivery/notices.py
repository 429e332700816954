"""Notices on their way: their sources say which are due, and say it again right before each is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from ..domain.administrations import Administration
from ..domain.errors import AdapterFailure
from ..domain.events import Actor, NoticeFailed, NoticeSent
from ..domain.messages import MessageState
from ..domain.notices import Notice, PlannedNotice
from ..domain.papers import Paper
from ..domain.parties import Party
from ..domain.ports.delivery import DocumentStore, Mailer, Rendered
from ..domain.ports.messaging import Announcing
from ..domain.ports.printing import Printer
from ..domain.ports.sourcing import OneOf, Reading
from ..domain.ports.storage import Store, UnitOfWork, ours
from ..domain.reports import Failure
from ..domain.settings import Settings
from .sending import PAGE, DeliveryReport, NoticeWriter, carried, kept

#: So few at a time, because each is judged again before its page is sent.
ROUND = 25


@attrs.frozen(order=True, kw_only=True)
class _Due:
    """A notice that its source says is due: in which order it goes, and by what it is found again."""

    on: date
    source: str
    subject: str
    id: str


@attrs.frozen(kw_only=True)
class _Underway:
    """A notice on its way: what is kept of it now and was before, and what it says to whom."""

    before: PlannedNotice | None
    kept: PlannedNotice
    notice: Notice
    to: str


@attrs.frozen(kw_only=True)
class NoticeRound:
    """One round of notices: those that are due and not sent, a few at a time."""

    administration: Administration
    settings: Settings
    sources: Mapping[str, Announcing]
    mailer: Mailer
    write: NoticeWriter
    printer: Printer | None
    documents: DocumentStore | None
    on: date
    by: Actor
    resume: bool
    watch: Callable[[Sequence[PlannedNotice]], None] | None

    def __call__(self, books: UnitOfWork) -> DeliveryReport:
        """What ``Delivery.notify`` does: every notice that is due and was not sent, judged again right before."""
        sent = dropped = 0
        failures: list[Failure] = []
        with books(by=self.by) as store:
            due = self._due(ours(store, self.administration.id))
            dropped += self._drop_what_is_not(store, {one.id for one in due})
        for start in range(0, len(due), ROUND):
            page = due[start : start + ROUND]
            with books(by=self.by) as store:
                underway, gone = self._taken(ours(store, self.administration.id), page)
            dropped += gone
            outcomes = [self._sent(one) for one in underway]
            with books(by=self.by) as store:
                for one, now in zip(underway, outcomes, strict=True):
                    store.replace(one.kept, now)
                told = [_event(now, self.on) for one, now in zip(underway, outcomes, strict=True) if now != one.before]
                store.journal.append(told)
            sent += sum(one.state is MessageState.SENT for one in outcomes)
            failures += [_failure(one) for one in outcomes if one.state is MessageState.FAILED]
            if self.watch is not None:
                self.watch(outcomes)
        return DeliveryReport(sent=sent, failures=tuple(failures), dropped=dropped)

    def _due(self, store: Store) -> list[_Due]:
        """Return what is due less what was sent, the oldest first."""
        due = {notice.id: _place(notice) for notice in self._asked(store, self.sources)}
        known = store.get_many(PlannedNotice, due)
        return sorted(one for id, one in due.items() if id not in known or self._is_open(known[id]))

    def _is_open(self, known: PlannedNotice) -> bool:
        if known.state is MessageState.SENDING:
            return self.resume
        return known.state is not MessageState.SENT

    def _asked(
        self, reading: Reading, sources: Iterable[str], about: Mapping[str, Sequence[str]] | None = None
    ) -> Iterator[Notice]:
        """Ask sources what is due on the day."""
        for name in sources:
            source, subjects = self.sources[name], None if about is None else about[name]
            for notice in source.notices(reading, self.administration, on=self.on, about=subjects):
                if notice.source != name:
                    problem = f"it announces a notice of {notice.source!r}"
                    raise AdapterFailure(problem, where=f"source {name}", remedy="give notices the name of the source")
                if notice.is_due(self.on):
                    yield notice

    def _drop_what_is_not(self, store: Store, due: set[str]) -> int:
        """Drop what could not be sent, or was left on its way, and is no longer due: it would only confuse."""
        states = (MessageState.FAILED.value, *((MessageState.SENDING.value,) if self.resume else ()))
        where = {"state": OneOf(states), "source": OneOf(tuple(self.sources))}
        dropped, after = 0, None
        while page := store.find(PlannedNotice, where, after=after, limit=PAGE):
            after = page[-1].id, page[-1].id
            for notice in page:
                if notice.id not in due:
                    store.replace(notice, notice.after(MessageState.DROPPED))
                    dropped += 1
        return dropped

    def _taken(self, store: Store, page: Sequence[_Due]) -> tuple[list[_Underway], int]:
        """Judge each again, and keep of those that are still due that they are on their way."""
        about: dict[str, list[str]] = {}
        for one in page:
            about.setdefault(one.source, []).append(one.subject)
        known = store.hold(PlannedNotice, sorted(one.id for one in page))
        now = {notice.id: notice for notice in self._asked(store, about, about)}
        parties = store.get_many(Party, {notice.party for notice in now.values() if notice.party})
        underway, dropped = [], 0
        for one in page:
            before = known.get(one.id)
            if one.id not in now:
                dropped += 1
                if before is not None and before.state is not MessageState.DROPPED:
                    store.replace(before, before.after(MessageState.DROPPED))
            elif before is None or self._is_open(before):
                underway.append(self._begun(store, before, now[one.id], parties.get(now[one.id].party)))
        return underway, dropped

    def _begun(self, store: Store, before: PlannedNotice | None, notice: Notice, party: Party | None) -> _Underway:
        if before is None:
            begun = notice.planned()
            store.add(begun)
        else:
            begun = before.after(MessageState.SENDING)
            if begun != before:
                store.replace(before, begun)
        said = self._addressed(notice, party)
        to = notice.email or (party.email if party is not None else "")
        return _Underway(before=before, kept=begun, notice=said, to=to.strip())

    def _addressed(self, notice: Notice, party: Party | None) -> Notice:
        """Fill in what the party knows better: its name and its language; the paper speaks that language too."""
        client = notice.party or notice.client
        language = notice.language or (party.language if party is not None else "")
        language = language or str(self.settings.resolve("language", source=notice.source, client=client).value)
        return attrs.evolve(
            notice,
            name=notice.name or (party.name if party is not None else ""),
            language=language,
            paper=attrs.evolve(notice.paper, language=language) if notice.paper is not None else None,
        )

    def _sent(self, one: _Underway) -> PlannedNotice:
        """Print and send one notice; whatever goes wrong is written on it."""

        def carry() -> None:
            paper = one.notice.paper
            printed = kept(self.documents, one.kept.id, lambda: self._printed(paper)) if paper is not None else None
            self.mailer.send(self.write(one.notice, printed, one.kept.id, one.to), key=one.kept.id)

        trouble = carried(one.to, one.notice.name or one.kept.about, carry)
        return one.kept.failed(trouble.code, trouble.problem) if trouble else one.kept.after(MessageState.SENT)

    def _printed(self, paper: Paper) -> Rendered:
        if self.printer is None:
            raise AdapterFailure(
                "there is nothing to print it with", where=f"paper {paper.id}", remedy="give a printer"
            )
        return self.printer.print(paper)


def _place(notice: Notice) -> _Due:
    return _Due(on=notice.on, source=notice.source, subject=notice.subject, id=notice.id)


def _failure(one: PlannedNotice) -> Failure:
    return Failure(payer=one.concerns or one.subject, code=one.code, problem=one.problem)


def _event(one: PlannedNotice, on: date) -> NoticeSent | NoticeFailed:
    if one.state is MessageState.SENT:
        return NoticeSent(
            party=one.concerns, on=on, message=one.id, source=one.source, purpose=one.purpose, subject=one.subject
        )
    return NoticeFailed(
        party=one.concerns,
        on=on,
        message=one.id,
        source=one.source,
        purpose=one.purpose,
        subject=one.subject,
        problem=one.code,
    )
