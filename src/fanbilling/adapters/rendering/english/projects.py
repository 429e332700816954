"""English words of projects."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-booked": "hours booked",
    "change-approved": "hours approved",
    "change-corrected": "corrected",
    "change-rejected": "rejected",
    "change-extra-work": "extra work agreed",
    "change-progress-stated": "progress stated",
    "change-rate-set": "rate set",
    "change-rate-withdrawn": "rate withdrawn",
    "change-released": "milestone reached",
    "change-closed": "closed",
    "change-reopened": "reopened",
    "change-estimated": "estimate made",
    "change-estimate-accepted": "estimate accepted",
    "names-less": "it names less",
    "names-weaker": "it names something that counts for less",
    "older": "a later one took its place",
    "known-earlier": "another was agreed later",
    "column-text": "Description",
    "column-tax": "VAT",
    "column-total": "Total including VAT",
    "column-planned": "Planned",
    "column-client": "Client",
    "column-opening": "Opening",
    "column-booked": "Booked",
    "column-revalued": "Revalued",
    "column-billed": "Billed",
    "column-written-off": "Written off",
    "column-closing": "Closing",
    "column-month": "Month",
    "table-total": "Total",
    "table-instalments": "Instalments",
    "table-wip-money": "In money",
    "table-wip-hours": "In hours",
    "table-hours-per-month": "Hours per month",
    "table-hours-of-employee": "Hours",
    "fact-hours": "Hours",
    "fact-first": "From",
    "fact-last": "Up to and including",
    "sign-project-leader": "Project leader",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "hours.worked": (
        "{value} hours of {employee} on {on:day} ({worked} worked)",
        "{value} hours of {on:day}",
        "Hours",
    ),
    "hours.corrected": (
        "Corrected on {on:day}, was {value} ({why})",
        "Corrected on {on:day}, was {value}",
        "Corrected",
    ),
    "hours.rejected": ("Rejected on {on:day} ({why})", "Rejected on {on:day}", "Rejected"),
    "hours.not-approved": ("{value} hours of {employee} on {on:day} are not approved yet", "Not approved yet"),
    "hours.fixed": ("Part of a fixed price",),
    "hours.internal": ("An internal project: nobody is billed for it",),
    "hours.funded": ("A funded project: the hours are accounted for, and not billed",),
    "rate.won": ("{value:price} per hour by rate {rule}, from {since:day}", "{value:price} per hour", "Rate"),
    "rate.lost": ("Not {value:price} by rate {rule}: {why:word}", "Not {value:price}", "Another rate"),
    "rate.none": (
        "No rate for {employee} on project {project} for client {client}, {activity}, on {on:day}",
        "No rate for {employee} on project {project} for client {client}, on {on:day}",
        "No rate for {employee} on {on:day}",
        "No rate",
    ),
    "expense.passed-on": (
        "{cost:money} paid on {on:day}, with {markup:percent} on top: {value:money}",
        "Passed on: {value:money}",
        "Passed on",
    ),
    "expense.not-approved": ("Expense of {on:day} is not approved yet", "Not approved yet"),
    "instalment.due": (
        "{percent:percent} of the price of {price:money}, planned on {planned:day}: {value:money}",
        "Instalment of {value:money} of the price of {price:money}, planned on {planned:day}",
        "Instalment of {value:money}",
        "Instalment",
    ),
    "instalment.extra": (
        "Extra work, agreed on {agreed:day}: {value:money}",
        "Extra work: {value:money}",
        "Extra work",
    ),
    "instalment.released": ("Milestone reached on {value:day}", "Milestone reached"),
    "instalment.not-released": (
        "The milestone is not reached yet; it was planned on {planned:day}",
        "The milestone is not reached yet",
    ),
    "progress.stated": (
        "{percent:percent} of the price of {price:money} is done, {before:money} before: {value:money}",
        "Progress: {value:money}",
        "Progress",
    ),
    "progress.lowered": ("Lowered to {value:percent} on {on:day}", "Lowered to {value:percent}", "Lowered"),
    "estimate.line": (
        "{quantity} × {price:price} per {per} = {value:money}",
        "{quantity} × {price:price} = {value:money}",
        "Line of an estimate",
    ),
    "estimate.net": ("Sum of the lines: {value:money}", "Sum of the lines"),
    "estimate.total": ("{net:money} + {vat:money} VAT = {value:money}", "Total {value:money}", "Total"),
    "wip.project": (
        "Work in progress of {project} at the end of {last:day}: {value:money}",
        "Work in progress: {value:money}",
        "Work in progress",
    ),
    "wip.money": (
        (
            "{opening:money} + {booked:money} booked + {revalued:money} revalued − {billed:money} billed"
            " − {written_off:money} written off = {value:money}"
        ),
        "In money: {value:money}",
        "In money",
    ),
    "wip.hours": (
        (
            "{opening} + {booked} booked + {revalued} revalued − {billed} billed − {written_off} written off"
            " = {value} hours"
        ),
        "In hours: {value}",
        "In hours",
    ),
    "wip.total": (
        "{opening} + {booked} booked + {revalued} revalued − {billed} billed − {written_off} written off = {closing}",
        "Of all projects: {value}",
        "Of all projects",
    ),
}
