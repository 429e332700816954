"""What a school ought to have billed and who has a seat, by hand as it were: a notebook that knows no line of it all.

Prices and fees are whole euros and half of a price is one too, so that nothing is rounded and every figure is exact.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

#: Per session: its price, how it is taxed, how many days before it is billed, how long an offer holds, what a
#: substitute costs, and whether the boundary day of a tier is already within it.
CONDITIONS = {
    "may": {"price": 400, "tax": "standard", "before": None, "offer": None, "substitute": 0, "within": False},
    "june": {"price": 300, "tax": "exempt", "before": 14, "offer": 5, "substitute": 30, "within": True},
}
SEATED = ("placed", "attended", "no-show")
Key = tuple[str, str]


class Notebook:
    """Everything that was said at the desk, and what came of it; each call says whether it was done."""

    def __init__(self, starts: dict[str, date]) -> None:
        self.sessions = {
            id: {"start": start, "capacity": 1, "state": "planned", **CONDITIONS[id]} for id, start in starts.items()
        }
        self.seats: dict[str, dict] = {}
        self.places = 0
        self.waived: set[Key] = set()
        self.billed: dict[Key, dict[tuple[str, str], int]] = {}

    # who has a seat

    def of(self, session: str, *states: str) -> list[dict]:
        """Who is in a session in one of these states, in the order of registration."""
        mine = [one for one in self.seats.values() if one["session"] == session and one["state"] in states]
        return sorted(mine, key=lambda one: one["place"])

    def free(self, session: str) -> int:
        return self.sessions[session]["capacity"] - len(self.of(session, "offered", *SEATED))

    def open(self, session: str) -> bool:
        return self.sessions[session]["state"] in ("planned", "confirmed")

    def begun(self, session: str, on: date) -> bool:
        return on > self.sessions[session]["start"]

    def known(self, session: str, email: str, besides: str = "") -> bool:
        return any(
            one["email"] == email and one["id"] != besides for one in self.of(session, "waiting", "offered", *SEATED)
        )

    def seat(self, one: dict) -> None:
        """Give a seat, or a place on the waiting list."""
        one["state"] = "placed" if self.free(one["session"]) > 0 else "waiting"

    def place(self) -> int:
        self.places += 1
        return self.places

    def promote(self, session: str, on: date) -> None:
        if not self.open(session) or self.free(session) <= 0:
            return
        for one in self.of(session, "waiting"):
            if self.begun(session, on):
                self.end(one, on, ours=False)
            elif self.free(session) > 0:
                days = self.sessions[session]["offer"]
                one["state"] = "placed" if days is None else "offered"
                one["until"] = None if days is None else on + timedelta(days=days)

    def end(self, one: dict, on: date, *, ours: bool) -> None:
        one.update(state="cancelled", ours=ours, until=None, whole=False)

    def register(self, id: str, session: str, email: str, client: str, *, discount: int, on: date) -> bool:
        if not self.open(session) or self.begun(session, on) or self.known(session, email):
            return False
        conditions = self.sessions[session]
        one = {
            "id": id, "session": session, "email": email, "client": client, "filed": on, "place": self.place(),
            "price": conditions["price"] * (100 - discount) // 100, "terms": conditions, "tax": conditions["tax"],
            "fees": {}, "attended": False, "until": None, "state": "new",
        }  # fmt: skip
        self.seat(one)
        self.seats[id] = one
        return True

    def accept(self, id: str, on: date) -> bool:
        one = self.seats[id]
        if one["state"] in ("waiting", *SEATED):
            return True
        if one["state"] == "cancelled" or not self.open(one["session"]) or self.begun(one["session"], on):
            return False
        if on > one["until"]:
            return False
        one.update(state="placed", until=None)
        return True

    def lapse(self, on: date) -> None:
        for session in sorted(self.sessions):
            late = [one for one in self.of(session, "offered") if one["until"] < on]
            for one in late:
                self.end(one, on, ours=False)
            if late:
                self.promote(session, on)

    def cancel(self, id: str, on: date, *, ours: bool, fee: int | None) -> bool:
        one = self.seats[id]
        if one["state"] in ("attended", "no-show", "cancelled"):
            return False
        had_a_seat, session, terms = one["state"] == "placed", self.sessions[one["session"]], one["terms"]
        self.end(one, on, ours=ours)
        if had_a_seat and not ours:
            left, extra = (session["start"] - on).days, 1 if terms["within"] else 0
            if fee is not None:
                self.fee(one, "cancelled", fee, on)
            elif left < 7 + extra:
                one["whole"] = True
            elif left < 28 + extra:
                self.fee(one, "cancelled", one["price"] // 2, on)
        self.promote(one["session"], on)
        return True

    def move(self, id: str, to: str, client: str, fee: int | None, on: date) -> bool:
        one = self.seats[id]
        if one["state"] not in ("waiting", "offered", "placed") or one["session"] == to:
            return False
        if not self.open(to) or self.begun(to, on) or self.known(to, one["email"], id):
            return False
        if one["state"] == "placed" and self.free(to) <= 0:
            return False
        left, waits = one["session"], one["state"] != "placed"
        one.update(session=to, place=self.place(), attended=False, until=None, state="moving")
        one.update(terms=self.sessions[to], tax=self.sessions[to]["tax"])
        if waits:
            self.seat(one)
        else:
            one["state"] = "placed"
        self.paid(one, client or one["client"])
        if fee:
            self.fee(one, f"moved-{1 + sum(name.startswith('moved') for name in one['fees'])}", fee, on)
        self.promote(left, on)
        return True

    def substitute(self, id: str, email: str, on: date) -> bool:
        one = self.seats[id]
        if email == one["email"]:
            return True
        if one["state"] not in ("waiting", "offered", "placed") or self.known(one["session"], email, id):
            return False
        one["email"] = email
        if one["state"] == "placed" and one["terms"]["substitute"]:
            name = f"substituted-{1 + sum(name.startswith('substituted') for name in one['fees'])}"
            self.fee(one, name, one["terms"]["substitute"], on)
        return True

    # who pays

    def payer(self, one: dict) -> str:
        """From 9 March a pays for c."""
        return "a" if one["client"] == "c" and one["filed"] >= date(2026, 3, 9) else one["client"]

    def paid(self, one: dict, client: str) -> None:
        one["client"] = client
        for fee in one["fees"].values():
            fee["payer"] = fee["payer"] or self.payer(one)

    def fee(self, one: dict, name: str, amount: int, on: date) -> None:
        if amount:
            one["fees"][name] = {"amount": amount, "payer": self.payer(one), "tax": one["tax"], "on": on}

    # the session

    def reschedule(self, id: str, start: date) -> bool:
        session = self.sessions[id]
        if start == session["start"]:
            return True
        if not self.open(id):
            return False
        session["start"] = start
        for one in self.of(id, "waiting", "offered", *SEATED):
            one["attended"] = False
        return True

    def resize(self, id: str, capacity: int, on: date) -> bool:
        session = self.sessions[id]
        if capacity == session["capacity"]:
            return True
        if not self.open(id) or capacity < len(self.of(id, "offered", *SEATED)):
            return False
        session["capacity"] = capacity
        self.promote(id, on)
        return True

    def call_off(self, id: str, on: date) -> bool:
        if self.sessions[id]["state"] == "done":
            return False
        self.sessions[id]["state"] = "cancelled"
        for one in self.of(id, "waiting", "offered", *SEATED):
            self.end(one, on, ours=True)
        return True

    def finish(self, id: str, on: date) -> bool:
        session = self.sessions[id]
        if session["state"] == "done":
            return True
        if session["state"] == "cancelled" or on < session["start"]:
            return False
        session["state"] = "done"
        for one in self.of(id, "waiting", "offered"):
            self.end(one, on, ours=False)
        for one in self.of(id, "placed"):
            one["state"] = "attended" if one["attended"] else "no-show"
        return True

    def attend(self, id: str, came: bool, on: date) -> bool:
        one = self.seats[id]
        session = self.sessions[one["session"]]
        if one["state"] not in SEATED or (came and on < session["start"]):
            return False
        one["attended"] = came
        if session["state"] == "done":
            one["state"] = "attended" if came else "no-show"
        return True

    # what is due, and billed

    def due(self) -> dict[Key, tuple[int, tuple[str, str], date]]:
        """Per key: the money, who pays it under which tax, and from which day; a payer of nothing is nobody yet."""
        found = {}
        for id, one in self.seats.items():
            start, before = self.sessions[one["session"]]["start"], one["terms"]["before"]
            bill_on = one["filed"] if before is None else max(one["filed"], start - timedelta(days=before))
            money = one["price"] if one["state"] in SEATED or one.get("whole") else 0
            found[id, "seat"] = money, (self.payer(one), one["tax"]), bill_on
            for name, fee in one["fees"].items():
                void = one["state"] == "cancelled" and one["ours"]
                found[id, f"fee:{name}"] = 0 if void else fee["amount"], (fee["payer"], fee["tax"]), fee["on"]
        return found

    def run(self, until: date) -> None:
        for key, (money, terms, bill_on) in self.due().items():
            if (money and not self.seats[key[0]]["client"]) or (bill_on > until and key not in self.billed):
                continue
            owed = 0 if key in self.waived else money
            if owed or key in self.billed:
                self.billed[key] = defaultdict(int, {terms: owed} if owed else {})
