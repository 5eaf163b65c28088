"""The figures of insight as charts: which drawing, which title, which table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.domain.insight import Insight, Level, Verdicts
from claims.enums import ClaimStatus
from claims.web import charts, words
from claims.web.charts import Chart, Key, Table

SMALL = 30
MOST_NAMES = 40
_PLACES = ("false", "mostly-false", "half-true", "mostly-true", "true")


def every(found: Insight, *, names_too: bool) -> list[Chart]:
    """All charts in the order of the page; what single people did is for editors (``names_too``)."""
    made = [weekly(found), stays(found), queue(found), topics(found), outlets(found), speakers(found),
            agreement(found)]  # fmt: skip
    return [*made, *([load(found)] if names_too else []), balance(found)]


def hours(value: float) -> str:
    """``40 min``, ``27 h`` or ``6 days``."""
    if value < 1 / 60:
        return _("under a minute")
    if value < 1:
        return _("%(count)d min") % {"count": round(value * 60)}
    if value < 48:
        return _("%(count)d h") % {"count": round(value)}
    return ngettext("%(count)d day", "%(count)d days", round(value / 24)) % {"count": round(value / 24)}


def weekly(found: Insight) -> Chart:
    """Published each week, with what was sent back beside it."""
    weeks = found.weeks
    published, back = sum(week.published for week in weeks), sum(week.sent_back for week in weeks)
    decided = back + sum(week.approved for week in weeks)
    if published:
        best = max(weeks, key=lambda week: week.published)
        title = _("%(total)d reports published, most of them (%(count)d) in the week of %(day)s") % {
            "total": published, "count": best.published, "day": date_format(best.monday, "j M")
        }  # fmt: skip
        if published == best.published:
            title = ngettext(
                "%(count)d report published, in the week of %(day)s",
                "%(count)d reports published, all of them in the week of %(day)s",
                published,
            ) % {"count": published, "day": date_format(best.monday, "j M")}
    else:
        title = _("Nothing was published in this time")
    note = (
        _("%(back)d of %(all)d reviews ended with the claim sent back (%(share)d %%).")
        % {"back": back, "all": decided, "share": round(100 * back / decided)}
        if decided
        else _("No review ended in this time.")
    )
    marks, ticks = charts.columns(
        [
            (date_format(week.monday, "j M"), [(week.published, "plain"), (week.sent_back, "hatch")])
            for week in weeks
        ]
    )
    return Chart(
        "weeks", title,
        Table((_("Week from"), _("Submitted"), _("Sent back"), _("Approved"), _("Published")),
              [(week.monday.isoformat(), week.submitted, week.sent_back, week.approved, week.published) for week in weeks]),
        note=note, columns=marks if published or back else (), ticks=ticks, height=charts.COLUMNS_HIGH,
        keys=(Key("plain", _("published")), Key("hatch", _("sent back"))),
    )  # fmt: skip


def stays(found: Insight) -> Chart:
    """Time in each status: the middle value, and what the slowest tenth took at least."""
    rows = found.stays
    if rows:
        slow = max(rows, key=lambda stay: stay.middle)
        title = _("Claims stay longest in “%(status)s”: %(time)s") % {
            "status": _label(slow.status), "time": hours(slow.middle)
        }  # fmt: skip
    else:
        title = _("No claim moved in this time")
    made, height = charts.bars(
        [(_label(stay.status), hours(stay.middle), [(stay.middle, "plain")]) for stay in rows]
    )
    return Chart(
        "stays", title,
        Table((_("Status"), _("Claims that left it"), _("Hours, middle value"), _("Hours, slowest tenth at least")),
              [(_label(stay.status), stay.count, round(stay.middle, 1), round(stay.longest_tenth, 1)) for stay in rows]),
        note=_("Half of the claims took less than the middle value, half took more.") if rows else "",
        bars=made, height=height,
    )  # fmt: skip


AGE_LOOKS = ("age0", "age1", "age2", "age3", "age4")


def queue(found: Insight) -> Chart:
    """What waits now, by how long it has waited."""
    rows, names = found.queue, _ages()
    total = sum(row.count for row in rows)
    oldest = min((row for row in rows if row.oldest), key=lambda row: row.oldest, default=None)  # type: ignore[arg-type,return-value]  # filtered
    if oldest is not None and oldest.oldest is not None:
        title = ngettext(
            "%(count)d claim waits; it has been in “%(status)s” for %(time)s",
            "%(count)d claims wait; the oldest has been in “%(status)s” for %(time)s",
            total,
        ) % {"count": total, "status": _label(oldest.status), "time": words.ago_words(oldest.oldest)}
    else:
        title = _("No claim waits")
    made, height = charts.bars(
        [(_label(row.status), str(row.count), list(zip(row.by_age, AGE_LOOKS, strict=True))) for row in rows]
    )
    return Chart(
        "queue", title, Table((_("Status now"), *names), [(_label(row.status), *row.by_age) for row in rows]),
        note=_("As it is now, whatever time is chosen above.") if rows else "",
        bars=made, height=height, keys=tuple(Key(look, name) for look, name in zip(AGE_LOOKS, names, strict=True)) if rows else (),
    )  # fmt: skip


def _ages() -> list[str]:
    return [_("under a day"), _("1 to 3 days"), _("3 to 7 days"), _("7 to 30 days"), _("over 30 days")]


def topics(found: Insight) -> Chart:
    """Verdicts by topic."""
    return _verdicts(found, "topics", found.by_topic, _("Topic"), _("No topic"), _(
        "“%(name)s” was checked most: %(count)s"))  # fmt: skip


def outlets(found: Insight) -> Chart:
    """Verdicts by the outlet that printed the claims."""
    return _verdicts(found, "outlets", found.by_outlet, _("Outlet"), _("No outlet"), _(
        "Most claims came from “%(name)s”: %(count)s"))  # fmt: skip


def speakers(found: Insight) -> Chart:
    """Verdicts by speaker."""
    return _verdicts(found, "speakers", found.by_speaker, _("Speaker"), _("The article’s own voice"), _(
        "“%(name)s” was checked most: %(count)s"))  # fmt: skip


def _verdicts(
    found: Insight, name: str, groups: Sequence[Verdicts], what: str, unnamed: str, sentence: str
) -> Chart:
    present = {key for group in groups for key in group.counts}
    levels = [level for level in found.levels if level.key in present]
    named = [group for group in groups if group.name not in ("", "…")]
    if named:
        total = named[0].total
        title = sentence % {
            "name": charts.shorten(named[0].name, 60),
            "count": ngettext("%(count)d report", "%(count)d reports", total) % {"count": total},
        }  # fmt: skip
        title += _leading(named[0], levels)
    else:
        title = _("No report was published in this time") if not groups else unnamed
    made, height = charts.bars(
        [(_group(group, unnamed), str(group.total), _stretches(group, levels)) for group in groups]
    )
    return Chart(
        name, title,
        Table((what, *(level.word for level in levels), _("All")),
              [(_group(group, unnamed), *(group.counts.get(level.key, 0) for level in levels), group.total) for group in groups]),
        bars=made, height=height, keys=_keys(levels),
        note=_("Reports published in this time that stand now. What a desk checks is its choice: these counts rate nobody.") if groups else "",
    )  # fmt: skip


def _leading(group: Verdicts, levels: Sequence[Level]) -> str:
    """The verdict that stands out, where one does."""
    counts = sorted(group.counts.values(), reverse=True)
    if counts[0] < 2 or (len(counts) > 1 and counts[0] == counts[1]):
        return ""
    key = max(group.counts, key=lambda found: group.counts[found])
    word = next((level.word for level in levels if level.key == key), key)
    return _(", %(part)d of them %(word)s") % {"part": counts[0], "word": word}


def _stretches(group: Verdicts, levels: Sequence[Level]) -> list[tuple[float, str]]:
    """The verdicts in the order of the scale; those off it are one stretch, as no order tells them apart."""
    on = [(float(group.counts.get(level.key, 0)), look(level)) for level in levels if level.place is not None]
    off = sum(group.counts.get(level.key, 0) for level in levels if level.place is None)
    return [*on, (float(off), "v-off")]


def _keys(levels: Sequence[Level]) -> tuple[Key, ...]:
    on = [Key(look(level), level.word) for level in levels if level.place is not None]
    return (
        *on,
        *([Key("v-off", _("off the scale"))] if any(level.place is None for level in levels) else []),
    )


def _group(group: Verdicts, unnamed: str) -> str:
    return {"": unnamed, "…": _("All others")}.get(group.name, group.name)


def look(level: Level) -> str:
    """The pattern of a rating: by its place on its scale, plain outline off it."""
    if level.place is None:
        return "v-off"
    return f"v-{_PLACES[round(level.place * (len(_PLACES) - 1))]}"


def agreement(found: Insight) -> Chart:
    """Agreement of blind second ratings."""
    one = found.agreement
    head = (_("Checker"), _("Second reader"), _("Claims"))
    rows = [
        (first, second, number)
        for (first, second), number in sorted(one.pairs.items(), key=lambda pair: -pair[1])
    ]
    if not one.count:
        return Chart(
            "agreement", _("No second ratings are recorded in this time"), Table(head, []),
            note=_("Second readers rate before they see the first verdict where the desk's settings ask for it."),
        )  # fmt: skip
    title = ngettext(
        "Second readers chose the same rating in %(same)d of %(count)d case",
        "Second readers chose the same rating in %(same)d of %(count)d cases",
        one.count,
    ) % {"same": one.same, "count": one.count}
    if one.kappa is None:
        note = _("Only one rating was used, so there is nothing to compare with chance.")
    else:
        note = _("Cohen's kappa %(kappa).2f: 0 is what chance alone would bring, 1 is full agreement.") % {"kappa": one.kappa}  # fmt: skip
    if one.count < SMALL:
        note += " " + _("So few cases that the next ones may change it much.")
    made, height = charts.bars(
        [(_("Same rating"), str(one.same), [(one.same, "plain")]),
         (_("Another rating"), str(one.count - one.same), [(one.count - one.same, "hatch")])]
    )  # fmt: skip
    return Chart("agreement", title, Table(head, rows), note=note, bars=made, height=height)


def balance(found: Insight) -> Chart:
    """Counts by speaker, as a table alone: shown, never scored."""
    rows = [(one.name, one.found, one.declined, one.published) for one in found.balance]
    title = (
        ngettext("Whose claims were found and checked: %(count)d speaker", "Whose claims were found and checked: %(count)d speakers",
                 len(rows)) % {"count": len(rows)}
        if rows
        else _("No claim by a named speaker was found in this time")
    )  # fmt: skip
    return Chart(
        "balance", title, Table((_("Speaker"), _("Claims found"), _("Declined"), _("Published")), rows), open=True, wide=True,
        note=_("Counts of claims found in this time, the most first, and where they stand now. There is no right number for anybody: who speaks more is checked more, and no score is made of it."),
    )  # fmt: skip


def load(found: Insight) -> Chart:
    """What lies on whose table, by name; work done stands in the table only."""
    rows = sorted(found.people, key=lambda one: one.name.casefold())
    full = [one for one in rows if one.load >= one.most]
    total = sum(one.load for one in rows)
    if full:
        title = ngettext("%(count)d person has as many claims as they take", "%(count)d people have as many claims as they take",
                         len(full)) % {"count": len(full)}  # fmt: skip
    else:
        title = ngettext("%(count)d claim is on people's tables, nobody has too many",
                         "%(count)d claims are on people's tables, nobody has too many", total) % {"count": total}  # fmt: skip
    made, height = charts.bars(
        [(one.name, _("%(load)d of %(most)d") % {"load": one.load, "most": one.most},
          [(one.load, "hatch" if one.load >= one.most else "plain")]) for one in rows[:MOST_NAMES]],
        most=max((max(one.most, one.load) for one in rows), default=0),
    )  # fmt: skip
    return Chart(
        "load", title,
        Table((_("Person"), _("Claims now"), _("Takes up to"), _("Submitted in this time"), _("Reviewed in this time")),
              [(one.name, one.load, one.most, one.submitted, one.reviewed) for one in rows]),
        bars=made if total else (), height=height, keys=(Key("hatch", _("as many as they take")),) if full else (),
        note=_("Only editors see this. Claims differ in the work they ask for, so numbers alone say little."),
    )  # fmt: skip


def _label(status: str) -> str:
    return str(ClaimStatus(status).label)


BY_NAME: dict[str, Callable[[Insight], Chart]] = {
    "weeks": weekly, "stays": stays, "queue": queue, "topics": topics, "outlets": outlets, "speakers": speakers,
    "agreement": agreement, "balance": balance, "load": load,
}  # fmt: skip
