"""The main job over the API: an article goes in, one claim is checked by one person, read by another, published.

EDITOR=plb_… CHECKER=plb_… READER=plb_… python -m client.example https://desk.example article.txt https://news.example/toll
"""

import os
import sys
import time
from pathlib import Path

from client.plumbline import Plumbline


# fmt: off
def main(site: str, path: str, url: str) -> str:
    editor, checker, reader = (Plumbline(site, os.environ[name]) for name in ("EDITOR", "CHECKER", "READER"))
    article = editor.articles_create({"text": Path(path).read_text(encoding="utf-8"), "url": url})
    while article["state"] in {"fetching", "extracting"}:
        time.sleep(0.2)
        article = editor.articles_get(article["id"])
    found = editor.claims_list_all(article=article["id"], status=["new"])
    claim = max(found, key=lambda claim: claim["worthiness"])
    pk, me = claim["id"], checker.people_me()["username"]
    moved = editor.claims_assign(pk, {"version": claim["version"], "assignee": me})
    moved = checker.claims_move(pk, {"version": moved["version"], "action": "start"})
    counts, minutes = "Counts of the port authority", "Minutes of the council"
    checker.claims_add_evidence(
        pk, {"title": counts, "url": "https://port.example/counts", "publisher": "Port", "stance": "undermines", "kind": "primary"})
    checker.claims_add_evidence(
        pk, {"title": minutes, "where": "City archive, folder 12", "publisher": "Council", "stance": "supports", "kind": "secondary"})
    checker.claims_save_verdict(pk, {
        "revision": 0, "level": "mostly_false", "headline": "It fell by less", "summary": "Counts show 27 per cent.",
        "reasoning": "The counts show less [1]. The minutes repeat the claim [2].", "why_checked": "It is quoted widely."})
    checker.claims_save_reply(pk, {"contacted": False, "not_contacted_reason": "public_record"})
    moved = checker.claims_move(pk, {"version": moved["version"], "action": "submit"})
    moved = reader.claims_move(pk, {"version": moved["version"], "action": "approve"})
    editor.claims_move(pk, {"version": moved["version"], "action": "publish"})
    return site + next(editor.reports_list_all())["url"]


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
