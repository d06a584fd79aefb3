"""Debug logging for some, with structlog whose loggers are not the standard library's."""

import logging
from collections.abc import Callable, MutableMapping
from typing import Any

from structlog import DropEvent

from lastgood_kit.logs import fields_without_secrets, without_secrets
from lastgood_kit.verbose import Verbose

_LEVELS = {
    **{name.lower(): level for name, level in logging.getLevelNamesMapping().items()}, "exception": logging.ERROR
}  # fmt: skip
Processor = Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]


def debug_filter(verbose: Verbose) -> Processor:
    """A processor, before the one that renders: lines below the usual level are written for those who are meant."""

    def processor(_: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        match verbose.lets(_LEVELS.get(method, logging.INFO)):
            case None:
                return event
            case True:
                return {
                    **fields_without_secrets(event),
                    "event": without_secrets(str(event.get("event", ""))),
                }
            case _:
                raise DropEvent

    return processor
