"""Texts made to be slow: each about 100,000 characters that a careless pattern would chew on for minutes."""

from __future__ import annotations

SIZE = 100_000


def _repeat(piece: str) -> str:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


HOSTILE: dict[str, str] = {
    "one letter": _repeat("a"),
    "one capital": _repeat("A"),
    "capitalised words": _repeat("Aa "),
    "spaces": _repeat(" ") + "x",
    "line ends": _repeat("\n") + "x",
    "opening quotes": _repeat("“"),
    "straight quotes": _repeat('"'),
    "single quotes": _repeat("'"),
    "quotes and words": _repeat('"a '),
    "nested quotes": _repeat("“a ‘b "),
    "apostrophes": _repeat("'a"),
    "commas": _repeat("a, "),
    "said": _repeat("said "),
    "he said that": _repeat("he said that "),
    "name said comma": _repeat("Ann Lee said, "),
    "quote said name": _repeat('"A b," said Ann. '),
    "according to": _repeat("according to "),
    "and": _repeat("Ann and "),
    "full stops": _repeat("."),
    "initials": _repeat("A. "),
    "ellipses": _repeat("... "),
    "brackets": _repeat("(["),
    "image marks": _repeat("!["),
    "links": _repeat("[a]("),
    "less-than": _repeat("<"),
    "open tags": "<p>" + _repeat("<div class='"),
    "comments": "<p>" + _repeat("<!--"),
    "closing tags": "<p>" + _repeat("</p>"),
    "deep tags": _repeat("<div>"),
    "entities": _repeat("&amp;"),
    "broken entities": _repeat("&#"),
    "mojibake": _repeat("â€œ"),
    "dashes": _repeat("—a "),
    "colons": _repeat("A: b\n"),
    "that claim": _repeat("his claim that "),
    "titles": _repeat("President "),
    "possessives": _repeat("Ann's "),
    "who": _repeat("who "),
    "pipes": _repeat("| a "),
    "photo": _repeat("Photo: a "),
    "quote paragraphs": _repeat("“Aa bb cc\n\n"),
    "pronouns": _repeat("He said it. "),
    "many people": "".join(f"Ann Lee{chr(97 + n % 26)}{n} said it rose. " for n in range(4000))[:SIZE],
    "japanese": _repeat("「そうだ」と言った。"),
    "combining": _repeat("e\u0301"),
    "surrogates": _repeat("\ud800a "),
    "stars": _repeat("*a"),
    "dotted": _repeat("a.A"),
    "wrapped": _repeat("this is a line of sixty characters and it never ends here so\n"),
    "said the": _repeat('," said the a'),
}
