"""Keeping what was agreed about projects: hold, write, have it asked again, and tell the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from ...domain.agenda import Touch
from ...domain.events import AgreementChanged
from ...domain.items import ItemKey
from ...domain.parties import Party
from ...domain.ports.storage import Shelf
from .due import of_price
from .records import NAME, Project


@attrs.frozen
class Since:
    """From which day of filing an answer changed, and the first day on which that can be billed."""

    filed: date
    bill_on: date


def held(store: Shelf, id: str) -> Project:
    """Return a project as it is now; nobody else changes it meanwhile, and a run waits."""
    store.agenda.hold([(NAME, id)])
    return store.get(Project, id)


def hold_all(store: Shelf, ids: Iterable[str]) -> dict[str, Project]:
    """Return projects as they are now, held in the order of their ids."""
    ordered = sorted(set(ids))
    store.agenda.hold([(NAME, id) for id in ordered])
    return store.get_many(Project, ordered)


def told(store: Shelf, change: str, on: date, changed: Mapping[Project, Since]) -> None:
    """Have projects asked again, and write down that something changed; refuse an unknown client before that."""
    if len(changed) == 1:
        [project] = changed
        clients = {project.client: store.get(Party, project.client)}
    else:
        clients = store.get_many(Party, {project.client for project in changed})
    store.agenda.touch(
        [
            Touch(
                source=NAME,
                agreement=project.id,
                client=project.client,
                payer=clients[project.client].billed_with,
                since=since.filed,
                ask_on=since.bill_on,
            )
            for project, since in changed.items()
        ]
    )
    store.journal.append(
        [
            AgreementChanged(
                party=project.client, on=on, source=NAME, agreement=project.id, change=change, since=since.filed
            )
            for project, since in changed.items()
        ]
    )


def replaced(store: Shelf, before: Project, after: Project, change: str, on: date) -> None:
    """Keep a project as it was changed; what differs of its fixed price is asked again from the first difference."""
    store.replace(before, after)
    told(store, change, on, {after: changed_from(before, after) or Since(on, on)})


def changed_from(before: Project | None, after: Project) -> Since | None:
    """Return from where the answer about a fixed price differs, or nothing where it does not."""
    was, now = _answer(before), _answer(after)
    days = [
        (key.filed, bill_on)
        for key in was.keys() | now.keys()
        if was.get(key) != now.get(key)
        for _, bill_on in filter(None, (was.get(key), now.get(key)))
    ]
    if not days:
        return None
    return Since(min(filed for filed, _ in days), min(bill_on for _, bill_on in days))


def _answer(project: Project | None) -> dict[ItemKey, tuple[object, date]]:
    return {item.key: (item, item.bill_on) for item in of_price(project)} if project else {}
