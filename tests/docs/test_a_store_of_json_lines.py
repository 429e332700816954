"""The store that the how-to writes keeps the contract, in few lines, and survives being killed."""

import os
import signal
import subprocess
import sys

import pytest

from fanbilling.domain.errors import AdapterFailure
from fanbilling.testing.contracts.storing.kinds import Card
from tests.docs.pages import ROOT, fences, played

PAGE = ROOT / "docs" / "how-to" / "write-a-store.md"
NAMES = played(PAGE)
JsonBooks = NAMES["JsonBooks"]
TestJsonBooks = NAMES["TestJsonBooks"]

#: Opens the books again and again, says what it did after each, and is killed on its way.
PROGRAM = """
import sys
from pathlib import Path
from fanbilling.testing.contracts.storing.values import PATTERN, invoice, registered
from tests.docs.test_a_store_of_json_lines import JsonBooks

books = JsonBooks(Path(sys.argv[1]))
for n in range(10_000):
    with books() as store:
        store.journal.append([registered(f"p{n}")] * 20)
        store.documents.seal([invoice(f"d{n}")], PATTERN)
    print(n, file=sys.stderr, flush=True)
"""


def test_the_store_is_short():
    code = [block for language, block, _ in fences(PAGE) if language == "python"]
    lines = [line.strip() for block in code[:8] for line in block.splitlines()]
    assert len([line for line in lines if line and not line.startswith(("import ", "from ", "#", '"""'))]) <= 280


def test_a_process_that_is_killed_leaves_whole_transactions(tmp_path):
    for after in (1, 5, 9):
        folder = tmp_path / str(after)
        folder.mkdir()
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            told = [int(child.stderr.readline()) for _ in range(after)]
            child.send_signal(signal.SIGKILL)
        with JsonBooks(folder)() as store:
            documents = store.documents.page(limit=10_000)
            positions = [row.position for row in store.journal.after(0, limit=10**6)]
        assert len(documents) >= len(told)
        assert [document.place for document in documents] == list(range(1, len(documents) + 1))
        assert positions == list(range(1, 20 * len(documents) + 1))


def test_what_one_process_wrote_another_reads(tmp_path):
    here, there = JsonBooks(tmp_path), JsonBooks(tmp_path)
    for n, books in enumerate((here, there, there, here, there)):
        with books() as store:
            assert len(store.find(Card)) == n
            store.add(Card(id=f"c{n}"))


def test_a_disk_that_is_full_leaves_the_books_as_they_were(tmp_path, monkeypatch):
    books = JsonBooks(tmp_path)
    with books() as store:
        store.add(Card(id="before"))

    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(AdapterFailure) as caught, books() as store:
            store.add(Card(id="lost"))
    assert caught.value.retryable
    for again in (books, JsonBooks(tmp_path)):
        with again() as store:
            assert [card.id for card in store.find(Card)] == ["before"]
