"""The same document gives the same bytes: again, in another process, elsewhere in the world (law L17)."""

import hashlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fanbilling.adapters.rendering.html import HtmlRenderer
from fanbilling.adapters.rendering.letters import invoice_letter
from fanbilling.adapters.rendering.pdf import PdfRenderer
from fanbilling.adapters.rendering.text import TextRenderer
from fanbilling.adapters.rendering.ubl import UblRenderer
from fanbilling.domain.errors import AdapterFailure
from tests.adapters.rendering.documents import SAMPLES, one_line

REPOSITORY = Path(__file__).resolve().parents[3]
RENDERERS = (TextRenderer(), HtmlRenderer(), PdfRenderer(), UblRenderer())
PROGRAM = "from tests.adapters.rendering.test_bytes import fingerprint; print(fingerprint())"


def fingerprint() -> str:
    """One hash over everything that is made of the samples."""
    total = hashlib.sha256()
    for make in SAMPLES.values():
        document = make()
        for renderer in RENDERERS:
            rendered = renderer.render(document)
            total.update(rendered.content)
        letter = invoice_letter(document, rendered, "m-1")
        total.update(f"{letter.subject}\n{letter.text}\n{letter.html}".encode())
    return total.hexdigest()


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda renderer: type(renderer).__name__)
def test_rendering_again_gives_the_same_bytes(renderer):
    for make in SAMPLES.values():
        assert renderer.render(make()) == renderer.render(make())


def test_another_process_in_another_place_gives_the_same_bytes():
    places = (("1", "Pacific/Auckland", "tr_TR.UTF-8"), ("2", "America/Lima", "C"))
    prints = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": lang, "LC_ALL": lang},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed, zone, lang in places
    }
    assert prints == {fingerprint()}


def test_threads_give_the_same_bytes():
    documents = [make() for make in SAMPLES.values()] * 3
    with ThreadPoolExecutor(4) as threads:
        for renderer in RENDERERS:
            assert list(threads.map(renderer.render, documents)) == [renderer.render(each) for each in documents]


def test_a_renderer_goes_to_another_process():
    for renderer in RENDERERS:
        assert pickle.loads(pickle.dumps(renderer)).render(one_line()) == renderer.render(one_line())


def test_a_forked_process_is_told_instead_of_waiting_for_ever(monkeypatch):
    monkeypatch.setattr("fanbilling.adapters.rendering.pdf.press._RAN_IN", {0})
    with pytest.raises(AdapterFailure, match="forked"):
        PdfRenderer().render(one_line())
