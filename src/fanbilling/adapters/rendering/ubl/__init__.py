"""E-invoices: documents as UBL 2.1, for the Peppol network or any reader of EN 16931; needs the extra ``xml``."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs

from ....domain.errors import RefusedDocument
from ....domain.invoices import Invoice
from ....domain.ports.delivery import Rendered
from ....domain.texts import one_of
from .elements import written
from .requirements import problems
from .writing import tree

__all__ = ["Profile", "UblRenderer"]


class Profile(StrEnum):
    """By whose rules an e-invoice is written, on top of EN 16931: Peppol's, the Dutch ones, or none."""

    PEPPOL = "peppol"
    NLCIUS = "nlcius"
    EN16931 = "en16931"


#: What a document says of itself (BT-24) and in which process it is sent (BT-23).
_CLAIMS: Mapping[Profile, tuple[str, str]] = {
    Profile.PEPPOL: (
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    ),
    Profile.NLCIUS: ("urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0", ""),
    Profile.EN16931: ("urn:cen.eu:en16931:2017", ""),
}


def _profile(word: Profile | str) -> Profile:
    return one_of(Profile, word)


@attrs.frozen(kw_only=True)
class UblRenderer:
    """Renders a document as an e-invoice: an Invoice or a CreditNote in UBL 2.1.

    Args:
        profile: ``"peppol"`` (Peppol BIS Billing 3.0), ``"nlcius"`` (the Dutch rules), or ``"en16931"`` (neither).

    Raises:
        InvalidValue: for another profile.
    """

    profile: Profile = attrs.field(default=Profile.PEPPOL, converter=_profile)

    def render(self, document: Invoice) -> Rendered:
        """Render a document.

        Raises:
            RefusedDocument: when the document lacks what the rules want, or says what they cannot carry; ``problems``
                names all of it.
        """
        found = self.problems(document)
        if found:
            raise RefusedDocument(
                f"cannot be an e-invoice: {'; '.join(found)}",
                where=f"document {document.number or document.id}",
                remedy="fill it in before the next bill; for this one, send the PDF or complete a copy",
                problems=found,
            )
        customization, process = _CLAIMS[self.profile]
        content = written(tree(document, customization, process))
        return Rendered(content=content, media_type="application/xml", suffix=".xml")

    def problems(self, document: Invoice) -> tuple[str, ...]:
        """Say everything that keeps a document from being an e-invoice, in a bookkeeper's words."""
        profile = self.profile
        return tuple(problems(document, peppol=profile is Profile.PEPPOL, nlcius=profile is Profile.NLCIUS))
