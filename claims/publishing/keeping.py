"""What was made from a frozen version, kept as files: safe to lose, never wrong, shared by all processes of a machine.

A file's name is the hash of everything that it was made from, so that nothing in it can become outdated and nothing has
to be taken away when a report is corrected or withdrawn: which version stands is asked elsewhere, each time. A file that
was torn by a crash, or touched by somebody, is seen by the hash at its beginning and is as good as absent.
"""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

_DIGEST = 32


class KeptFiles:
    """A folder of such files; without a folder, or where it cannot be written, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def read(self, *key: object) -> bytes | None:
        """What was kept under this key; None where nothing is, or not whole."""
        if self.folder is None:
            return None
        path = self._path(key)
        try:
            stored = path.read_bytes()
            os.utime(path)  # asked for lately: the last to go when room is made
        except OSError:
            return None
        content = stored[_DIGEST:]
        return content if hashlib.sha256(content).digest() == stored[:_DIGEST] else None

    def write(self, content: bytes, *key: object) -> None:
        """Keep it, all or nothing; a full or read-only disk costs speed and nothing else."""
        if self.folder is None:
            return
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(content).digest() + content)
                os.replace(name, path)  # noqa: PTH105  # the pair of mkstemp
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise

    def trim(self, most_bytes: int) -> int:
        """Take away what was not asked for longest until the rest fits; how many files went."""
        if self.folder is None or not self.folder.is_dir():
            return 0
        found = []
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):
                seen = path.stat()
                found.append((seen.st_mtime, seen.st_size, path))
        size, gone = sum(row[1] for row in found), 0
        for _when, length, path in sorted(found):
            if size <= most_bytes:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                size -= length
                gone += 1
        return gone

    def _path(self, key: tuple[object, ...]) -> Path:
        assert self.folder is not None, "asked before"
        name = hashlib.sha256(repr(key).encode("utf-8")).hexdigest()
        return self.folder / name[:2] / name[2:]
