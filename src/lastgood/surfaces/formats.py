"""Formats: in which an answer can be written."""

from enum import StrEnum


class Output(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


class CardOutput(StrEnum):
    """How a sitrep is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
