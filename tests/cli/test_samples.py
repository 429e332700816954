"""Every sample company under every command, run twice, and run after a kill: the books are sound, and stay as they are.

That every amount on their documents is in its reasons, and that their e-invoices follow the official rules, the
scenarios of each company tell; here it is the other papers whose amounts are looked up.
"""

import json
import os
import re
import shutil
from datetime import timedelta
from functools import partial
from itertools import pairwise

import attrs
import pytest

from fanbilling import samples
from fanbilling.adapters.rendering.pdf import PdfPrinter, PdfRenderer
from fanbilling.adapters.rendering.text import TextPrinter, TextRenderer
from fanbilling.cli.folder import read_folder
from fanbilling.cli.parsers import parser
from fanbilling.cli.rows import CLIENTS
from fanbilling.domain.papers import Paper
from tests.chaos.killing import killed_at, traced
from tests.cli.folders import billed_sample, books, contents, copy, fanbilling, sample

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", re.IGNORECASE)
MANY = "long"
"""The profile of Hypothesis with which every client is asked about, and a run is killed at every fifth statement, or
at a hundred of them when it is long."""
UNFIT = {"demo", "go-live", "erase"}
"""Commands that are not tried here: one made the folders, one comes before a first run, one would take a client out."""
RUN_AGAIN = {"run", "remind"}
"""Commands that bill and tell."""
FILING = {"hours-report"}
"""Commands that only look, and file what they saw among the papers."""


@pytest.fixture
def many(request):
    return request.config.getoption("--hypothesis-profile") == MANY


@attrs.frozen
class Company:
    """A sample company, the folder in which it was billed, and the rows of that folder."""

    told: samples.Sample
    folder: os.PathLike

    @property
    def last(self):
        """The days of its last run, as words."""
        until, on = self.told.runs[-1]
        return "--until", str(until), "--on", str(on)

    @property
    def next(self):
        """The days of the run after that."""
        until, on = self.told.runs[-1]
        later = (on + timedelta(days=31)).replace(day=1)
        return "--until", str(later - (on - until)), "--on", str(later)

    def ids(self, name):
        """Whatever a table tells of, by id; nothing when the company has no such table."""
        rows, bad = rows_of(self.told)
        assert bad == ()
        return sorted({table.key_of(row)[0] for table in rows.rows if table.file == name for row in rows.of(table)})


def rows_of(company):
    return read_folder({name: content for name, content in company.files.items() if name.endswith(".csv")})


@pytest.fixture(params=samples.names())
def company(request, tmp_path_factory):
    folder, ran = billed_sample(tmp_path_factory, request.param)
    assert (ran.status, ran.err) == (0, "")
    return Company(samples.sample(request.param), folder)


def everything(folder):
    """Every byte of a folder, the books included, and that nothing is left open beside them."""
    assert [path.name for path in folder.glob("books.db*")] == ["books.db"]
    return contents(folder), (folder / "books.db").read_bytes()


def documents(folder):
    return sorted(path.stem for path in (folder / "invoices").glob("*.pdf"))


# ------------------------------------------------------------------------------------------------------- every command


def looked_at(company, *, many):
    """Every command that only looks, with every document, client, product, project and session it may be about."""
    clients = company.ids(CLIENTS.file)
    some = clients if many or len(clients) < 20 else clients[::4]
    first, last = str(company.told.first.replace(day=1)), str(company.told.runs[-1][0])
    yield from (["explain", number] for number in documents(company.folder))
    yield from (["client", client] for client in clients)
    yield from (["preview", client, *company.next] for client in some)
    yield from (["export", client] for client in some)
    yield from (["stock", "--product", product] for product in company.ids("products.csv"))
    yield from (["courses", "--session", session] for session in company.ids("sessions.csv"))
    yield from ([command] for command in ("why-not", "ledger", "verify", "stock", "courses"))
    yield from ([command, "--json"] for command in ("verify", "stock", "courses"))
    yield ["explain", documents(company.folder)[0], "--json"]
    yield ["preview", clients[0], *company.next, "--json"]
    yield ["why-not", "--until", company.next[1]]
    yield ["stock", "--on", first]
    yield ["courses", "--on", first]
    yield ["wip", "--from", first, "--until", last]
    yield ["wip", "--from", first, "--until", last, "--json"]


def reports(company):
    """Every command that files what it saw."""
    first, last = str(company.told.first.replace(day=1)), str(company.told.runs[-1][0])
    yield ["wip", "--from", first, "--until", last, "--pdf"]
    yield from (["hours-report", project, "--from", first, "--until", last] for project in company.ids("projects.csv"))


def carried_out(folder, words):
    """Carry out a command, which ends well, says something, and complains of nothing."""
    command, *rest = words
    ran = fanbilling(command, folder, *rest)
    assert (ran.status, ran.err) == (0, ""), words
    assert ran.out.strip(), words
    if "--json" in words or command == "export":
        json.loads(ran.out)
    return ran


def test_what_only_looks_ends_well_and_leaves_every_byte_as_it_was(company, many):
    before = everything(company.folder)
    for words in looked_at(company, many=many):
        carried_out(company.folder, words)
    for action in ("version", "check"):
        assert fanbilling("db", action, company.folder).status == 0
    assert fanbilling("verify", company.folder).out == "all laws hold\n"
    assert everything(company.folder) == before


def test_every_command_is_tried(tmp_path_factory):
    company = Company(samples.sample("contractor"), billed_sample(tmp_path_factory, "contractor")[0])
    tried = {words[0] for words in (*looked_at(company, many=False), *reports(company))}
    [commands] = [action.choices for action in parser()._actions if action.choices]
    assert tried | RUN_AGAIN | {"db"} | UNFIT == set(commands)


# --------------------------------------------------------------------------------------------------------------- twice


def test_the_last_run_once_more_changes_no_byte_and_no_row(company, tmp_path):
    folder = copy(company.folder, tmp_path / "again")
    before = contents(folder), books(folder)
    for _ in range(2):
        answer = json.loads(carried_out(folder, ["run", *company.last, "--json"]).out)
        assert (answer["issued"], answer["sent"]) == ([], 0)
        assert (contents(folder), books(folder)) == before


def test_what_was_told_is_told_once(company, tmp_path):
    """On the day of the last run all was told; what is due later is told then, and not once more."""
    folder = copy(company.folder, tmp_path / "told")
    before = contents(folder), books(folder)
    for _ in range(2):
        assert json.loads(carried_out(folder, ["remind", *company.last[2:], "--json"]).out)["sent"] == []
        assert (contents(folder), books(folder)) == before
    carried_out(folder, ["remind", *company.next[2:], "--json"])
    after = contents(folder), books(folder)
    assert json.loads(carried_out(folder, ["remind", *company.next[2:], "--json"]).out)["sent"] == []
    assert (contents(folder), books(folder)) == after


# -------------------------------------------------------------------------------------------------------------- papers


PRICED = {"trader": "quotation", "contractor": "wip", "brinkhoff": "order-confirmation", "landlord": ""}
"""A kind of paper of each company that has amounts on it; who lets dwellings has no papers."""


def test_every_amount_on_every_paper_is_in_its_reasons(company, tmp_path, monkeypatch):
    printed: list[Paper] = []

    def heard(_, paper):
        printed.append(paper)
        return TextPrinter().print(paper)

    folder = copy(company.folder, tmp_path / "papers")
    before = contents(folder), books(folder)
    shutil.rmtree(folder / "papers", ignore_errors=True)
    monkeypatch.setattr(PdfPrinter, "print", heard)
    carried_out(folder, ["run", *company.last])
    assert contents(folder).keys() == before[0].keys(), "every paper is filed again"
    for words in reports(company):
        carried_out(folder, words)
    assert books(folder) == before[1]
    assert [(one.kind, one.id, left) for one in printed if (left := one.unexplained())] == []
    assert {one.kind for one in printed if any(one.amounts())} >= {PRICED[company.told.name]} - {""}


# --------------------------------------------------------------------------------------------------------------- kills


def busiest(company):
    """Where in the list of runs the one is, after the first, in which most kinds of rows became known."""
    rows, _ = rows_of(company)
    known = [rows.known(on).rows for _, on in company.runs]
    kinds = [sum(len(after[one]) > len(before.get(one, ())) for one in after) for before, after in pairwise(known)]
    return max(range(1, len(known)), key=lambda n: (kinds[n - 1], n))


def ended(folder, words):
    """What there is when a run was carried out to its end: documents, files, rows, stock, and that the laws hold."""
    carried_out(folder, words)
    assert fanbilling("verify", folder).out == "all laws hold\n"
    return contents(folder), books(folder), fanbilling("stock", folder, "--json").out


def commits(log):
    """The numbers of the commits of a run before which something was written."""
    found, written = [], False
    for n, statement in enumerate(log, 1):
        if statement == "COMMIT":
            found += [n] if written else []
            written = False
        written = written or bool(WRITES.match(statement))
    return found


def to_kill(log, *, many):
    """Before which statements a run is killed: each of its commits, one write, and one while papers are filed."""
    writes = [n for n, statement in enumerate(log, 1) if WRITES.match(statement)]
    ends = commits(log)
    after = (ends[-1] + len(log)) // 2
    others = range(writes[0], len(log) + 1, max(5, len(log) // 100)) if many else (writes[len(writes) // 2], after)
    return sorted({*ends, *others})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork to kill")
@pytest.mark.parametrize(
    "name", ["trader", "contractor", "landlord", pytest.param("brinkhoff", marks=pytest.mark.campaign)]
)
def test_the_busiest_month_is_finished_wherever_it_was_killed(name, tmp_path, many, monkeypatch):
    """Documents are text under the name of a PDF: what is killed are statements, and setting pages takes long."""
    monkeypatch.setattr(PdfRenderer, "render", lambda _, document: TextRenderer().render(document))
    monkeypatch.setattr(PdfPrinter, "print", lambda _, paper: TextPrinter().print(paper))
    company = samples.sample(name)
    start = sample(tmp_path / "start", name)
    *earlier, (until, on) = company.runs[: busiest(company) + 1]
    for before, day in earlier:
        assert fanbilling("run", start, "--until", before, "--on", day).status == 0
    words = ["run", "--until", str(until), "--on", str(on)]

    log = []
    whole = copy(start, tmp_path / "whole")
    with traced(log.append):
        carried_out(whole, words)
    expected = ended(whole, words)
    assert documents(whole) > documents(start)
    chosen = to_kill(log, many=many)
    assert len(commits(log)) >= 3
    assert chosen[0] <= commits(log)[0] < commits(log)[-1] < chosen[-1]

    for n in chosen:
        folder = copy(start, tmp_path / "killed")
        assert killed_at(n, partial(carried_out, folder, words)), f"{n} of {len(log)}"
        assert n > commits(log)[-1] or books(folder) != expected[1], f"{n} of {len(log)} came too late"
        assert ended(folder, words) == expected, f"killed at {n} of {len(log)}: {log[n - 1]}"
        shutil.rmtree(folder)
