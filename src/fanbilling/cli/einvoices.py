"""E-invoices: which document has one, by whose rules, and what is missing for it."""

from __future__ import annotations

from typing import TypeVar

import attrs

from ..domain.administrations import Seller
from ..domain.invoices import Buyer, Invoice
from ..domain.messages import Attachment, Letter
from ..domain.parties import Party
from ..domain.ports.delivery import Rendered
from ..domain.settings import EInvoice, Settings
from ..files import write_whole
from .filing import Cabinet, letter
from .outcomes import Incomplete
from .place import BY, Place

P = TypeVar("P", Seller, Buyer)

_WHO = ("vat_id", "registration", "electronic_address", "iban", "reference")
"""What may be filled in afterwards of who sells and who pays: none of it decides an amount."""


@attrs.frozen
class EInvoices:
    """The e-invoices of a folder: one beside the PDF of each document for which the settings want one.

    A document says what it says. Where it leaves something empty that an e-invoice needs, the e-invoice is a copy in
    which that is filled in as it is known today; amounts and texts stay what they are.
    """

    place: Place

    @property
    def cabinet(self) -> Cabinet:
        """Where they are kept."""
        return Cabinet(self.place.folder)

    def ready(self) -> None:
        """Load what writes them when any are wanted, so that it is missed before anything is billed.

        Raises:
            ModuleNotFoundError: naming what is not installed.
        """
        if any_wanted(self.place.office.settings):
            from ..adapters.rendering import ubl  # noqa: F401

    def wanted(self, document: Invoice) -> bool:
        """Whether the settings want one of a document, and there is none yet."""
        return (
            rules(self.place.office.settings, document) is not EInvoice.NONE
            and not self.cabinet.e_invoice(document.number).is_file()
        )

    def file(self, document: Invoice) -> Incomplete | None:
        """Write the e-invoice of a document that has none, or say what is missing for it.

        Whoever is no business and has nowhere to receive one gets none, and nothing is missing.
        """
        made = self._made(document)
        if isinstance(made, Rendered):
            write_whole(self.cabinet.e_invoice(document.number), made.content)
            return None
        return Incomplete(number=document.number, payer=document.payer, missing=made) if made else None

    def letter(self, document: Invoice, rendered: Rendered, id: str, to: str) -> Letter:
        """Write the letter that goes with a document, its e-invoice attached too if it has one."""
        written = letter(document, rendered, id, to)
        if self.wanted(document):
            self.file(document)
        kept = self.cabinet.e_invoice(document.number)
        if rules(self.place.office.settings, document) is EInvoice.NONE or not kept.is_file():
            return written
        [pdf] = written.attachments
        name = f"{pdf.name.removesuffix(rendered.suffix)}{kept.suffix}"
        attached = Attachment(name=name, media_type="application/xml", content=kept.read_bytes())
        return attrs.evolve(written, attachments=(pdf, attached))

    def _made(self, document: Invoice) -> Rendered | tuple[str, ...]:
        """Return the e-invoice of a document, or everything that is missing for it."""
        from ..adapters.rendering.ubl import Profile, UblRenderer
        from ..adapters.rendering.ubl.identities import electronic_address

        profile = Profile(rules(self.place.office.settings, document).value)
        renderer = UblRenderer(profile=profile)
        if not renderer.problems(document):
            return renderer.render(document)
        with self.place.books.reading(by=BY) as store:
            party = store.get(Party, document.payer)
        whole = completed(document, party, self.place.office.administration.seller)
        missing = renderer.problems(whole)
        if not missing:
            return renderer.render(whole)
        nowhere = profile is Profile.PEPPOL and electronic_address(whole.buyer) is None
        return () if nowhere and not party.business else missing


def rules(settings: Settings, document: Invoice) -> EInvoice:
    """Return by whose rules a document has an e-invoice.

    What is said of a source or an agreement counts where it is the only one on the document.
    """
    agreements = {(line.key.source, line.key.agreement) for line in document.lines}
    sources = {source for source, _ in agreements}
    source = sources.pop() if len(sources) == 1 else ""
    agreement = agreements.pop()[1] if len(agreements) == 1 else ""
    return settings.settled(source=source, client=document.payer, agreement=agreement).e_invoice


def any_wanted(settings: Settings) -> bool:
    """Whether the settings want an e-invoice of any document."""
    layers = (settings.administration, *settings.sources.values(), *settings.clients.values())
    return any(layer.e_invoice not in (None, EInvoice.NONE) for layer in (*layers, *settings.agreements.values()))


def completed(document: Invoice, party: Party, seller: Seller) -> Invoice:
    """Return a document with what it leaves empty of buyer and seller filled in, as they are known today."""
    return attrs.evolve(document, buyer=_filled(document.buyer, party), seller=_filled(document.seller, seller))


def _filled(who: P, known: Party | Seller) -> P:
    told = {name: getattr(known, name) for name in _WHO if hasattr(who, name) and not getattr(who, name).strip()}
    address = who.address
    if address.country == known.address.country:  # else it moved abroad, and its street of today is another one
        empty = [name for name, part in attrs.asdict(address).items() if not part.strip()]
        address = attrs.evolve(address, **{name: getattr(known.address, name) for name in empty})
    return attrs.evolve(who, address=address, **told)
