"""Secrets in text: obvious ones are blotted out; what stays readable is everything else.

Known forms only (credentials in a URL, an Authorization header, a named secret with its value, well-known
token prefixes, JSON web tokens, private keys): a password on its own cannot be told from a word.
"""

import re

BLOT = "[redacted]"

_NAMES = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|credentials?"
    r"|client[-_.]?secret|secret[-_.]?key|auth[-_.]?key|session[-_.]?key|encryption[-_.]?key|signing[-_.]?key)"
)
_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        BLOT,
    ),
    (re.compile(r"(\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@\"']*):[^\s@\"']+@", re.IGNORECASE), rf"\1:{BLOT}@"),
    (
        re.compile(
            r"(\b(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?:[a-z0-9._-]+ +)?)[^\s\"',;]+", re.IGNORECASE
        ),
        rf"\1{BLOT}",
    ),
    (re.compile(r"(\b(?:set-)?cookie[\"']?\s*:\s*)[^\r\n]+", re.IGNORECASE), rf"\1{BLOT}"),
    (re.compile(r"(\bbearer\s+)[a-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1{BLOT}"),
    (
        re.compile(
            rf"((?:\b|_|-){_NAMES}[\"']?\s*[:=]\s*)(?:{_QUOTED}|[^\s,;&\"')}}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{BLOT}",
    ),
    (re.compile(rf"(\bidentified\s+by\s+)(?:{_QUOTED})", re.IGNORECASE), rf"\1{BLOT}"),
    (re.compile(rf"(--{_NAMES}\s+)(?:{_QUOTED}|[^\s\"'-][^\s]*)", re.IGNORECASE), rf"\1{BLOT}"),
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"), BLOT),
    (re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,})"), BLOT),
    (re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{8,}"), BLOT),
    (re.compile(r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}"), BLOT),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*"), BLOT),
)
_NAMED = re.compile(rf"(?:^|[-_.]){_NAMES}$", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with what looks like a secret blotted out."""
    for form, blotted in _FORMS:
        text = form.sub(blotted, text)
    return text


def names_a_secret(name: str) -> bool:
    """Whether a value of this name is to be kept from sight."""
    return bool(_NAMED.search(name))
