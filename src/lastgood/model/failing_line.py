"""A log line that reports a failure: by its level, or where it has none by its words."""

FAILURE_WORDS = (
    "error", "exception", "fail", "fatal", "panic", "timed out", "timeout", "refused", "traceback",
)  # fmt: skip


def reports_failure(level: str, text: str) -> bool:
    """Whether a line of this level does: error or above, or one of the words in a line without a level."""
    if level:
        return level in {"error", "fatal"}
    folded = text.lower()
    return any(word in folded for word in FAILURE_WORDS)
