"""Debug lines of structlog, for some."""

import io
import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from lastgood_kit import context, logs
from lastgood_kit.changes import Change
from lastgood_kit.structured import debug_filter
from lastgood_kit.verbose import Verbose, Whom


def test_structlog_is_filtered_alike() -> None:
    """Debug lines of the user meant, without secrets in their text, as many as are allowed; errors always."""
    written, reported = list[dict[str, object]](), list[Change]()

    def last(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        written.append(dict(event))
        raise structlog.DropEvent

    handler = logs.set_up("payments", "v2", stream=io.StringIO())
    verbose = Verbose(handler, reported.append)
    logger = structlog.wrap_logger(
        None, processors=[debug_filter(verbose), last], wrapper_class=structlog.BoundLogger
    )
    logger.debug("before")
    verbose.begin(Whom(frozenset(["u1"])), lines=1)
    for user in ("u1", "u2", "u1"):
        with context.bound(**{"user.id": user}):
            logger.debug("secret=s1", who=user, paid={"with": "4111 1111 1111 1111", "token": "t1"})
    logger.error("failed")
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)

    paid = {"with": "[redacted]", "token": "[redacted]"}
    assert [{"event": "secret=[redacted]", "who": "u1", "paid": paid}, {"event": "failed"}] == written
    assert ["on", "off"] == [change.state for change in reported]
