"""The pages of the documentation, cut into their fences."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def fences(page):
    """Return (language, content, whether only white space stands between it and the fence before it)."""
    text = page.read_text(encoding="utf-8")
    found, end = [], 0
    for fence in FENCE.finditer(text):
        found.append((fence[1], fence[2], not text[end : fence.start()].strip()))
        end = fence.end()
    return found


def played(page):
    """Run the examples of a page, and return the names that they made."""
    names = {"__name__": "example"}
    for language, content, _ in fences(page):
        if language == "python":
            exec(compile(content, str(page), "exec"), names)
    return names
