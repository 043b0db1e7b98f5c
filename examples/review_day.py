"""A whole review day over HTTP: twelve submissions, papers, opinions, a meeting, decisions, and what comes out of it.

    python examples/review_day.py http://127.0.0.1:8000

It plays everybody in turn with the keys that ``sluice demo`` keeps (``--keys FILE`` names others) and files the twelve
examples as applications of its own: those that the demonstration has loaded stay where they are, and the day can be
played again. It needs nothing but ``requests`` and is meant to be read: how the service is asked is in
``review_client.py``, how its answers are told in ``review_papers.py``.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import requests
import review_papers
from review_client import Person, RefusedError, read_people

# Who must be there, by their roles.
NEEDED = {"officer": 2, "reviewer": 3, "secretary": 1, "chair": 1, "member": 5, "auditor": 1}
# How the seats vote on each example, the chair's first: Support, with Conditions, Defer, Oppose; R steps aside.
VOTES = {
    "A01": "SSSSSS",
    "A02": "SSSSCR",
    "A03": "CCCCSC",
    "A04": "OOOOOO",
    "A05": "CCCCCD",
    "A06": "DDDDDO",
    "A07": "CCCCCC",
    "A08": "DDDDDD",
    "A10": "OOOOOD",
    "A11": "DDDDCD",
    "A12": "SSSDDD",
}
CHOICES = {"S": "support", "C": "support_with_conditions", "D": "defer", "O": "oppose"}
CARRIED_OVER = "A09"


@dataclass
class Case:
    """An example on its way through the day: its number on the agenda, and the answer that brought its decision."""

    example: str
    title: str
    officer: Person
    id: str
    path: str
    n: int = 0
    decided: requests.Response | None = None


class Day:
    """The people, the cases, and the meeting."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.those = {role: [person for person in people if person.role == role] for role in NEEDED}
        self.secretary, self.chair, self.auditor = (self.those[role][0] for role in ("secretary", "chair", "auditor"))
        self.seats = [self.chair, *self.those["member"][:5]]
        self.cases: dict[str, Case] = {}
        self.meeting = ""

    def after(self, days: int) -> str:
        """Give a day some days from today, in the service's own time zone."""
        today = self.auditor.get(f"{self.cases['A01'].path}/evidence")["on"]
        return str(date.fromisoformat(today) + timedelta(days=days))

    def item(self, case: Case) -> str:
        """Say where a case is on the agenda."""
        return f"{self.meeting}/items/{case.n}"


def submit(day: Day) -> None:
    """Let two officers file the examples in turn."""
    for file, officer in zip(
        sorted(Path(__file__).parent.glob("a*.json")), cycle(day.those["officer"][:2]), strict=False
    ):
        example = json.loads(file.read_text(encoding="utf-8"))
        asked = {name: example[name] for name in ("applicant_name", "credit_code", "project_name", "facts")}
        answer = officer.post("/v1/applications", asked)
        name, title, path = file.stem[:3].upper(), example["name"]["en"], f"/v1/applications/{answer['id']}"
        day.cases[name] = Case(name, title, officer, answer["id"], path)
        say(f"{answer['number']}  {name} {title}: {answer['outcome']}")


def bring_papers(day: Day) -> None:
    """Attach what the rules want on paper, one paper for each grade, and have it looked at; one is refused."""
    reviewer, ruled = day.those["reviewer"][0], Counter[str]()
    for case in day.cases.values():
        wanted = defaultdict(list)
        for fact in case.officer.get(f"{case.path}/evidence")["backing"]:
            if fact["state"] == "missing":
                wanted[fact["needs"]].append(fact["fact"])
        for grade, facts in wanted.items():
            paper, version = attach(case, grade, facts)
            verb, body = "accept", {"reason": "The original was seen."}
            if (case.example, grade) == (CARRIED_OVER, "document"):
                verb, body = "refuse", {"reason": "The water balance is not signed."}
            ruled[reviewer.post(f"{paper}/{verb}", body, version)["state"]] += 1
    say(f"{ruled['accepted']} accepted, {ruled['refused']} refused: the water balance of {CARRIED_OVER} is not signed")


def attach(case: Case, grade: str, facts: Sequence[str]) -> tuple[str, int]:
    """Attach a paper, a file with fields beside it, and say where it is and in which version."""
    files = {"file": (f"{case.example}-{grade}.txt", f"{case.title}: {facts}\n".encode(), "text/plain")}
    said = {"grade": grade, "facts": ",".join(facts)}
    answer = case.officer.send("POST", f"{case.path}/evidence", data=said, files=files)
    return answer.headers["Location"], answer.json()["version"]


def hear_departments(day: Day) -> None:
    """Accept every case, ask three departments about it, and hear them; one keeps the meeting waiting on A08."""
    first, second, third = day.those["reviewer"][:3]
    week = {"departments": [first.department, second.department], "due_on": day.after(7)}
    tomorrow = {"department": third.department, "due_on": day.after(1)}
    for case in day.cases.values():
        first.post(f"{case.path}/accept", week, first.get(case.path)["version"])
        day.secretary.post(f"{case.path}/opinions/requests", tomorrow)
        for reviewer in (first, second) if case.example == "A08" else (first, second, third):
            reviewer.post(f"{case.path}/opinions", opinion(case.example))
    *_, asked = day.secretary.get(f"{day.cases['A08'].path}/opinions")["items"]
    say(f"{len(day.cases)} cases accepted, {first.department}, {second.department} and {third.department} asked")
    late = "late" if asked["late"] else "not late"
    say(f"A08: {asked['department']} is asked until {asked['due_on']} and has not answered: {late}")
    say("     Late begins the day after the due date, so a day that is played in one go cannot show it.")


def opinion(example: str) -> dict[str, object]:
    """Give what a department says."""
    if example in {"A04", "A10"}:
        return {"stance": "oppose", "reason": "Against the plan for the river."}
    if example in {"A03", "A05"}:
        return {"stance": "support_with_conditions", "reason": "Feasible.", "conditions": ["Water meters."]}
    return {"stance": "support", "reason": "Within the plan."}


def waive(day: Day) -> None:
    """Waive a gate of the zone's own; one of law is not waived by anybody."""
    why = {"owner": day.secretary.id, "reason": "A settlement agreement is being signed.", "expires_on": day.after(90)}
    law = {"application_id": day.cases["A08"].id, "gate": "water_quota", **why}
    say(f"A08, water_quota: {day.chair.refusal('/v1/waivers', law)}")
    own = {"application_id": day.cases["A06"].id, "gate": "fiscal_payback", **why}
    given = day.chair.post("/v1/waivers", own)
    say(f"A06, fiscal_payback: waived until {given['expires_on']}; it is still judged, and shown")


def call_meeting(day: Day) -> None:
    """Call a meeting of six seats, put all cases on its agenda, look at the scores, and open it."""
    seats = [{"person": seat.id, "chair": seat is day.chair} for seat in day.seats]
    asked = {
        "title": "Review day",
        "place": "Meeting room 3",
        "held_at": f"{day.after(0)}T12:00:00+08:00",
        "seats": seats,
    }
    day.meeting = f"/v1/meetings/{day.secretary.post('/v1/meetings', asked)['id']}"
    for case in day.cases.values():
        case.n = day.secretary.post(f"{day.meeting}/items", {"application": case.id})["n"]
    scores = day.chair.get(f"{day.meeting}/scores")
    best, said = scores["items"][0], ", ".join(f"{n} {outcome}" for outcome, n in scores["summary"]["outcomes"].items())
    say(f"{scores['summary']['count']} cases on the scores sheet: {said}; first is {best['number']}")
    version = day.secretary.get(day.meeting)["version"]
    opened = day.secretary.post(f"{day.meeting}/open", {"present": [seat.id for seat in day.seats]}, version)
    say(f"open, with {sum(seat['present'] for seat in opened['seats'])} of {len(seats)} seats present")


def decide(day: Day) -> None:
    """Vote on every case and decide it, but for the one that is carried over."""
    for case in day.cases.values():
        if case.example == "A04":
            override(day, case)
        if case.example != CARRIED_OVER:
            vote(day, case, VOTES[case.example])
            version = day.secretary.get(day.item(case))["version"]
            case.decided = day.secretary.send("POST", f"{day.item(case)}/decide", version, json=ruling(day, case))
            decision = case.decided.json()
            say(f"{case.example} {case.title}: {decision['outcome']} ({decision['tally']['because']})")


def override(day: Day, case: Case) -> None:
    """Try to support what a gate of law does not let through: not even all votes can."""
    vote(day, case, "SSSSSS")
    version = day.secretary.get(day.item(case))["version"]
    asked = {"override": True, "reason": "The figures are good."}
    said = day.secretary.refusal(f"{day.item(case)}/decide", asked, version)
    say(f"{case.example} {case.title}: all six support it. {said}")


def vote(day: Day, case: Case, votes: str) -> None:
    """Let the seats vote. Whoever is bound to the case steps aside before, and finds no such case from then on."""
    for seat, letter in zip(day.seats, votes, strict=True):
        if letter == "R":
            seat.post(f"{day.item(case)}/recusals", {"reason": "A relative works for the applicant."})
            say(f"{case.example} {case.title}: {seat.name} steps aside. {seat.refusal(case.path)}")
        else:
            seat.post(f"{day.item(case)}/votes", {"choice": CHOICES[letter]})


def ruling(day: Day, case: Case) -> dict[str, object]:
    """Add to the votes: a support with conditions takes the first two of the verified action plan."""
    if VOTES[case.example][0] != "C":
        return {}
    _, verified = day.secretary.get(f"{day.item(case)}/assessments")["items"]
    shown = {"owner": "the applicant", "evidence": "a measured report"}
    return {"conditions": [{"plan": entry["id"], **shown} for entry in verified["report"]["action_plan"][:2]]}


def close(day: Day) -> None:
    """Close the meeting; what is not decided is carried over, with a reason."""
    version = day.chair.get(day.meeting)["version"]
    day.chair.post(f"{day.meeting}/close", {"reason": "The water balance is not signed."}, version)
    case = day.cases[CARRIED_OVER]
    say(f"{case.example} {case.title}: carried over, {case.officer.get(case.path)['state']}")


def read_minutes(day: Day) -> None:
    """Print the minutes, from their JSON."""
    for line in review_papers.minutes(day.secretary.get(f"{day.meeting}/minutes")):
        say(line)


def read_letter(day: Day) -> None:
    """Print what the applicant of one case is told, as its officer reads it."""
    for line in review_papers.letter(day.cases["A08"].officer.get(f"{day.cases['A08'].path}/letter")):
        say(line)


def check_ledger(day: Day) -> None:
    """Ask how the ledger is, and prove the entry of one decision to the checkpoint that was signed over it."""
    health = day.auditor.get("/v1/ledger/health")
    say(f"{health['entries']} entries in the tree, {health['pending']} waiting, alarm: {health['alarm'] or 'none'}")
    case = day.cases["A12"]
    if case.decided is None or "proof" not in case.decided.links:
        say("no proof: this service has no key to sign with")
        return
    index = int(case.decided.headers["Sluice-Ledger-Index"])
    (read,) = day.auditor.get("/v1/ledger/entries", after=index - 1, limit=1)["items"]
    proven = review_papers.proven(read["entry"], day.auditor.send("GET", case.decided.links["proof"]["url"]).text)
    say(f"entry {proven.index}, {read['entry']['type']} of {case.example}, in the log {proven.origin}")
    say(f"{proven.hashes} hashes lead from it to the signed root: {'proven' if proven.holds else 'NOT PROVEN'}")


def summarise(day: Day) -> None:
    """Print what came of every case."""
    rows = [("", "project", "declared", "verified", "decided", "because")]
    for case in day.cases.values():
        item = day.auditor.get(day.item(case))
        decision = item["decision"] or {"outcome": "-", "tally": {"because": item["state"]}}
        assessed = (item["declared_outcome"], item["verified_outcome"])
        rows.append((case.example, case.title, *assessed, decision["outcome"], decision["tally"]["because"]))
    for line in review_papers.table(rows):
        say(line)


def say(line: str) -> None:
    """Print a line of a chapter."""
    print(f"  {line}".rstrip())


CHAPTERS = {
    "Two officers file twelve applications": submit,
    "Papers are attached and checked": bring_papers,
    "Departments are asked and heard": hear_departments,
    "A gate is waived": waive,
    "A meeting is called and opened": call_meeting,
    "Votes and decisions": decide,
    "The meeting is closed": close,
    "Minutes": read_minutes,
    "A letter": read_letter,
    "The ledger": check_ledger,
    "Summary": summarise,
}


def main() -> None:
    """Read who there is, and play the day with them."""
    reader = argparse.ArgumentParser(description="Play a whole review day over HTTP.")
    reader.add_argument("address", help="where the service answers, such as http://127.0.0.1:8000")
    reader.add_argument("--keys", type=Path, default=Path("var/demo-keys.json"), help="the people and their keys")
    asked = reader.parse_args()
    try:
        day = Day(read_people(asked.keys, asked.address, NEEDED))
        for title, chapter in CHAPTERS.items():
            print(f"\n{title}\n{'-' * len(title)}")
            chapter(day)
    except (RefusedError, LookupError) as error:
        sys.exit(str(error))
    except OSError as error:  # what requests raises is one, too
        sys.exit(
            f"{type(error).__name__}. Does {asked.address} answer (make run)? Is there {asked.keys} (sluice demo)?"
        )


if __name__ == "__main__":
    main()
