"""The server's own log: one JSON object a line on standard error, with a trace id. Secrets never come here."""

import json
import sys
from contextvars import ContextVar
from typing import TextIO

from lastgood.model import figures
from lastgood.model.clock import Clock

TRACE: ContextVar[str] = ContextVar("trace", default="")  # of the request that is being answered


class Log:
    """Writes lines."""

    def __init__(self, clock: Clock, stream: TextIO | None = None) -> None:
        self._clock = clock
        self._stream = stream or sys.stderr

    def say(self, event: str, **values: object) -> None:
        """One line about what happened."""
        trace = TRACE.get()
        line = {"time": figures.stamp(self._clock()), "event": event, **values}
        if trace:
            line["trace_id"] = trace
        self._stream.write(json.dumps(line, ensure_ascii=True, default=str) + "\n")
        self._stream.flush()
