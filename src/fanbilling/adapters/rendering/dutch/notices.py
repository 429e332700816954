"""Dutch words of notices: what is sent beside documents.

A notice has a subject and paragraphs. Each has sentences, the one that tells most first: the first for which every fact
is known is written, and a paragraph without one is left out.
"""

from __future__ import annotations

LABELS: dict[str, str] = {
    "notice-greeting": "Goedendag,",
    "notice-greeting-name": "Goedendag {name},",
    "notice-calendar": "Open de bijlage om het in uw agenda te zetten.",
    "notice-calendar-cancelled": "Open de bijlage om het uit uw agenda te halen.",
    "notice-question": "Heeft u een vraag? Antwoord gerust op deze mail.",
    "notice-invitation": "uitnodiging",
}
EVENTS: dict[str, tuple[str, ...]] = {
    "notice.sent": ("Bericht over {about} verstuurd", "Bericht verstuurd"),
    "notice.failed": ("Bericht niet verstuurd: {about}", "Bericht niet verstuurd"),
}
RULES: dict[str, tuple[str, ...]] = {}

_WHEN = ("Wanneer: {day}, {time}.", "Wanneer: {day}.", "Wanneer: {time}.")
_WHERE = ("Waar: {place}.",)
_REFERENCE = ("Vermeld bij vragen {reference}.",)

#: By purpose. Facts: course, participant, day, last_day, time, place, reference, old_day, reason, offered_until.
NOTICES: dict[str, tuple[tuple[str, ...], ...]] = {
    "courses.confirmation": (
        ("Uw plaats bij {course} op {day}", "Uw plaats bij {course}"),
        ("De plaats van {participant} bij de cursus {course} is bevestigd.", "Uw plaats bij {course} is bevestigd."),
        ("Wanneer: {day} tot en met {last_day}, {time}.", "Wanneer: {day} tot en met {last_day}.", *_WHEN),
        _WHERE,
        _REFERENCE,
    ),
    "courses.waiting": (
        ("Op de wachtlijst voor {course} op {day}", "Op de wachtlijst voor {course}"),
        (
            "De cursus {course} is op dit moment vol. {participant} staat op de wachtlijst.",
            "De cursus {course} is op dit moment vol. U staat op de wachtlijst.",
        ),
        _WHEN,
        ("Wij schrijven zodra er een plaats vrijkomt. Tot dan hoeft u niets te betalen.",),
        _REFERENCE,
    ),
    "courses.offer": (
        ("Er is een plaats vrij bij {course} op {day}", "Er is een plaats vrij bij {course}"),
        (
            "Er is een plaats vrijgekomen bij de cursus {course}, en {participant} staat bovenaan de wachtlijst.",
            "Er is een plaats vrijgekomen bij de cursus {course}, en u staat bovenaan de wachtlijst.",
        ),
        ("Wanneer: {day} tot en met {last_day}, {time}.", "Wanneer: {day} tot en met {last_day}.", *_WHEN),
        _WHERE,
        ("Wij houden die voor u vrij tot en met {offered_until}. Antwoord op deze mail als u wilt komen.",),
        _REFERENCE,
    ),
    "courses.reminder": (
        ("{course} op {day}", "{course}"),
        ("De cursus {course} begint binnenkort.",),
        ("Wanneer: {day} tot en met {last_day}, {time}.", "Wanneer: {day} tot en met {last_day}.", *_WHEN),
        _WHERE,
        _REFERENCE,
    ),
    "courses.moved": (
        ("{course} is verplaatst naar {day}", "{course} is verplaatst"),
        (
            "De cursus {course} is verplaatst van {old_day} naar {day}.",
            "De cursus {course} is verplaatst naar {day}.",
            "De cursus {course} is verplaatst.",
        ),
        ("Wanneer: {day} tot en met {last_day}, {time}.", "Wanneer: {day} tot en met {last_day}.", *_WHEN),
        _WHERE,
        ("De reden: {reason}.",),
        _REFERENCE,
    ),
    "courses.cancelled": (
        ("Geannuleerd: {course} op {day}", "Geannuleerd: {course}"),
        (
            "De plaats van {participant} bij de cursus {course} is geannuleerd.",
            "Uw plaats bij {course} is geannuleerd.",
        ),
        _WHEN,
        ("De reden: {reason}.",),
        _REFERENCE,
    ),
    "courses.called-off": (
        ("{course} op {day} gaat niet door", "{course} gaat niet door"),
        ("De cursus {course} op {day} gaat helaas niet door.", "De cursus {course} gaat helaas niet door."),
        ("De reden: {reason}.",),
        ("U betaalt er niets voor; wat al betaald is, krijgt u terug.",),
        _REFERENCE,
    ),
    "courses.certificate": (
        ("Uw certificaat van {course}",),
        (
            "Dank voor uw deelname aan {course}. Het certificaat van {participant} vindt u in de bijlage.",
            "Dank voor uw deelname aan {course}. Uw certificaat vindt u in de bijlage.",
        ),
        _REFERENCE,
    ),
}
