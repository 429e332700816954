"""The chart of accounts: which ledger account plays which role."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from .errors import InvalidSetting

#: The roles that billing books on, with the usual account of a Dutch chart.
ROLES = {
    "receivable": "1300",
    "bank": "1100",
    "vat": "1500",
    "revenue": "8000",
    "stock": "3000",  # goods on hand, at cost
    "received": "1610",  # goods received, the supplier's invoice still to come
    "cost": "7000",  # cost of what was sold
    "difference": "7090",  # differences of stock and of purchase prices
    "accrued": "1350",  # work done, to be invoiced
}


@attrs.frozen
class Chart:
    """Account codes by role; a role may be refined with dots: ``revenue.subscriptions``, ``vat.S.21``.

    Raises:
        InvalidSetting: for a role that billing does not know, or an empty code.
    """

    codes: Mapping[str, str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Refuse unknown roles, so that a spelling mistake does not go unnoticed."""
        for role, code in self.codes.items():
            if role.split(".")[0] not in ROLES or not code:
                raise InvalidSetting(
                    f"{role} = {code!r}", where="accounts", remedy=f"use one of {', '.join(ROLES)}, refined with dots"
                )

    def code(self, *role: str) -> str:
        """Return the account for a role, from the most refined to the plainest that is set."""
        if not self.codes:
            return ROLES[role[0]]
        names = list(role)
        while names:
            code = self.codes.get(".".join(names))
            if code is not None:
                return code
            names.pop()
        return ROLES[role[0]]
