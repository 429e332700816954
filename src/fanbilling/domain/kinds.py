"""The kinds of records that the desks of the core keep, beside those of the sources."""

from __future__ import annotations

from .credits import Credit
from .messages import DeliveryPlace, Message
from .notices import PlannedNotice
from .opening import BilledBefore, LoadedOpening, OldInvoice
from .parties import Party
from .payments import Allocation, Payment

CORE_RECORDS: tuple[type, ...] = (
    Party,
    Payment,
    Allocation,
    Credit,
    Message,
    DeliveryPlace,
    PlannedNotice,
    LoadedOpening,
    OldInvoice,
    BilledBefore,
)
