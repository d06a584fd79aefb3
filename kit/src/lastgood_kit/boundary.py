"""An error boundary: what was tried and with what, logged once, where the error is still near."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lastgood_kit import context

log = logging.getLogger("lastgood_kit.boundary")
_SEEN = "lastgood_kit: logged"


def is_logged(error: BaseException) -> bool:
    """Whether a boundary has logged it."""
    return _SEEN in getattr(error, "__notes__", ())


@contextmanager
def boundary(doing: str, **fields: Any) -> Iterator[None]:
    """Log an error of what is inside with its context, once however many boundaries it passes, and let it go on.

    The error carries the context as notes too, for whoever catches it.
    """
    with context.bound(**fields):
        try:
            yield
        except Exception as error:
            if not is_logged(error):
                log.exception("%s failed", doing)
                error.add_note(_SEEN)
            error.add_note(f"while: {doing}")
            raise
