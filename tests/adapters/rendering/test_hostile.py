"""What stands in a name is printed, and nothing else happens."""

import html
import io
import string

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from fanbilling.adapters.rendering.html import HtmlRenderer
from fanbilling.adapters.rendering.letters import invoice_letter
from fanbilling.adapters.rendering.pdf import PdfRenderer
from fanbilling.adapters.rendering.plain import clean, one_line
from fanbilling.adapters.rendering.text import TextRenderer
from fanbilling.domain.errors import AdapterFailure
from tests.adapters.rendering.documents import document, upgrade
from tests.adapters.rendering.documents import one_line as sample

NAMES = {
    "typst": '#panic("x") *b* _i_ $x$ @ref <l> // c \\ #import',
    "html": "<script>alert(1)</script><img src=x onerror=y>",
    "jinja": "{{ 7 * 7 }}{% raise %}{# c #}",
    "format": "{number}{0.__class__}{",
    "quotes": "\"'`$(id)\\n",
}
names = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


def named(name):
    """A document with a name in every place where somebody types."""
    made = upgrade()
    buyer = attrs.evolve(made.buyer, name=name, attention=name, address=attrs.evolve(made.buyer.address, city=name))
    seller = attrs.evolve(made.seller, name=name)
    lines = [attrs.evolve(line, text=name, title=name) for line in made.lines]
    return attrs.evolve(made, buyer=buyer, seller=seller, lines=tuple(lines))


def squeezed(text):
    return "".join(text.split())


@names
def test_a_pdf_prints_a_name_as_it_is(name):
    pages = PdfReader(io.BytesIO(PdfRenderer().render(named(name)).content)).pages
    assert squeezed(name) in squeezed("".join(page.extract_text() for page in pages))


@names
def test_html_escapes_a_name(name):
    page = HtmlRenderer().render(named(name)).content.decode()
    assert "<script" not in page
    assert "<img" not in page
    assert html.escape(name).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in page


@names
def test_text_and_letters_print_a_name_as_it_is(name):
    made = named(name)
    rendered = TextRenderer().render(made)
    assert squeezed(name) in squeezed(rendered.content.decode())
    letter = invoice_letter(made, rendered, "m-1")
    assert name in letter.text
    assert "<script" not in letter.html


def test_nothing_invisible_is_printed():
    turned = "Betaal\u202e1000\u202c\x1b[2J\x00\u200f B.V.\r\nTweede"
    assert clean(turned) == "Betaal1000[2J B.V.\nTweede"
    assert one_line(turned) == "Betaal1000[2J B.V. Tweede"
    assert "\x1b" not in TextRenderer().render(named(turned)).content.decode()


def test_a_sign_that_no_font_has_is_printed_as_a_question_mark():
    """The document is issued already: it has to reach its reader, and everything else on it is right."""
    rendered = PdfRenderer().render(named("Alpha 日本 \U00013000 B.V."))
    printed = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(rendered.content)).pages))
    assert squeezed("Alpha ?? ? B.V.") in printed


def test_a_wrong_template_is_an_error_that_says_so():
    with pytest.raises(AdapterFailure, match="correct the template"):
        HtmlRenderer(template="{{ shown").render(sample())
    with pytest.raises(AdapterFailure):
        HtmlRenderer(template="{{ nothing }}").render(sample())
    with pytest.raises(AdapterFailure):
        PdfRenderer(template=b"#panic()").render(sample())


@pytest.mark.parametrize(
    "template",
    ["{{ shown.__class__.__mro__ }}", "{{ ''.__class__ }}", "{% for i in range(10**9) %}{% endfor %}"],
)
def test_a_template_of_others_stays_in_its_sandbox(template):
    with pytest.raises(AdapterFailure):
        HtmlRenderer(template=template).render(sample())


def test_a_pdf_template_reads_no_file_of_the_machine():
    for path in ("/etc/passwd", "../__init__.py"):
        with pytest.raises(AdapterFailure):
            PdfRenderer(template=f'#read("{path}")'.encode()).render(sample())


@given(st.text(alphabet=string.printable + "éëÿŁßж€–“", max_size=60))
def test_any_text_can_be_printed(text):
    made = named(f"x{text}")
    for renderer in (TextRenderer(), HtmlRenderer(), PdfRenderer()):
        assert renderer.render(made).content


def test_a_document_without_anything_extra_can_be_printed():
    made = document(sample().lines, number="")
    bare = attrs.evolve(made.seller, iban="", bic="", vat_id="", registration="", phone="", email="", website="")
    for renderer in (TextRenderer(), HtmlRenderer(), PdfRenderer()):
        assert renderer.render(attrs.evolve(made, seller=bare)).content
