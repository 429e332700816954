"""The commands that only look: preview, explain, client, why-not, ledger and verify. None of them leaves a trace."""

from __future__ import annotations

import difflib
from argparse import Namespace
from collections.abc import Iterator

from ..codec import reason_tree
from ..domain.errors import NotFound, RuleViolation
from ..domain.explain import explain as reasons_of
from ..domain.invoices import Invoice
from ..domain.ledger import trial_balance
from ..domain.parties import Party
from ..domain.ports.storage import Store
from . import views
from .answers import answer, of_drafts, of_findings, of_outcome
from .filing import PAGE
from .importing import Import
from .place import BY, copied, looking
from .progress import watched
from .running import import_rows, read_rows, run_folder


def run(args: Namespace) -> int:
    """Bill a folder, and show or answer what was done."""
    with watched(quiet=args.json) as watch:
        outcome = run_folder(args.folder, until=args.until, on=args.on, skip_bad=args.skip_bad, watch=watch)
    if args.json:
        answer(of_outcome(outcome))
    else:
        views.show_outcome(outcome, args)
    return 0 if outcome.clean else 1


def preview(args: Namespace) -> int:
    """Show the bills that a client would get; it works on a passing copy of the books."""
    with copied(args.folder) as place, place.books(by=BY) as store:
        rows, bad = read_rows(args.folder, on=args.on)
        place.see(store, until=args.until, on=args.on)
        work = Import(office=place.office, store=store, on=args.on)
        import_rows(work, rows)
        bad = (*bad, *work.bad)
        party = party_of(store, args.client)
        payer = party.payer(args.until)
        drafts = place.office.billing.preview(store, party.id, until=args.until, on=args.on)
    paid_by = "" if payer == party.id else payer
    if args.json:
        answer(of_drafts(party.id, paid_by, drafts, bad))
    else:
        views.show_drafts(party, paid_by, drafts, bad, args)
    return 0


def explain(args: Namespace) -> int:
    """Show why an issued document says what it says."""
    with looking(args.folder) as (_, store):
        document = document_of(store, args.number)
    if args.json:
        answer(reason_tree(reasons_of(document)))
    else:
        views.show_reasons(document)
    return 0


def client(args: Namespace) -> int:
    """Show what a client has open, and everything that happened with it."""
    with looking(args.folder) as (place, store):
        party = party_of(store, args.client)
        items = place.office.receivables.open_items(store, party.id)
        credit = place.office.receivables.on_account(store, party.id)
        file = place.office.crm.file(store, party.id)
    views.show_client(file, items, credit, place.office.administration.currency)
    return 0


def why_not(args: Namespace) -> int:
    """Show what is due and on no bill, and why."""
    with looking(args.folder) as (place, store):
        seen = place.seen(store)
        until = args.until or (seen.until if seen else None)
        if until is None:
            raise RuleViolation("nothing was billed here yet", where=str(args.folder), remedy="say --until which day")
        found = list(place.office.billing.why_not(store, until=until))
    views.show_unbilled(found, until)
    return 0


def ledger(args: Namespace) -> int:
    """Show the balance of every account."""
    with looking(args.folder) as (place, store):
        balances = store.ledger.balances()
    views.show_balances(balances, place.office.settings.accounts)
    return 0 if not any(trial_balance(balances).values()) else 1


def verify(args: Namespace) -> int:
    """Recompute the laws from everything that is kept, and show what breaks one."""
    with looking(args.folder) as (place, _):
        findings = place.office.verify(place.books.reading)
    if args.json:
        answer(of_findings(findings))
    else:
        views.show_findings(findings)
    return 1 if findings else 0


def party_of(store: Store, id: str) -> Party:
    """Return a client by its id.

    Raises:
        NotFound: with the clients that look most like it, by id or by name.
    """
    if party := store.get_many(Party, [id]).get(id):
        return party
    words = {word: party for party in _parties(store) for word in (party.id.lower(), party.name.lower())}
    near = {words[word].id: words[word] for word in difflib.get_close_matches(id.lower(), words, n=3, cutoff=0.5)}
    near |= {party.id: party for word, party in words.items() if id.lower() in word and len(near) < 3}
    hint = ", ".join(f"{one.id} ({one.name})" for one in near.values())
    remedy = f"did you mean {hint}?" if hint else "see the ids in clients.csv"
    raise NotFound(f"there is no client {id!r}", remedy=remedy)


def document_of(store: Store, number: str) -> Invoice:
    """Return a document by its number.

    Raises:
        NotFound: with the numbers that look most like it.
    """
    try:
        return store.documents.by_number(number)
    except NotFound:
        numbers = list(_numbers(store))
    near = difflib.get_close_matches(number, numbers, n=3)
    if near:
        hint = f"did you mean {', '.join(near)}?"
    else:
        hint = f"they run from {numbers[0]} to {numbers[-1]}" if numbers else "nothing was issued yet"
    raise NotFound(f"there is no document {number!r}", remedy=hint)


def _parties(store: Store) -> Iterator[Party]:
    after: tuple[str, str] | None = None
    while page := store.find(Party, {}, after=after, limit=PAGE):
        yield from page
        after = page[-1].id, page[-1].id


def _numbers(store: Store) -> Iterator[str]:
    after = ("", 0)
    while page := store.documents.sealed(after=after, limit=PAGE):
        yield from (row.number for row in page)
        after = page[-1].series, page[-1].place
