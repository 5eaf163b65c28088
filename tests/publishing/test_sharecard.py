"""The share card: the verdict across the claim, nothing over the edge, small."""

import dataclasses
import hashlib
import io

import pytest
from PIL import Image, ImageDraw

from claims.publishing import sharecard, typesetting
from claims.publishing.document import ReportDocument
from tests.publishing import samples

LONG = (
    "In the last three years this administration has built more than 14,000 homes, cut waiting lists by 62 per "
    "cent, brought unemployment to its lowest level since 1974 and still lowered the municipal tax for every single "
    "household, something no other city in the country has ever done"
)
ARABIC = "أنفقت المدينة كل سنت من رسوم الميناء على الحافلات ولم يذهب شيء إلى أي إدارة أخرى"


def with_claim(words: str, **changes: object) -> ReportDocument:
    return samples.report(claim=dataclasses.replace(samples.CLAIM, quote=words, restated=""), **changes)


def drawn(document: ReportDocument) -> Image.Image:
    return Image.open(io.BytesIO(sharecard.render(document))).convert("RGB")


CARDS = {
    "plain": samples.report(),
    "corrected": samples.corrected(),
    "off scale": samples.off_scale(),
    "retracted": samples.retracted(),
    "280 characters": with_claim(LONG),
    "three times too long": with_claim(LONG * 3),
    "one word": with_claim("Never"),
    "one endless word": with_claim("Donaudampfschifffahrtsgesellschaft" * 6),
    "nothing": with_claim(""),
    "emoji": with_claim("Taxes fell \U0001f468\u200d\U0001f469\u200d\U0001f467 twice \U0001f600"),
    "right to left": with_claim(ARABIC, direction="rtl", language="ar"),
    "wide": with_claim("WWWW " * 56),
}


@pytest.mark.parametrize("name", sorted(CARDS))
def test_size_and_margins(name: str) -> None:
    data = sharecard.render(CARDS[name])
    assert len(data) < 300_000
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.size == (1200, 630)
    paper = image.getpixel((2, 2))
    band = range(292, 397)
    for x in (*range(56), *range(1144, 1200)):
        assert all(image.getpixel((x, y)) == paper for y in range(630) if y not in band), x
    for y in (*range(40), *range(523, 538), *range(610, 630)):
        assert all(image.getpixel((x, y)) == paper for x in range(1200)), y
    for y in (*range(284, 292), *range(397, 405)):
        assert all(image.getpixel((x, y)) == paper for x in range(1200)), f"touches the band at {y}"


def test_claim_of_280_characters_is_there_to_its_end() -> None:
    assert len(LONG) == 280
    heights = (292 - 20 - 112, 522 - 396 - 20)
    upper, lower = typesetting.fit(
        f"“{LONG}”", width=1072, heights=heights, sizes=range(60, 23, -2), bold=False
    )
    assert " ".join([*upper, *lower.lines]) == f"“{LONG}”"
    assert lower.font.size >= 28


def test_too_long_a_claim_ends_in_an_ellipsis() -> None:
    upper, lower = typesetting.fit(
        LONG * 5, width=1072, heights=(160, 106), sizes=range(60, 23, -2), bold=False
    )
    assert lower.lines[-1].endswith("\N{HORIZONTAL ELLIPSIS}")
    assert len(upper) * lower.leading <= 160
    assert len(lower.lines) * lower.leading <= 106


def word_mask(word: str) -> Image.Image:
    font = typesetting.font_for(word, 58, bold=True)
    mask = Image.new("L", (int(font.getlength(word)) + 1, 104), 0)
    ImageDraw.Draw(mask).text((0, 18), word, font=font, fill=255, anchor="la")
    return mask


def likeness(document: ReportDocument, word: str) -> float:
    """The share of the word's solid pixels that are white on the band of the card."""
    mask, card = word_mask(word), drawn(document).convert("L")
    solid = [(x, y) for x in range(mask.width) for y in range(104) if mask.getpixel((x, y)) == 255]
    white = [point for point in solid if int(str(card.getpixel((point[0] + 64, point[1] + 292)))) > 240]
    return len(white) / len(solid)


def test_the_word_of_the_verdict_runs_across_the_claim() -> None:
    assert likeness(samples.report(), "Mostly false") > 0.98
    assert likeness(samples.report(), "Mostly true") < 0.9
    assert likeness(samples.off_scale(), "Unproven") > 0.98
    assert likeness(samples.retracted(), "Withdrawn") > 0.98


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """The number of dark pixels in a box."""
    return sum(image.crop(box).histogram()[:128])


def test_words_of_the_claim_stand_on_both_sides_of_the_verdict() -> None:
    image = drawn(samples.report()).convert("L")
    assert ink(image, (64, 112, 1136, 284)) > 500
    assert ink(image, (64, 405, 1136, 522)) > 500


def test_colour_goes_with_the_verdict_and_off_the_scale_there_is_none() -> None:
    colours = [
        sharecard.colour(samples.report(verdict=dataclasses.replace(samples.MOSTLY_FALSE, position=position)))
        for position in range(1, 6)
    ]
    assert len(set(colours)) == 5
    assert sharecard.colour(samples.off_scale()) == sharecard.colour(samples.retracted()) not in colours


def test_right_to_left_is_mirrored() -> None:
    left = drawn(with_claim("Never again", direction="ltr")).convert("L")
    right = drawn(with_claim("Never again", direction="rtl")).convert("L")
    near, far = (64, 40, 500, 100), (700, 40, 1136, 100)
    assert ink(left, near) > ink(left, far)
    assert ink(right, near) < ink(right, far)


def test_name_changes_with_the_version_and_words_say_the_card() -> None:
    assert sharecard.filename(samples.report()) != sharecard.filename(samples.corrected())
    alt = sharecard.alt_text(samples.report())
    assert "Mostly false" in alt
    assert samples.CLAIM.stated in alt
    assert "Ilse Brandvoort" in alt


def test_vendored_fonts_are_those_of_the_checksums() -> None:
    lines = (typesetting.VENDORED / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}
    for name, digest in listed.items():
        assert hashlib.sha256((typesetting.VENDORED / name).read_bytes()).hexdigest() == digest
    assert {path.name for path in typesetting.VENDORED.iterdir()} == {*listed, "SHA256SUMS"}
