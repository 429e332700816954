"""English words of notices: what is sent beside documents.

A notice has a subject and paragraphs. Each has sentences, the one that tells most first: the first for which every fact
is known is written, and a paragraph without one is left out.
"""

from __future__ import annotations

LABELS: dict[str, str] = {
    "notice-greeting": "Hello,",
    "notice-greeting-name": "Hello {name},",
    "notice-calendar": "Open the attachment to put it in your calendar.",
    "notice-calendar-cancelled": "Open the attachment to take it out of your calendar.",
    "notice-question": "Do you have a question? Just reply to this mail.",
    "notice-invitation": "invitation",
}
EVENTS: dict[str, tuple[str, ...]] = {
    "notice.sent": ("Message about {about} sent", "Message sent"),
    "notice.failed": ("Message not sent: {about}", "Message not sent"),
}
RULES: dict[str, tuple[str, ...]] = {}

_WHEN = ("When: {day}, {time}.", "When: {day}.", "When: {time}.")
_WHERE = ("Where: {place}.",)
_REFERENCE = ("Please mention {reference} if you have a question about it.",)

#: By purpose. Facts: course, participant, day, last_day, time, place, reference, old_day, reason, offered_until.
NOTICES: dict[str, tuple[tuple[str, ...], ...]] = {
    "courses.confirmation": (
        ("Your place in {course} on {day}", "Your place in {course}"),
        ("The place of {participant} in the course {course} is confirmed.", "Your place in {course} is confirmed."),
        ("When: {day} to {last_day}, {time}.", "When: {day} to {last_day}.", *_WHEN),
        _WHERE,
        _REFERENCE,
    ),
    "courses.waiting": (
        ("On the waiting list for {course} on {day}", "On the waiting list for {course}"),
        (
            "The course {course} is full at the moment. {participant} is on the waiting list.",
            "The course {course} is full at the moment. You are on the waiting list.",
        ),
        _WHEN,
        ("We write as soon as a place comes free. Until then there is nothing to pay.",),
        _REFERENCE,
    ),
    "courses.offer": (
        ("A place in {course} on {day} has come free", "A place in {course} has come free"),
        (
            "A place in the course {course} has come free, and {participant} is the first on the waiting list.",
            "A place in the course {course} has come free, and you are the first on the waiting list.",
        ),
        ("When: {day} to {last_day}, {time}.", "When: {day} to {last_day}.", *_WHEN),
        _WHERE,
        ("We keep it for you until {offered_until}. Reply to this mail if you want it.",),
        _REFERENCE,
    ),
    "courses.reminder": (
        ("{course} on {day}", "{course}"),
        ("The course {course} begins soon.",),
        ("When: {day} to {last_day}, {time}.", "When: {day} to {last_day}.", *_WHEN),
        _WHERE,
        _REFERENCE,
    ),
    "courses.moved": (
        ("{course} is moved to {day}", "{course} is moved"),
        (
            "The course {course} is moved from {old_day} to {day}.",
            "The course {course} is moved to {day}.",
            "The course {course} is moved.",
        ),
        ("When: {day} to {last_day}, {time}.", "When: {day} to {last_day}.", *_WHEN),
        _WHERE,
        ("The reason: {reason}.",),
        _REFERENCE,
    ),
    "courses.cancelled": (
        ("Cancelled: {course} on {day}", "Cancelled: {course}"),
        ("The place of {participant} in the course {course} is cancelled.", "Your place in {course} is cancelled."),
        _WHEN,
        ("The reason: {reason}.",),
        _REFERENCE,
    ),
    "courses.called-off": (
        ("{course} on {day} does not take place", "{course} does not take place"),
        (
            "The course {course} on {day} does not take place. We are sorry.",
            "The course {course} does not take place. We are sorry.",
        ),
        ("The reason: {reason}.",),
        ("You pay nothing for it; what was paid is given back.",),
        _REFERENCE,
    ),
    "courses.certificate": (
        ("Your certificate of {course}",),
        (
            "Thank you for taking part in {course}. The certificate of {participant} is attached.",
            "Thank you for taking part in {course}. Your certificate is attached.",
        ),
        _REFERENCE,
    ),
}
