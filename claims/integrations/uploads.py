"""Is an uploaded file what its name says, and what can be read of it?

The kind is decided by the content. A file whose name promises another kind is refused: whoever opens it later would
be surprised. A scan or a picture has no text, and is kept all the same.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import PurePath

from PIL import Image, UnidentifiedImageError

from claims.integrations import errors
from claims.integrations.article import read_document, sniff
from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "text": "text/plain",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
_NAMES = {
    "pdf": "pdf", "docx": "docx", "html": "html", "htm": "html", "txt": "text", "png": "png", "jpg": "jpeg",
    "jpeg": "jpeg",
}  # fmt: skip
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
MOST_PIXELS = 100_000_000


class NamedWrongly(errors.DocumentError):
    sentence = _("The file is called .%(name)s, but that is not what is in it. Choose the right file.")
    code = "named_wrongly"


class NotAPicture(errors.DocumentError):
    sentence = _("This picture is damaged or too large to be read. Choose another file.")
    code = "not_a_picture"


@dataclass(frozen=True)
class Upload:
    """A file that passed. ``text`` is empty, and ``warnings`` say so, where nothing can be read in it."""

    kind: str
    content_type: str
    title: str = ""
    publisher: str = ""
    text: str = ""
    warnings: tuple[str, ...] = ()


def check(content: bytes, name: str, declared: str = "") -> Upload:
    """What the file holds.

    Raises:
        DocumentError: empty, too large, damaged, locked, of a kind we do not keep, or not what its name says.
    """
    picture = next((kind for mark, kind in _PICTURES.items() if content.startswith(mark)), "")
    if picture:
        _check_picture(content, picture)
        _check_name(name, picture)
        return Upload(picture, _TYPES[picture], warnings=(say(_("A picture: its text cannot be searched.")),))
    kind = sniff(content, name, declared) if content.strip(b"\0 \t\r\n") else ""
    if not kind:
        raise errors.EmptyDocument
    _check_name(name, kind)
    try:
        document = read_document(content, name, declared)
    except errors.ScannedPdf:
        return Upload(kind, _TYPES[kind], warnings=(say(_("A scan: its text cannot be searched.")),))
    title = "" if document.title == PurePath(name).stem else document.title
    return Upload(kind, _TYPES[kind], title, document.outlet, document.text, document.warnings)


def _check_name(name: str, kind: str) -> None:
    ending = PurePath(name).suffix.lstrip(".").lower()
    promised = _NAMES.get(ending)
    if promised is not None and promised != kind and {promised, kind} != {"text", "html"}:
        raise NamedWrongly(name=ending)


def _check_picture(content: bytes, kind: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise NotAPicture
                picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NotAPicture from None
