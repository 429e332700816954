"""The page of laws cites tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "laws.md").read_text(encoding="utf-8")
TESTS = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "src" / "fanbilling" / "testing").rglob("*.py")]
WRITTEN = "\n".join(path.read_text(encoding="utf-8") for path in TESTS)
LAWS = [*(f"L{n}" for n in range(1, 21)), *(f"S{n}" for n in range(1, 7))]


def test_every_law_stands_on_the_page_once():
    assert sorted(re.findall(r"^(?:\*\*|\| )([LS]\d+)\b", PAGE, re.MULTILINE)) == sorted(LAWS)


def test_every_test_that_the_page_names_exists():
    names = set(re.findall(r"`(test_\w+)`", PAGE)) | {"what_is_due_is_billed_forgone_conceded_or_open"}
    assert [name for name in sorted(names) if f"def {name}(" not in WRITTEN] == []


def test_every_file_that_the_page_names_exists():
    known = {path.name for path in TESTS}
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert set(re.findall(r"`(test_\w+\.py)`", PAGE)) <= known
