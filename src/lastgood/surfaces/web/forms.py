"""Forms: the fields that a page sends, as text of a bounded length."""

from starlette.requests import Request

from lastgood.errors import UsageError
from lastgood.model import figures

LONGEST_FIELD = 8_000  # characters
LONGEST_NUMBER = 9  # digits


async def field(request: Request, name: str, longest: int = LONGEST_FIELD) -> str:
    """A field without the space around it; empty where it was not sent.

    Raises:
        UsageError: it is longer than allowed.
    """
    text = str((await request.form(max_files=0, max_fields=50)).get(name) or "").strip()
    if len(text) > longest:
        raise UsageError(f"“{name}” has more than {figures.count(longest)} characters.", hint="Shorten it.")
    return text


def number_or_none(text: str) -> int | None:
    """A number that was sent; None for anything else, and for one larger than any that is kept."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
