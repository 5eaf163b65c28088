"""Claims, quotations and their speakers, pulled out of an article.

Pure Python: no Django, no network, no model download. The door is ``extract``.
"""

from .document import extract
from .types import Dropped, Extraction, Statement

__all__ = ["Dropped", "Extraction", "Statement", "extract"]
