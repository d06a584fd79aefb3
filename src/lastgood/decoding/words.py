"""Words of the field in their many spellings: span kinds, statuses, truth, kinds of change."""

from functools import lru_cache

_KINDS = ("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer")
_ERRORS = frozenset(["error", "err", "failed", "failure", "fault", "2"])
_FINE = frozenset(["ok", "success", "succeeded", "1"])
_TRUE = frozenset(["true", "t", "yes", "y", "1"])


@lru_cache(1024)
def span_kind(text: str) -> str:
    """OpenTelemetry's span kind: a name with or without SPAN_KIND_, or its number."""
    word = text.strip().removeprefix("SPAN_KIND_").capitalize()
    if word in _KINDS:
        return word
    return (
        _KINDS[int(word)] if word.isdecimal() and len(word) < 3 and int(word) < len(_KINDS) else "Unspecified"
    )


@lru_cache(1024)
def status_code(text: str) -> str:
    """OpenTelemetry's span status: a name with or without STATUS_CODE_, or its number."""
    word = text.strip().lower().removeprefix("status_code_")
    if word in _ERRORS:
        return "Error"
    return "Ok" if word in _FINE else "Unset"


def truth(text: str) -> bool:
    """Whether a text says yes."""
    return text.strip().lower() in _TRUE
