"""Two people press the same button at once: one of them moves the claim, the other is told that somebody was faster.

    python -m benchmarks.pairs [--engine sqlite|postgres] [--pairs 50] [--publish 500] [--channels web,api,admin]
                               [--only ACTION,…] [--rotate] [--break]

Every action of the workflow's table, through the web form, the API and the administration, against a real gunicorn
with four processes. Both requests of a pair wait at a barrier with their connections open. A pair is right when
exactly one answer is a success and the other a 409, and the claim's version rose by one. ``--break`` serves a build whose door
looks at the status and then saves: it must fail.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from benchmarks import harness

CHANNELS = ("web", "api", "admin")
CSRF = "a" * 32


@dataclass(frozen=True, slots=True)
class Contest:
    """One action of the table: the status it starts from, who presses, and what the form holds."""

    action: str
    status: str
    who: tuple[str, str]
    form: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """What one person shows at the door: a session for pages, a token for the API."""

    session: str
    token: str


def main() -> int:
    """Run and print; the exit status says whether every pair was right."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--pairs", type=int, default=50, help="for each action and channel")
    parser.add_argument("--publish", type=int, default=500, help="the same for publish")
    parser.add_argument("--channels", default=",".join(CHANNELS))
    parser.add_argument("--only", default="")
    parser.add_argument("--rotate", action="store_true", help="one channel for each action, in turns")
    parser.add_argument("--break", dest="broken", action="store_true")
    options = parser.parse_args()
    app = "tests.weak_door" if options.broken else "factcheck.wsgi"
    with (
        harness.desk(engine=options.engine, API_RATE_PERSON="1000000/min") as desk,
        harness.gunicorn(desk, app) as port,
    ):
        account = run(port, options)
    print(json.dumps(account, indent=2))
    return 0 if account["wrong"] == 0 and account["pairs"] > 0 else 1


def run(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """Every contest on every channel."""
    people, keys = desk_people()
    claims = fresh_claims(people["pia"])
    rows: dict[str, dict[str, int]] = {}
    wanted = set(filter(None, options.only.split(",")))
    channels = options.channels.split(",")
    for at, contest in enumerate(contests(people, claims)):
        if wanted and contest.action not in wanted:
            continue
        for channel in [channels[at % len(channels)]] if options.rotate else channels:
            count = options.publish if contest.action == "publish" else options.pairs
            seen = [_pair(port, channel, contest, next(claims), people, keys) for _ in range(count)]
            rows[f"{contest.action} ({channel})"] = {
                verdict: seen.count(verdict) for verdict in sorted(set(seen))
            }
            print(contest.action, channel, rows[f"{contest.action} ({channel})"], file=sys.stderr, flush=True)
    pairs = sum(sum(row.values()) for row in rows.values())
    return {
        "pairs": pairs,
        "wrong": pairs - sum(row.get("one success, one 409", 0) for row in rows.values()),
        "rows": rows,
    }


def contests(people: dict[str, Any], claims: Iterator[Any]) -> list[Contest]:
    """Every action of the table with two people who may both press it (or one person with two windows)."""
    from django.utils import timezone

    when = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    editors, readers = ("pia", "ruth"), ("tomas", "ines")
    checker = {"assignee": people["noor"].pk}
    why = {"reason": "Two pressed at once."}
    return [
        Contest("triage", "new", readers, {}),
        Contest("take", "triaged", readers, {}),
        Contest("assign", "triaged", editors, checker),
        Contest("reassign", "assigned", editors, {"assignee": people["ines"].pk, **why}),
        Contest("release", "assigned", ("noor", "noor"), why),
        Contest("start", "assigned", ("noor", "noor"), {}),
        Contest("submit", "written", ("noor", "noor"), {}),
        Contest("send_back", "in_review", readers, why),
        Contest("approve", "in_review", readers, {}),
        Contest("schedule", "approved", editors, {"publish_at": when}),
        Contest("unschedule", "scheduled", editors, {}),
        Contest("publish", "approved", editors, {}),
        Contest("open_correction", "published", editors, {"kind": "typo", **why}),
        Contest(
            "publish_correction", "correcting", ("tomas", "ruth"), {"public_note": "A letter was wrong."}
        ),
        Contest("cancel_correction", "correcting", editors, {}),
        Contest("propose_retraction", "published", editors, why),
        Contest("retract", "proposed", ("ruth", "tomas"), {"public_note": "The source was withdrawn."}),
        Contest("cancel_retraction", "proposed", editors, why),
        Contest("decline", "new", readers, {"decline_reason": "opinion", **why}),
        Contest("mark_duplicate", "new", readers, {"original": next(claims).pk}),
        Contest("hold", "triaged", editors, why),
        Contest("reopen", "on_hold", editors, why),
        Contest("undo", "accepted", ("tomas", "tomas"), {}),
    ]


# --- what is pressed ----------------------------------------------------------------------------------------------


def _pair(
    port: int, channel: str, contest: Contest, claim: Any, people: dict[str, Any], keys: dict[str, Key]
) -> str:
    """One pair on a fresh claim, in words."""
    from claims.models import Claim

    version = _bring(claim, contest.status, people)
    form = dict(contest.form)
    if channel == "api" and "assignee" in form:
        form["assignee"] = next(name for name, one in people.items() if one.pk == form["assignee"])
    barrier = threading.Barrier(2)
    answers: list[int] = [0, 0]

    def press(at: int) -> None:
        request = _request(channel, contest.action, claim.pk, version, form, keys[contest.who[at]])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.connect()
        barrier.wait(30)
        connection.request(*request)
        answers[at] = connection.getresponse().status
        connection.close()

    threads = [threading.Thread(target=press, args=(at,)) for at in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    rose = Claim.objects.values_list("version", flat=True).get(pk=claim.pk) - version
    won = sum(status in {200, 201, 302} for status in answers)
    if won == 1 and answers.count(409) == 1 and rose == 1:
        return "one success, one 409"
    return f"answers {sorted(answers)}, version rose by {rose}"


def _request(
    channel: str, action: str, pk: int, version: int, form: dict[str, Any], key: Key
) -> tuple[str, str, bytes, dict[str, str]]:
    if channel == "api":
        body = json.dumps({"action": action, "version": version, **form}).encode()
        headers = {"Authorization": f"Bearer {key.token}", "Content-Type": "application/json"}
        return "POST", f"/api/v1/claims/{pk}/transitions/", body, headers
    fields = {"csrfmiddlewaretoken": CSRF, **form}
    path = f"/desk/claims/{pk}/move/"
    if channel == "admin":
        path = f"/admin/claims/claim/{pk}/move/{action}/"
        fields |= {"confirmed": "yes", f"version_{pk}": version}
        if "publish_at" in form:
            day, hour = form["publish_at"].split(" ")
            fields |= {"publish_at_0": day, "publish_at_1": hour}
    else:
        fields |= {"action": action, "version": version}
    headers = {"Cookie": f"sessionid={key.session}; csrftoken={CSRF}"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    return "POST", path, urlencode(fields).encode(), headers


# --- the desk it happens on ---------------------------------------------------------------------------------------


def desk_people() -> tuple[dict[str, Any], dict[str, Key]]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from claims.domain import tokens
    from tests import factories

    SessionStore = import_module(settings.SESSION_ENGINE).SessionStore  # noqa: N806  # it is a class
    roles = {"pia": "editor", "ruth": "editor", "noor": "reviewer", "tomas": "reviewer", "ines": "reviewer"}
    people = {name: factories.person(name, role) for name, role in roles.items()}
    keys = {}
    for name, person in people.items():
        person.is_staff = person.is_superuser = True  # the administration is for them alone
        person.save()
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        keys[name] = Key(str(session.session_key), tokens.create(person, "pairs", scope="publish")[1])
    factories.pages()
    return people, keys


def fresh_claims(editor: Any) -> Iterator[Any]:
    """Claim after claim, each of other words."""
    from claims.domain import speakers
    from claims.domain.claims import add_claim
    from claims.models import Claim
    from tests import factories

    mayor = speakers.find_or_make("Lena Brandt")
    part = 0
    while True:
        part += 1
        lines = [
            f"Ferry {part}-{number} carried {number + 200 * part} people over the harbour in the year {1900 + number}."
            for number in range(1, 61)
        ]
        article = factories.article(editor, "\n\n".join(lines), title=f"Ferries, part {part}")
        for line in lines:
            found = Claim.objects.filter(article=article, text=line).first()
            claim = found or add_claim(article.pk, actor=editor, text=line)
            Claim.objects.filter(pk=claim.pk).update(speaker=mayor)
            claim.refresh_from_db()
            yield claim


def _bring(claim: Any, status: str, people: dict[str, Any]) -> int:
    """Walk the claim to where the contest starts; its version there."""
    from django.utils import timezone

    from claims.models import Claim
    from tests import factories

    who = {"editor": people["pia"], "checker": people["noor"], "reader": people["tomas"]}
    move = factories.move
    ways: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "scheduled": (
            "approved",
            lambda it: move(
                it, "schedule", people["pia"], payload={"publish_at": timezone.now() + timedelta(days=1)}
            ),
        ),
        "correcting": (
            "published",
            lambda it: move(
                it, "open_correction", people["pia"], reason="A letter.", payload={"kind": "typo"}
            ),
        ),
        "proposed": (
            "published",
            lambda it: move(it, "propose_retraction", people["pia"], reason="Withdrawn."),
        ),
        "on_hold": ("triaged", lambda it: move(it, "hold", people["pia"], reason="Later.")),
        "written": ("researching", lambda it: factories.fill(it, people["noor"])),
        "accepted": ("new", lambda it: move(it, "triage", people["tomas"])),
    }
    first, then = ways.get(status, (status, lambda it: it))
    then(factories.bring_to(first, claim, **who))
    return int(Claim.objects.values_list("version", flat=True).get(pk=claim.pk))


if __name__ == "__main__":
    raise SystemExit(main())
