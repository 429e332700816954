"""Write the reference pages that follow from the code: ``python docs/generate.py``.

The pages are kept, so that they can be read without building anything; ``tests/docs/test_generated.py`` says when one
no longer agrees with the code.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import attrs
from callers import callers

import fanbilling
from fanbilling.domain import administrations, errors, messages, settings
from fanbilling.domain.accounts import ROLES
from fanbilling.domain.events import EVENTS, Event
from fanbilling.sources.courses import states as courses
from fanbilling.sources.orders import orders, quotations
from fanbilling.sources.projects import entries, estimates

FOLDER = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/generate.py from the code. Do not change it here. -->"

# ---------------------------------------------------------------------------------------------------------------- words

ERRORS = """
# Errors

Every error is a `BillingError`. It has a stable `code`, and its message in three parts: `problem` (what is wrong),
`where` (which value or row) and `remedy` (what would be right). Branch and translate by the code. One call raises; a
run goes on, and reports each failure with its code and its words.
"""

FAULTS = {
    "BillingError": "The root: whatever this library refuses.",
    "InvalidValue": "**A wrong call.** Fix the program, or the row that it came from. Also a `ValueError`.",
    "RuleViolation": "**A step that the rules forbid.** Tell the user.",
    "NotFound": "**Something that is not there.** Also a `LookupError`.",
    "Conflict": "**Somebody was first.** Read again, and retry if it still makes sense.",
    "AdapterFailure": "**Something outside failed.** `retryable` says whether trying again can help.",
}

SETTINGS = """
# Settings

Settings are made once, in layers: *administration < source < client < agreement < this call*. A layer says only what
is different; what it leaves out falls back on the layer before it. `settings.resolve("payment_days", client="acme")`
returns the value **and the layer that it came from**.
"""

#: What a docstring cannot say: where a setting is heard, and an example of it.
HEARD = {
    "payment_days": ("administration, source¹, client, agreement¹", "30"),
    "end_of_month": ("administration, source¹, client, agreement¹", "true"),
    "language": ("administration, source¹, client, agreement¹; a language of the party itself comes first", '"nl"'),
    "bills": ("administration, source, client, agreement", '"source"'),
    "sections": ("administration, source, client, agreement", '"client"'),
    "title": ("administration, source, client, agreement", '"Subscriptions"'),
    "series": ("administration, source¹, client, agreement¹", '"{year}"'),
    "number": ("administration, source¹, client, agreement¹", '"{series}-{n:05}"'),
    "e_invoice": ("administration, source¹, client, agreement¹; in an exchange folder", '"peppol"'),
}

LAYERS = """
*Client* is the one who pays. ¹ When all lines of the document are of that source, or of that agreement.

*This call* is what is given with one document: `office.billing.issue(store, draft, settings=Layer(language="en"))`.

`sections` is one of:
"""

SECTIONS = {
    "none": "no headings",
    "agreement": "the title of the agreement; where one pays for another, with the client's name before it",
    "client": "the name of the client for whom it was done",
}

E_INVOICES = {
    "none": "no e-invoice",
    "peppol": "by the rules of the Peppol network (Peppol BIS Billing 3.0)",
    "nlcius": "by the Dutch rules (NLCIUS)",
    "en16931": "by the European standard alone",
}

ACCOUNTS = """
## Ledger accounts

`[accounts]` says which account of your chart plays which role. A role may be refined with dots, and the most refined
one that is set is used: `revenue.<source>.<VAT category>` and `vat.<category>.<rate>`.
"""

FILE = """
## The file

`load_settings(path)` and `load_administration(path)` read one TOML file. A table or key that does not exist is an
error that says what was probably meant.
"""

EVENT = """
# Events

What happened is written to the journal, in order, for ever. An event holds ids and figures and never personal text:
names are looked up when they are shown, so that personal data can be erased and the journal stays whole.
"""

STATE = """
# States

A life cycle is a literal table in the code. This page is drawn from it.

## A message

A message is one document to be sent to one party, or one notice (a confirmation, a reminder) to one recipient. Its id
follows from what it is about and whom it is for, so it exists once. A notice is kept from when it is on its way.
"""

STATES = {
    "due": "planned: the document was issued, and nothing was sent yet",
    "sending": "on its way; left here by a crash, it is sent again under the same id",
    "sent": "the mailer took it",
    "failed": "it could not be sent; the next call of `send` or `notify` tries again",
    "dropped": "it is of no use any more; a notice that is due after all is sent",
}

ENTRY_STATE = """
## Hours and expenses

What is booked on a project. Whether it was billed is no state of it: what is billed is computed.
"""

ENTRY_STATES = {
    "draft": "booked: it waits for approval, and blocks only itself",
    "approved": "it is billed",
    "rejected": "nothing of it is due; correcting it makes it a draft again",
}

ESTIMATE_STATE = """
## An estimate

What work is expected to cost, offered to a client.
"""

ESTIMATE_STATES = {
    "draft": "made, and not sent yet",
    "sent": "offered to the client",
    "accepted": "it became a project",
    "rejected": "not wanted, or withdrawn",
    "expired": "no longer valid",
}

SESSION_STATE = """
## A session of a course
"""

SESSION_STATES = {
    "planned": "one can register for it",
    "confirmed": "it is certain to be held; one can still register",
    "done": "it was held",
    "cancelled": "called off: nothing is due of its registrations",
}

REGISTRATION_STATE = """
## A registration for a session

Being moved to another session is no state: a registration goes on there.
"""

REGISTRATION_STATES = {
    "requested": "somebody has to accept it",
    "waiting": "on the waiting list; nothing is due",
    "offered": "a seat came free and is kept for a while",
    "placed": "it has a seat, which is due",
    "confirmed": "it has a seat in a session that is certain to be held",
    "attended": "the participant was there",
    "no-show": "the participant was never there; the seat stays due",
    "cancelled": "it ended; a fee may be due",
}

QUOTATION_STATE = """
## A quotation

What we offer a client. When one variant is accepted, the others are rejected.
"""

QUOTATION_STATES = {
    "draft": "made, and not sent yet",
    "sent": "offered to the client",
    "accepted": "it became an order",
    "rejected": "not wanted, or another variant was",
    "expired": "its last day is over",
}

ORDER_STATE = """
## An order

How far it is delivered. It follows from the deliveries and from what was cancelled; a corrected delivery takes it a
step back.
"""

ORDER_STATES = {
    "open": "nothing was delivered yet",
    "partly-delivered": "something was, and something is to come",
    "delivered": "nothing is to come",
    "closed": "nothing more will come; what is due stays due",
    "cancelled": "all of it was cancelled before anything came",
}

STATELESS = """
Any other step is a `RuleViolation`.

## What has no state

A document is a draft (a value that nobody keeps) or it is issued, for good. An agreement is its records. What is due,
billed, corrected or open is computed from what is kept, so there is no status to go stale.
"""

PORTS = """
# Ports

What an integrator implements, by who implements it. Each is a `Protocol`: nothing has to be inherited. A released port
grows by another, optional protocol, never by a method.

Under each method stand what it promises, what it raises, and which parts of the library call it, for what. Besides,
everything that goes to a database may raise `AdapterFailure` (its `retryable` says whether the same can succeed when
the transaction is done again) and, after the transaction has ended, `RuleViolation`.
"""

API = """
# Public names

`from fanbilling import …` brings these, and loads neither an adapter nor the libraries that adapters need.
"""

REPORTING = """
# Reporting views

What may be asked of the database itself, by whatever program. Names and columns stay as they are; a new column comes
last. [How to report with SQL](../how-to/report-with-sql.md) has queries to begin with.

The names begin with the prefix of the tables, `fb_` unless you chose another. Each view begins with the
`administration`: always ask for one. A column that ends in `_minor` is a whole number of the currency's smallest unit
(cents, for yen the yen itself): its sums are exact. Beside it stands the same amount as it is read.

| kind | on PostgreSQL | on SQLite |
|---|---|---|
| text | `text` | `text` |
| whole number | `bigint` | `integer` |
| amount | `numeric`, with the decimals of its currency | `text` such as `-12.50`, not to be added up |
| number | `numeric` | `text`, exact |
| day | `date` | `text` such as `2026-01-31` |
"""

KINDS = {"whole": "whole number", "last day": "day"}

#: From where a host imports besides ``fanbilling`` itself.
PLACES = (
    "fanbilling.sources.manual",
    "fanbilling.sources.subscriptions",
    "fanbilling.sources.projects",
    "fanbilling.sources.orders",
    "fanbilling.sources.courses",
    "fanbilling.adapters.storage.memory",
    "fanbilling.adapters.storage.sql",
    "fanbilling.adapters.storage.sql.django",
    "fanbilling.adapters.rendering.text",
    "fanbilling.adapters.rendering.html",
    "fanbilling.adapters.rendering.pdf",
    "fanbilling.adapters.rendering.ubl",
    "fanbilling.adapters.rendering.csv",
    "fanbilling.adapters.rendering.notices",
    "fanbilling.adapters.documents.folder",
    "fanbilling.adapters.mail.folder",
    "fanbilling.adapters.mail.smtp",
    "fanbilling.adapters.payments.csv",
    "fanbilling.testing.contracts",
)

# ---------------------------------------------------------------------------------------------------------------- pages


def errors_page() -> str:
    """Return the page of errors, by whose fault they are."""
    lines = [ERRORS]
    for cls, below in _faults():
        lines += [f"## {cls.__name__}", "", FAULTS[cls.__name__], "", *_head("code", "class", "meaning")]
        lines += [_row(f"`{error.code}`", f"`{error.__name__}`", _sentence(error)) for error in (cls, *below)]
        lines.append("")
    return _page(lines)


def settings_page() -> str:
    """Return the page of settings."""
    lines = [SETTINGS, *_head("name", "meaning", "default", "layers that are heard", "example")]
    meanings = _arguments(settings.Layer)
    for field in attrs.fields(settings.Layer):
        name = field.name
        layers, example = HEARD[name]
        default = _toml(getattr(settings.DEFAULTS, name))
        lines.append(_row(f"`{name}`", meanings[name], f"`{default}`", layers, f"`{name} = {example}`"))
    lines += [LAYERS, *(f'* `"{section.value}"`: {SECTIONS[section.value]}' for section in settings.Sections)]
    lines += ["", "`e_invoice` is one of:", ""]
    lines += [f'* `"{word.value}"`: {E_INVOICES[word.value]}' for word in settings.EInvoice]
    lines += [ACCOUNTS, *_head("role", "account when nothing is said", "refined, for example")]
    refined = {"revenue": "`revenue.subscriptions`, `revenue.manual.AE`", "vat": "`vat.S`, `vat.S.21`"}
    lines += [_row(f"`{role}`", code, refined.get(role, "")) for role, code in ROLES.items()]
    lines += [FILE, "```toml", _example(), "```", ""]
    own, seller = _fields(administrations.Administration), _fields(administrations.Seller)
    address = _listed(_fields(fanbilling.Address))
    lines += [
        f"* `[administration]`: {_listed(f for f in own if 'seller' not in f)}, and `country`: the seller's, unless",
        "  `[seller]` says it.",
        f"* `[seller]`: {_listed(f for f in seller if f != '`address`')};",
        f"  of the address {address}.",
    ]
    return _page(lines)


def events_page() -> str:
    """Return the page of events."""
    common = _fields(Event)
    lines = [
        EVENT,
        f"Every event has {_listed(common)}. The journal adds its `position`, the moment (`at`) and the actor (`by`)",
        "of the transaction that wrote it. Read it with `store.journal.after(position, limit=…)`.",
        "",
        *_head("name", "class", "meaning", "holds besides"),
    ]
    for name, cls in sorted(EVENTS.items()):
        if cls.__module__.startswith("fanbilling."):
            own = _listed(field for field in _fields(cls) if field not in common)
            lines.append(_row(f"`{name}`", f"`{cls.__name__}`", _sentence(cls), own))
    lines += ["", 'A source of your own registers its events with `@event("market.let")`, or uses `agreement.changed`.']
    return _page(lines)


def states_page() -> str:
    """Return the page of states, drawn from the table of transitions."""
    tables: Sequence[tuple[str, Mapping[Any, Any], Mapping[str, str]]] = (
        (STATE, messages.TRANSITIONS, STATES),
        (ENTRY_STATE, entries.TRANSITIONS, ENTRY_STATES),
        (ESTIMATE_STATE, estimates.TRANSITIONS, ESTIMATE_STATES),
        (QUOTATION_STATE, quotations.QUOTATION_STEPS, QUOTATION_STATES),
        (ORDER_STATE, orders.ORDER_STEPS, ORDER_STATES),
        (SESSION_STATE, courses.SESSION_TRANSITIONS, SESSION_STATES),
        (REGISTRATION_STATE, courses.REGISTRATION_TRANSITIONS, REGISTRATION_STATES),
    )
    lines: list[str] = []
    for about, table, meanings in tables:
        lines += [about, "```", "\n".join(_drawn(table)).rstrip(), "```", "", *_head("state", "meaning")]
        lines += [_row(f"`{state.value}`", meanings[state.value]) for state in table]
    return _page([*lines, STATELESS])


def ports_page() -> str:
    """Return the page of ports, from their docstrings."""
    lines = [PORTS]
    for name in (
        "sourcing",
        "storage",
        "parts",
        "books",
        "delivery",
        "printing",
        "messaging",
        "auditing",
        "collection",
    ):
        module = importlib.import_module(f"fanbilling.domain.ports.{name}")
        lines += [f"## {name.capitalize()}", "", f"`{module.__name__}`", "", _prose(module.__doc__), ""]
        for cls in _defined(module):
            lines += [f"### {cls.__name__}", "", _prose(cls.__doc__), ""]
            if Protocol not in cls.__mro__:
                lines += [f"Fields: {_listed(_fields(cls))}.", ""]
                continue
            if bases := [f"`{base.__name__}`" for base in cls.__bases__ if base is not Protocol]:
                lines += [f"Everything of {_listed(bases)}, and:", ""]
            lines += _members(cls)
    return _page(lines)


def api_page() -> str:
    """Return the page of public names: a list by import, and what Sphinx reads in their docstrings."""
    names = fanbilling.__all__
    lines = [API, *_head("name", "what it is")]
    lines += [_row(f"{{py:obj}}`~fanbilling.{name}`", _sentence(getattr(fanbilling, name))) for name in names]
    lines += ["", "What else a host imports:", "", *_head("from", "names")]
    for place in PLACES:
        module = importlib.import_module(place)
        public = getattr(module, "__all__", None) or [cls.__name__ for cls in _defined(module)]
        lines.append(_row(f"`{place}`", _listed(f"`{name}`" for name in public)))
    lines += ["", "## In full", "", "```{eval-rst}"]
    for name in names:
        if inspect.isclass(getattr(fanbilling, name)):
            lines += [f".. autoclass:: fanbilling.{name}", "   :members:", ""]
        else:
            lines += [f".. autofunction:: fanbilling.{name}", ""]
    return _page([*lines, "```"])


def reporting_page() -> str:
    """Return the page of reporting views, from the definitions that they are made of."""
    views = importlib.import_module("fanbilling.adapters.storage.sql.schema.views")
    lines = [REPORTING]
    for view in views.VIEWS:
        lines += [f"## {view.name}", "", view.about, "", *_head("column", "kind", "meaning")]
        lines += [_row(f"`{one.name}`", KINDS.get(one.kind, one.kind), one.meaning) for one in view.columns]
        lines.append("")
    return _page(lines)


def folder_page() -> str:
    """Return the page of the exchange folder: its own words, and tables that follow from the columns and the desks."""
    kept = (FOLDER / "exchange-folder.md").read_text(encoding="utf-8")
    return importlib.import_module("fanbilling.cli.reference").described(kept)


PAGES: Mapping[str, Callable[[], str]] = {
    "errors": errors_page,
    "settings": settings_page,
    "events": events_page,
    "states": states_page,
    "ports": ports_page,
    "reporting-views": reporting_page,
    "api": api_page,
    "exchange-folder": folder_page,
}

# ---------------------------------------------------------------------------------------------------------------- parts


def _page(lines: Sequence[str]) -> str:
    text = re.sub(r"\n{3,}", "\n\n", "\n".join((NOTE, *lines)))
    return text.rstrip() + "\n"


def _head(*names: str) -> list[str]:
    return [_row(*names), "|" + "---|" * len(names)]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _faults() -> Iterator[tuple[type[errors.BillingError], list[type[errors.BillingError]]]]:
    """Yield the root and the kinds of fault, each with the errors below it."""
    yield errors.BillingError, []
    for cls in errors.BillingError.__subclasses__():
        if cls.__module__ == errors.__name__:
            yield cls, list(_below(cls))


def _below(cls: type[errors.BillingError]) -> Iterator[type[errors.BillingError]]:
    for sub in cls.__subclasses__():
        if sub.__module__ == errors.__name__:
            yield sub
            yield from _below(sub)


def _sentence(thing: Any) -> str:
    """Return the first paragraph of a docstring on one line, as Markdown."""
    return _prose((inspect.getdoc(thing) or "").split("\n\n")[0]).replace("\n", " ").replace("|", "\\|")


def _prose(text: str | None) -> str:
    """Return a docstring as Markdown: roles and double backticks become single ones, sections become lists."""
    text = inspect.cleandoc(text or "")
    text = re.sub(r":\w+:`~?\.?([^`]+)`", r"``\1``", text).replace("``", "`")
    return re.sub(r"^(Args|Raises):\n((?:    .*\n?|\n)+)", _section, text, flags=re.MULTILINE).rstrip()


def _section(found: re.Match[str]) -> str:
    entries = re.split(r"\n(?=\S)", textwrap.dedent(found[2]).strip())
    pairs = [" ".join(entry.split()).partition(": ") for entry in entries]
    rows = [f"* `{name}`: {words}" for name, _, words in pairs]
    return "\n".join([*(["Raises:", ""] if found[1] == "Raises" else []), *rows]) + "\n\n"


def _arguments(cls: type) -> dict[str, str]:
    """Return what the docstring of a class says of each of its fields."""
    block = re.search(r"^Args:\n((?:    .*\n?)+)", inspect.getdoc(cls) or "", flags=re.MULTILINE)
    entries = re.split(r"\n(?=\S)", textwrap.dedent(block[1] if block else "").strip())
    pairs = (" ".join(entry.split()).partition(": ") for entry in entries)
    return {name: words.replace("``", "`").rstrip(".") for name, _, words in pairs}


def _fields(cls: type) -> list[str]:
    return [f"`{field.name}`" for field in attrs.fields(cls)]


def _listed(names: Iterator[str] | Sequence[str]) -> str:
    return ", ".join(names)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f'"{value.value if isinstance(value, Enum) else value}"'


def _example() -> str:
    """Return a settings file in which every setting stands once."""
    own = "\n".join(f"{name} = {example}" for name, (_, example) in HEARD.items())
    return f"""\
[administration]
id = "nl"
currency = "EUR"

[seller]
name = "Brinkhoff Software B.V."
street = "Oudegracht 12"
postal_code = "3511 AP"
city = "Utrecht"
country = "NL"
vat_id = "NL000099998B57"
registration = "90000001"
iban = "NL91ABNA0417164300"
electronic_address = "0106:90000001"

[settings]
{own}

[source.subscriptions]
title = "Licences"

[client.acme]
payment_days = 14

[accounts]
receivable = "1300"

[accounts.revenue]
subscriptions = "8100\""""


def _drawn(table: Mapping[Enum, frozenset[Enum]]) -> Iterator[str]:
    """Draw a table of transitions: the first state is where it starts, one without arrows is where it ends."""
    wide = max(len(state.value) for state in table)
    for place, (state, following) in enumerate(table.items()):
        head = f"{'●──►' if place == 0 else '    '} {state.value:>{wide}} ─"
        targets = [f"{other.value}{' (again)' if other is state else ''}" for other in table if other in following]
        if not targets:
            yield f"{head}─◉"
        for n, target in enumerate(targets):
            joint = "──" if len(targets) == 1 else "┬─" if n == 0 else "└─" if n == len(targets) - 1 else "├─"
            yield f"{head if n == 0 else ' ' * len(head)}{joint}► {target}"
        yield ""


def _defined(module: Any) -> list[type]:
    """Return the public classes of a module in the order in which they are written."""
    mine = [cls for cls in vars(module).values() if inspect.isclass(cls) and cls.__module__ == module.__name__]
    return [cls for cls in mine if not cls.__name__.startswith("_")]


def _members(cls: type) -> list[str]:
    """Return the methods and properties of a protocol as they are written, each with its docstring."""
    written = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    lines: list[str] = []
    for member in written.body if isinstance(written, ast.ClassDef) else ():
        if isinstance(member, ast.FunctionDef):
            property_ = any(isinstance(mark, ast.Name) and mark.id == "property" for mark in member.decorator_list)
            returns = ast.unparse(member.returns) if member.returns else "None"
            shown = f"{member.name}: {returns}" if property_ else _signature(member, returns)
            lines += ["```py", shown, "```", "", _prose(ast.get_docstring(member)), ""]
            if not property_:
                said = ast.get_docstring(member) or ""
                lines += [] if "Raises:" in said else ["Raises nothing of its own.", ""]
                lines += ["Called by:", "", *_callers(cls, member.name), ""]
    return lines


def _callers(port: type, method: str) -> list[str]:
    """Return who calls a method of a port, and for what."""
    return [f"* {caller}" for caller in callers(port.__name__, method)] or ["* hosts only"]


def _signature(method: ast.FunctionDef, returns: str) -> str:
    """Return the first line of a method, over several lines where it is long."""
    arguments = re.sub(r"(?<=\S)=(?=\S)", " = ", ast.unparse(method.args)).replace("'", '"')
    flat = f"def {method.name}({arguments}) -> {returns}"
    if len(flat) <= 100:
        return flat
    parts = re.split(r", (?![^\[(]*[\])])", arguments)
    return f"def {method.name}(\n    " + ",\n    ".join(parts) + f",\n) -> {returns}"


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (FOLDER / f"{name}.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
