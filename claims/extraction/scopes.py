"""Where reported words end when several attributions share a sentence."""

from __future__ import annotations

from .frame import SIBLING, Found, Frame
from .phrases import is_punctuation
from .tokens import QUOTE
from .types import Span

_DASHES = frozenset(("-", "–", "—", "--"))
# What opens a clause that hangs on another; "once" is as often a number of times.
_OPENING = frozenset(("after", "when", "while", "although", "though", "because", "since", "before"))
_OPENING_OFTEN = _OPENING | {"once"}


class Scopes(Frame):
    """Nests, closes and sets beside each other the attributions of one sentence."""

    def _scope(self) -> None:
        """Ends each complement where a later attribution of its own standing begins; then sets the spans."""
        low = self.low
        ordered = sorted(self.found, key=lambda item: item.cue_token)
        for position, item in enumerate(ordered):
            if item.right is None:
                continue
            for later in ordered[position + 1 :]:
                if self._resumes(item, later):
                    item.right = (item.right[0], later.cue_token - 1)
                    continue
                if (
                    later.sort == "noun"
                    or (later.first <= item.cue_token and later.left is None)
                    or later.content
                ):
                    continue
                end = self._closing(item, later)
                if end is not None and item.right[0] < end < item.right[1]:
                    item.right = (item.right[0], end)
        for item in ordered:
            if item.right is not None and item.left is None:
                self._within_subordinate(item)
        kept = []
        for item in ordered:
            if item.content:
                kept.append(item)
                continue
            spans: list[Span] = []
            for part in (item.left, item.right):
                if part is None:
                    continue
                begin, stop = part
                while (
                    stop > begin
                    and low[stop - 1] != QUOTE
                    and (
                        (is_punctuation(low[stop - 1]) and low[stop - 1] not in ")]%’'")
                        or low[stop - 1] in ("and", "but", "while")
                    )
                ):
                    stop -= 1
                while begin < stop and low[begin] in (",", ":", "—", "–", "-"):
                    begin += 1
                stop = self._aside_ends(item, begin, stop)
                if begin < stop:
                    spans.append(self.tokens.span(begin, stop - 1))
            if spans or item.colon:
                item.content = spans
                kept.append(item)
        self.found = self._unique(kept)

    def _aside_ends(self, item: Found, begin: int, stop: int) -> int:
        """Where reported words end that stand between dashes or brackets, or before "— a charge that …"."""
        low = self.low
        opened = 0 < item.first < self.stop and low[item.first - 1] in _DASHES
        for at in range(begin + 1, stop - 1):
            if low[at] in _DASHES and (opened or (low[at - 1] == QUOTE and low[at + 1] in ("a", "an"))):
                return at
        if stop > begin + 1 and low[stop - 1] == ")" and "(" not in low[begin:stop]:
            return stop - 1
        return stop

    def _resumes(self, item: Found, later: Found) -> bool:
        """ "X, who denied A, said B": the second verb of one subject, behind the comma that ends the aside."""
        at = later.cue_token - 1
        return (
            item.right is not None
            and later.left is None
            and not later.inherits
            and item.source is not None
            and later.source is not None
            and item.source[0] == later.source[0]
            and item.right[0] < at < item.right[1]
            and self.low[at] == ","
        )

    def _within_subordinate(self, item: Found) -> None:
        """ "After X said A, B happened": what X said ends at the comma."""
        low = self.low
        if item.right is None:
            return
        start = item.first - 1
        while start > 0 and low[start] not in ",;:" and low[start] != QUOTE:
            start -= 1
        opening = start if start == 0 else start + 1
        if opening >= item.first or low[opening] not in _OPENING_OFTEN:
            if item.first == 0 or low[item.first - 1] not in _OPENING:
                return
            if item.first - 1 != opening:
                return
        for k in range(item.cue_token + 1, item.right[1] - 2):
            ends = low[k] == "," or (low[k] == QUOTE and self.tokens.text[self.tokens.end[k] - 2] == ",")
            if ends and k >= item.right[0] and low[k + 1] not in ("who", "which", "and", "or", "but"):
                item.right = (item.right[0], k if low[k] == "," else k + 1)
                return

    def _closing(self, item: Found, later: Found) -> int | None:
        """The token where ``later`` ends the complement of ``item``; None where it is nested in it."""
        low = self.low
        first = later.first
        if item.right is None or (first < item.right[0] and later.left is None):
            return None
        if later.left is not None:
            # "X said A, according to Y": X's words end where Y's attribution begins.
            return later.left[1] if later.left[0] <= item.first and later.left[1] > item.right[0] else None
        before = low[first - 1] if first else ""
        if item.sort == "noun" and before == "," and later.sort == "say":
            return first - 1
        if later.inherits:
            if low[first] == ",":
                return first
            if low[first] in ("and", "but", "or"):
                return first
            if before in (",", "and", "but") or before == QUOTE:
                return first - 1 if before != QUOTE else first
            return None
        if low[item.right[0]] in {*_OPENING_OFTEN, "if"}:
            return None
        if before in SIBLING or before in ("as", "after", "when", "because", "where"):
            comma = first - 2
            if (comma >= 0 and low[comma] == ",") or (comma >= 0 and low[comma] == QUOTE):
                return comma if low[comma] == "," else first - 1
            return (
                first - 1
                if (before in ("but", "while") and later.sort in ("say", "about"))
                or (before == "and" and later.sort == "say")
                else None
            )
        if before in ";—–":
            return first - 1
        return None

    def _unique(self, items: list[Found]) -> list[Found]:
        """Without an attribution that another one makes superfluous ("According to X, "..." said Y")."""
        opening = next(
            (
                item
                for item in items
                if item.cue_token <= 1 and item.sort == "say" and self.low[item.cue_token] == "according"
            ),
            None,
        )
        if opening is not None:
            for item in items:
                # "According to X, "...," said Y": Y speaks; X is where it was read.
                if (
                    item is not opening
                    and item.content
                    and opening.content
                    and item.content[0][0] <= opening.cue[0]
                ):
                    ours = [span for span in item.content if span[0] <= opening.cue[0]]
                    begin = opening.content[0][0]
                    if begin < ours[0][1]:
                        item.content = [
                            (begin, ours[0][1]),
                            *[span for span in item.content if span not in ours],
                        ]
                        item.first = max(item.first, opening.cue_token)
                        items = [one for one in items if one is not opening]
                        break
        kept: list[Found] = []
        for item in items:
            twin = next((other for other in kept if other.content == item.content and item.content), None)
            if twin is not None:
                if self.tokens.text[slice(*twin.cue)].lower().startswith("according"):
                    kept.remove(twin)
                else:
                    continue
            kept.append(item)
        return kept
