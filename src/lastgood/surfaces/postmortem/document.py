"""What a postmortem is made of on paper: chapters of paragraphs, lists, tables and figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from lastgood.surfaces.charts import Chart


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; quiet where it is a remark about the document rather than the incident."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows under named columns; `strong` are the places of rows that matter most."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rows:
    """Evidence as it was kept: for a reader who has nothing but this document."""

    number: int
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int  # rows that are not shown
    query: str
    hash: str


Block = Paragraph | Bullets | Grid | Rows | Chart


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and what is under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole: facts for machines in front, for people in the head, and the chapters."""

    title: str
    front: Mapping[str, object]  # JSON values
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    source: str = "Every number and time is one of the record"
