"""Dutch words of projects."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-booked": "uren geboekt",
    "change-approved": "uren goedgekeurd",
    "change-corrected": "gecorrigeerd",
    "change-rejected": "afgekeurd",
    "change-extra-work": "meerwerk afgesproken",
    "change-progress-stated": "voortgang opgegeven",
    "change-rate-set": "tarief vastgelegd",
    "change-rate-withdrawn": "tarief ingetrokken",
    "change-released": "mijlpaal bereikt",
    "change-closed": "afgesloten",
    "change-reopened": "heropend",
    "change-estimated": "begroting gemaakt",
    "change-estimate-accepted": "begroting aanvaard",
    "names-less": "het noemt minder",
    "names-weaker": "het noemt iets dat minder zwaar telt",
    "older": "een later tarief kwam ervoor in de plaats",
    "known-earlier": "een ander tarief is later afgesproken",
    "column-text": "Omschrijving",
    "column-tax": "Btw",
    "column-total": "Totaal inclusief btw",
    "column-planned": "Gepland",
    "column-client": "Klant",
    "column-opening": "Begin",
    "column-booked": "Geboekt",
    "column-revalued": "Herwaardering",
    "column-billed": "Gefactureerd",
    "column-written-off": "Afgeboekt",
    "column-closing": "Eind",
    "column-month": "Maand",
    "table-total": "Totaal",
    "table-instalments": "Termijnen",
    "table-wip-money": "In geld",
    "table-wip-hours": "In uren",
    "table-hours-per-month": "Uren per maand",
    "table-hours-of-employee": "Uren",
    "fact-hours": "Uren",
    "fact-first": "Van",
    "fact-last": "Tot en met",
    "sign-project-leader": "Projectleider",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "hours.worked": (
        "{value} uur van {employee} op {on:day} ({worked} gewerkt)",
        "{value} uur van {on:day}",
        "Uren",
    ),
    "hours.corrected": (
        "Gecorrigeerd op {on:day}, was {value} ({why})",
        "Gecorrigeerd op {on:day}, was {value}",
        "Gecorrigeerd",
    ),
    "hours.rejected": ("Afgekeurd op {on:day} ({why})", "Afgekeurd op {on:day}", "Afgekeurd"),
    "hours.not-approved": ("{value} uur van {employee} op {on:day} is nog niet goedgekeurd", "Nog niet goedgekeurd"),
    "hours.fixed": ("Valt onder een vaste prijs",),
    "hours.internal": ("Een intern project: het wordt niemand in rekening gebracht",),
    "hours.funded": ("Een gesubsidieerd project: de uren worden verantwoord en niet gefactureerd",),
    "rate.won": ("{value:price} per uur volgens tarief {rule}, vanaf {since:day}", "{value:price} per uur", "Tarief"),
    "rate.lost": ("Niet {value:price} volgens tarief {rule}: {why:word}", "Niet {value:price}", "Een ander tarief"),
    "rate.none": (
        "Geen tarief voor {employee} op project {project} voor klant {client}, {activity}, op {on:day}",
        "Geen tarief voor {employee} op project {project} voor klant {client}, op {on:day}",
        "Geen tarief voor {employee} op {on:day}",
        "Geen tarief",
    ),
    "expense.passed-on": (
        "{cost:money} betaald op {on:day}, met {markup:percent} opslag: {value:money}",
        "Doorberekend: {value:money}",
        "Doorberekend",
    ),
    "expense.not-approved": ("De kosten van {on:day} zijn nog niet goedgekeurd", "Nog niet goedgekeurd"),
    "instalment.due": (
        "{percent:percent} van de aanneemsom van {price:money}, gepland op {planned:day}: {value:money}",
        "Termijn van {value:money} van de aanneemsom van {price:money}, gepland op {planned:day}",
        "Termijn van {value:money}",
        "Termijn",
    ),
    "instalment.extra": ("Meerwerk, afgesproken op {agreed:day}: {value:money}", "Meerwerk: {value:money}", "Meerwerk"),
    "instalment.released": ("Mijlpaal bereikt op {value:day}", "Mijlpaal bereikt"),
    "instalment.not-released": (
        "De mijlpaal is nog niet bereikt; hij was gepland op {planned:day}",
        "De mijlpaal is nog niet bereikt",
    ),
    "progress.stated": (
        "{percent:percent} van de aanneemsom van {price:money} is gereed, eerder {before:money}: {value:money}",
        "Voortgang: {value:money}",
        "Voortgang",
    ),
    "progress.lowered": ("Verlaagd naar {value:percent} op {on:day}", "Verlaagd naar {value:percent}", "Verlaagd"),
    "estimate.line": (
        "{quantity} × {price:price} per {per} = {value:money}",
        "{quantity} × {price:price} = {value:money}",
        "Regel van een begroting",
    ),
    "estimate.net": ("Som van de regels: {value:money}", "Som van de regels"),
    "estimate.total": ("{net:money} + {vat:money} btw = {value:money}", "Totaal {value:money}", "Totaal"),
    "wip.project": (
        "Onderhanden werk van {project} aan het eind van {last:day}: {value:money}",
        "Onderhanden werk: {value:money}",
        "Onderhanden werk",
    ),
    "wip.money": (
        (
            "{opening:money} + {booked:money} geboekt + {revalued:money} geherwaardeerd − {billed:money} gefactureerd"
            " − {written_off:money} afgeboekt = {value:money}"
        ),
        "In geld: {value:money}",
        "In geld",
    ),
    "wip.hours": (
        (
            "{opening} + {booked} geboekt + {revalued} geherwaardeerd − {billed} gefactureerd − {written_off} afgeboekt"
            " = {value} uur"
        ),
        "In uren: {value}",
        "In uren",
    ),
    "wip.total": (
        (
            "{opening} + {booked} geboekt + {revalued} geherwaardeerd − {billed} gefactureerd − {written_off} afgeboekt"
            " = {closing}"
        ),
        "Van alle projecten: {value}",
        "Van alle projecten",
    ),
}
