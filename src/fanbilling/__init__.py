"""Turn everything a company does for a client into one clear bill.

The public names. Importing them loads no adapter and none of the libraries that adapters need; stores, renderers and
mailers are imported from ``fanbilling.adapters``, sources from ``fanbilling.sources``.
"""

from __future__ import annotations

import typing

from .billing import Billing
from .crm import Crm
from .delivery import Delivery, DeliveryReport
from .domain.administrations import Administration, Seller
from .domain.client_file import ClientFile
from .domain.credits import Credit
from .domain.decisions import Decision, DecisionKind, Then
from .domain.drafts import Draft
from .domain.erasure import Erasure, Export
from .domain.errors import BillingError
from .domain.events import Actor
from .domain.invoices import Invoice
from .domain.items import BillableItem, ItemKey, Price
from .domain.leakage import Unbilled
from .domain.money import Money
from .domain.opening import AccountBalance, BilledUntil, OldInvoice, Opening
from .domain.parties import Address, Party, Role
from .domain.payments import Allocation, OpenItem, Payment
from .domain.periods import Period
from .domain.reasons import Reason
from .domain.reconciling import OpeningReport
from .domain.reports import Failure, RunReport
from .domain.retention import Retention
from .domain.settings import Layer, Settings
from .office import Office, joined
from .opening import OpeningBalances
from .receivables import Receivables
from .verification import Finding, verify

if typing.TYPE_CHECKING:
    from .configuration import load_administration, load_settings

__all__ = [
    "AccountBalance",
    "Actor",
    "Address",
    "Administration",
    "Allocation",
    "BillableItem",
    "BilledUntil",
    "Billing",
    "BillingError",
    "ClientFile",
    "Credit",
    "Crm",
    "Decision",
    "DecisionKind",
    "Delivery",
    "DeliveryReport",
    "Draft",
    "Erasure",
    "Export",
    "Failure",
    "Finding",
    "Invoice",
    "ItemKey",
    "Layer",
    "Money",
    "Office",
    "OldInvoice",
    "OpenItem",
    "Opening",
    "OpeningBalances",
    "OpeningReport",
    "Party",
    "Payment",
    "Period",
    "Price",
    "Reason",
    "Receivables",
    "Retention",
    "Role",
    "RunReport",
    "Seller",
    "Settings",
    "Then",
    "Unbilled",
    "joined",
    "load_administration",
    "load_settings",
    "verify",
]


def __getattr__(name: str) -> object:
    """Load what reads settings files only when it is asked for: it needs cattrs."""
    if name not in ("load_administration", "load_settings"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import configuration

    return getattr(configuration, name)
