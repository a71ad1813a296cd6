"""Separates the article from the junk on scraped web pages, labels every block, and says why."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypedDict, final

import pyarrow

__version__: str

class Limits(TypedDict, total=False):
    """What of one page is looked at. A page over one of them is cut there; over `record_bytes` it is an error row."""

    bytes: int
    """Bytes that are decoded; 16 MiB, at most 1 GiB."""
    elements: int
    """Elements that are opened; 400,000."""
    depth: int
    """Depth of open elements; 512, at least 16."""
    blocks: int
    """Blocks that are made; 100,000."""
    record_bytes: int
    """Bytes of a page that is looked at at all; 64 MiB."""

class Settings(TypedDict, total=False):
    """Kinds of spam that are looked for, and thresholds, each 0 to 1."""

    junk: Sequence[Literal["adult", "gambling", "scam", "seo"]]
    spam: float
    spam_outside: float
    spam_alone: float
    page: float
    page_surely: float
    doubt: float
    empty: float
    junk_page: float
    bad_page: float

@final
class Filter:
    """Judges pages. One Filter serves all threads, can be pickled, and never changes."""

    def __new__(
        cls,
        profile: Literal["precision", "balanced", "recall"] = "balanced",
        model: str | PathLike[str] | None = None,
        settings: Settings | Mapping[str, Any] | None = None,
        limits: Limits | Mapping[str, int] | None = None,
    ) -> Filter: ...
    def check(
        self, *, html: str | bytes | None = None, text: str | bytes | None = None, url: str | None = None
    ) -> dict[str, Any]:
        """The row of one page, as `pagesieve filter --blocks` writes it."""
    def filter_batch(
        self,
        batch: pyarrow.RecordBatch,
        *,
        html: str | None = None,
        text: str | None = None,
        url: str | None = None,
        id: str | None = None,
        keep: Sequence[str] = [],
        blocks: bool = True,
        threads: int = 1,
    ) -> pyarrow.RecordBatch:
        """A row for each row of the batch, in the same order: the kept columns, then those of `schema`."""
    def schema(
        self, *, blocks: bool = True, keep: pyarrow.Schema | Sequence[pyarrow.Field[Any]] = []
    ) -> pyarrow.Schema:
        """Names and types of the columns that `filter_batch` gives."""

def restored(version: str, state: Any, /) -> Filter:
    """The Filter of a pickle; `pickle` calls it."""
