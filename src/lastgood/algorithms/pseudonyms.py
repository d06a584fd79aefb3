"""Pseudonyms: personal data and secrets in stored text, each replaced by its kind and a keyed token.

`email:7f3a9c01d2e44b10` is the start of an HMAC-SHA-256 of the value under a key of the store: equal values stay equal, so
people can be counted and followed, and without the key no value can be tested. `algorithms/redaction.py` is for text that
leaves: it takes out more. Here a value is replaced only if its form is certain, because what is stored is searched and counted:
card numbers by length and first digits of their scheme (ISO/IEC 7812) and the check digit after Luhn, IBANs by the length of their country and
their check digits (ISO 13616), e-mail addresses with a top-level domain that is not the ending of a file.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from lastgood.algorithms import secrets
from lastgood.algorithms.mail_addresses import is_address, local_part, written_out
from lastgood.algorithms.redaction import is_iban, luhn_holds
from lastgood.model.redaction import Redacted

_BLOCK = 64  # bytes, of SHA-256
DIGITS = 16  # hexadecimal, of a token
_REMEMBERED = 200_000  # values whose token is kept
_HOST = re.compile(
    r"(?=[^.]{0,63}[A-Za-z-]|\d+\.[A-Za-z])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.)+[A-Za-z]{2,24}(?![\w-])"
)
_AT, _SIGN = re.compile("@"), re.compile(r"@|%40")
# Characters of the part before the sign (RFC 5321), and of what is before that.
_LONGEST_LOCAL, _NEAR = 64, 256
_USERINFO = re.compile(r"://[^\s/@]*$")
_INSIDE = frozenset("/:%")  # what stands before the name of a user in a URL
_TAKEN = re.compile(
    rf"\[(?:redacted|[a-z -]+)\]|(?:{'|'.join(Redacted)}):[0-9a-f]{{{DIGITS}}}|[*x•.…<>\[\](){{}}-]+",
    re.IGNORECASE,
)
_OURS = re.compile(rf"[0-9a-f]{{{DIGITS}}}(?![0-9a-f])")
_NOTHING = frozenset(
    "null none nil true false undefined empty missing required invalid expired unset yes no basic bearer digest".split()
)
_LENGTHS = {
    each[:2]: int(each[2:])
    for each in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 "
        "GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
        "MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 "
        "VA22 VG24 XK20"
    ).split()
}  # of IBANs, by country: the registry of ISO 13616
_SCHEME = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14}(?:\d{3})?"
)
_OF_ID = re.compile(
    r"(?:id|ids|uuid|trace|span|hash|offset|seq|sequence|nanos?|order)[\"'`]?\s*[:=#]?\s*[\"'`]?$",
    re.IGNORECASE,
)
_NAMES_ID = re.compile(
    r"(?i:(?:^|[._-])(?:ids?|uuid|guid|trace|span|hash|offset|sequence|seq|nanos?|timestamp))$|[a-z](?:Id|ID|Ids)$"
)
_NAMES_SECRET = re.compile(r"(?:^|[._-])(?:authorization|cookie|x-api-key|x-auth-token)$", re.IGNORECASE)
_PASS = re.compile("pass|pwd", re.IGNORECASE)
_WORD = re.compile(r"[^\W\dA-Z_]+[.!?]?")
_SHORTEST = 4  # characters of a secret under its own name
_ROUNDS = 4
_TOKEN, _SURE_TOKEN = 8, 20  # of one after its name: with a digit, and without
_DIGIT, _LIKE_TOKEN = re.compile(r"\d"), re.compile(r"[\w.~+/=:|%-]+")
_BETWEEN = "\n\0\n"  # texts that are looked through at once: no form reaches over it, but for private keys

Found = Callable[[re.Match[str], "Pseudonyms"], str]
# In each text the place of the first match of an expression of RE2; -1: none.
Find = Callable[[Sequence[str], str], Sequence[int]]


class Form(NamedTuple):
    """What one kind looks like: RE2's quick test, and the expression whose matches are replaced."""

    kind: Redacted
    quick: str
    exact: re.Pattern[str]
    replaced: Found
    in_code: bool = False  # certain enough for a diff


def _whole(kind: Redacted) -> Found:
    return lambda match, of: of.token(kind, match[0])


def _behind(kind: Redacted) -> Found:
    """The value behind the user of a URL or an option of a command, whatever it is."""

    def replaced(match: re.Match[str], of: "Pseudonyms") -> str:
        name, joint, value = match.group("name", "joint", "value")
        return match[0] if _TAKEN.fullmatch(value) else name + joint + of.token(kind, value)

    return replaced


def _named(kind: Redacted) -> Found:
    """The value after a name such as `password=`: any value, but for words of a sentence, and of a token one that looks like it."""

    def replaced(match: re.Match[str], of: "Pseudonyms") -> str:
        name, joint, value = match.group("name", "joint", "value")
        said = (":" in joint and '"' not in joint) or not joint.strip()  # rather than set
        word = said and all(map(_WORD.fullmatch, value.split()))
        sure = len(value) >= _SURE_TOKEN or (len(value) >= _TOKEN and _DIGIT.search(value))
        unlike = kind is Redacted.TOKEN and not (sure and _LIKE_TOKEN.fullmatch(value))
        ours = (joint == ":" and _OURS.match(value)) or _TAKEN.fullmatch(value)
        if word or unlike or ours or value.lower() in _NOTHING:
            return match[0]
        return name + joint + of.token(kind, value)

    return replaced


# Before the value: quotes that a text within a text escapes, `=>` of Ruby and PHP, and `=` as forms send it.
_JOINT = r"(?:\\{0,4}[\"']|%22)?\s{0,3}(?:=>|[:=" + "\uff1a" + r"]|%3D|%3A)\s{0,3}(?:\\{0,4}[\"']|%22)?"
_SCHEMES = r"(?:(?:bearer|basic|token|apikey|negotiate)\s+)?"
_PLAIN, _ESCAPE = r"[^\s\"',;&)}\]\\]", r"\\(?![\"'])"
_QUOTED = r"(?:(?<=\")[^\"\\\n]{3,200}(?=\\{0,4}\")|(?<=')[^'\\\n]{3,200}(?=\\{0,4}'))|"
_VALUE = rf"(?=(?:{_PLAIN}|{_ESCAPE}){{3}})(?:{_PLAIN}++|{_ESCAPE})++"


def _by_name(kind: Redacted, names: str) -> Iterator[Form]:
    """The value after `name=`, of an option `--name`, and of an element `<name>`."""
    quoted, least = (_QUOTED, 1) if kind is Redacted.PASSWORD else ("", 3)
    value = rf"[^\s\"',;&)}}\]]{{{least}}}"
    yield Form(
        kind,
        rf"(?i)(?:{names}){_JOINT}{value}",
        re.compile(
            rf"(?P<name>{names})(?P<joint>{_JOINT}{_SCHEMES})(?P<value>{quoted}{_VALUE})",
            re.IGNORECASE,
        ),
        _named(kind),
    )
    yield Form(
        kind,
        rf"(?i)--[\w-]{{0,30}}(?:{names})\s+[\"']?{value}",
        re.compile(
            rf"(?P<name>(?<![\w-])--[\w-]{{0,30}}(?:{names}))(?P<joint>\s{{1,3}}[\"']?)(?P<value>{quoted}(?!-){_VALUE})",
            re.IGNORECASE,
        ),
        _named(kind),
    )
    yield from _in_pairs(kind, names)
    yield Form(
        kind,
        rf"(?i)(?:{names})(?:\s[^<>]{{0,80}})?>[^<>\s]{{3}}",
        re.compile(
            rf"(?P<name>{names})(?P<joint>(?:\s[^<>]{{0,80}})?>)(?P<value>[^<>\s]{{3,}})(?=</)",
            re.IGNORECASE,
        ),
        _named(kind),
    )


def _in_pairs(kind: Redacted, names: str) -> Iterator[Form]:
    """The value of an object that has its name as another member, before or after it."""
    quote = r"\\{0,4}[\"']"
    yield Form(
        kind,
        rf"(?i)(?:{names}){quote}?\s*,?\s*{quote}?value[\\\"']*\s*[:=]",
        re.compile(
            rf"(?P<name>(?:{names}){quote}?\s{{0,20}},?\s{{0,20}}{quote}?value)"
            rf"(?P<joint>{_JOINT}(?:\{{\s{{0,3}}{quote}stringValue{_JOINT})?)(?P<value>{_VALUE})",
            re.IGNORECASE,
        ),
        _named(kind),
    )
    yield Form(
        kind,
        rf"(?i)value{quote}\s*:\s*{quote}[^\s\"'\\]{{3}}[^\s\"'\\]*{quote}\s*,\s*{quote}(?:name|key){quote}\s*:\s*{quote}[\w.-]*(?:{names}){quote}",
        re.compile(
            rf"(?P<name>value{quote})(?P<joint>\s{{0,3}}:\s{{0,3}}{quote})(?P<value>[^\s\"'\\]{{3,}})"
            rf"(?={quote}\s{{0,20}},\s{{0,20}}{quote}(?:name|key){quote}\s{{0,3}}:\s{{0,3}}{quote}[\w.-]{{0,40}}(?:{names}){quote})",
            re.IGNORECASE,
        ),
        _named(kind),
    )


def _card(match: re.Match[str], of: "Pseudonyms") -> str:
    digits = re.sub(r"[ -]", "", match[0])
    before = match.string[max(0, match.start() - 24) : match.start()]
    sure = _SCHEME.fullmatch(digits) and luhn_holds(digits) and not _OF_ID.search(before)
    return of.token(Redacted.CARD, digits) if sure else match[0]


def _iban(match: re.Match[str], of: "Pseudonyms") -> str:
    """An account number; where words in capitals follow, only as long as its country's are."""
    long = _LENGTHS.get(match[0][:2], 0)
    taken, count = 0, 0
    while taken < len(match[0]) and count < long:
        count += match[0][taken] != " "
        taken += 1
    value, rest = match[0][:taken], match[0][taken:]
    bare = value.replace(" ", "")
    sure = len(bare) == long and not rest[:1].strip() and is_iban(bare)
    return of.token(Redacted.IBAN, bare) + rest if sure else match[0]


VALUE_FORMS: tuple[Form, ...] = (
    Form(
        Redacted.KEY, "-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----", re.compile(secrets.PRIVATE_KEY, re.DOTALL), _whole(Redacted.KEY), in_code=True,
    ),
    Form(
        Redacted.PASSWORD, r"://[^\s/@:\"']*:[^\s/@\"']+@",
        re.compile(r"(?<=://)(?P<name>[^\s/@:\"']*)(?P<joint>:)(?P<value>[^\s/\"']+)(?=@)"), _behind(Redacted.PASSWORD), in_code=True,
    ),
    Form(
        Redacted.TOKEN,
        r"\beyJ[\w-]{8}|whsec_|gh[pousr]_\w|github_pat_|glpat-|xox[abeoprs]-|[srp]k_(?:live|test)_|\bsk-[\w-]{20}|A[KS]IA[A-Z0-9]{16}|AIza[\w-]{30}|npm_\w{30}|dop_v1_|\bSG\.[\w-]{16}"
        r"|hooks\.slack\.com/services/\w|\bhf_\w{30}|dckr_pat_|glsa_\w|shp(?:at|ss|ca)_\w|\bpypi-[\w-]{16}|xapp-\d-|\bya29\.[\w-]{16}",
        re.compile(secrets.MARKED), _whole(Redacted.TOKEN), in_code=True,
    ),
    Form(Redacted.TOKEN, r"://[\w.~-]{20,}(?::[^\s/@\"']*)?@", re.compile(secrets.USER), _whole(Redacted.TOKEN), in_code=True),
    Form(
        Redacted.TOKEN, r"(?i)cookie[\\\"']*\s*[:=]",
        re.compile(secrets.COOKIE, re.IGNORECASE),
        _behind(Redacted.TOKEN),
    ),
    Form(Redacted.PASSWORD, rf"(?i){secrets.SQL_NAMES}", re.compile(secrets.SQL, re.IGNORECASE), _behind(Redacted.PASSWORD)),
    *_by_name(Redacted.PASSWORD, rf"{secrets.PASSWORDS}|(?:db|user|root|admin|smtp|redis|mysql|postgres|become|sudo|ssh|ftp|ldap|mail)[_-]?pass|rediscli_auth|pwd"),
    Form(Redacted.PASSWORD, r"(?i)\bcurl\s.*:[^\s\"']", re.compile(secrets.CURL, re.IGNORECASE), _named(Redacted.PASSWORD)),
    Form(Redacted.PASSWORD, secrets.COMMAND_NAMES, re.compile(secrets.COMMANDS), _behind(Redacted.PASSWORD)),
    Form(Redacted.TOKEN, r"(?i)\bdigest\s.*\bresponse=", re.compile(secrets.DIGEST, re.IGNORECASE), _named(Redacted.TOKEN)),
    *_by_name(
        Redacted.TOKEN,
        r"secret(?:[_.-]?(?:access[_.-]?)?key(?:[_.-]?base)?)?|token|(?:api|access|private|account)[_.-]?key|credentials?|authorization|x-amz-signature|[?&]sig|jsessionid|phpsessid",
    ),
    # After `authorization:`, whose value it is mostly.
    Form(
        Redacted.TOKEN, r"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{12}",
        re.compile(r"(?P<name>\b(?:bearer|basic))(?P<joint>\s+)(?P<value>(?=[\w.~+/-]*[\d=])[A-Za-z0-9._~+/=-]{12,})", re.IGNORECASE), _named(Redacted.TOKEN),
    ),
    Form(Redacted.EMAIL, r"[\w%+-](?:@|%40)[A-Za-z0-9-]+\.", _SIGN, lambda match, _: match[0]),
    Form(
        Redacted.IBAN, r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2}",
        re.compile(r"\b[A-Z]{2}\d{2}(?:(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?|[A-Z0-9]{11,30})\b"), _iban,
    ),
    Form(
        Redacted.CARD, r"\b[2-6]\d{3}(?:\d{9}|[ -]\d{4}[ -]\d{4}[ -]\d{4}|[ -]\d{6}[ -]\d{5})",
        re.compile(
            r"(?<![\w.+/#%-])(?:\d{13,19}|\d{4}(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}|3[47]\d\d(?P<amex>[ -])\d{6}(?P=amex)\d{5})(?![\w%-]|\.\d)"
        ),
        _card,
    ),
)  # fmt: skip


class Named(NamedTuple):
    """What the name of an attribute means for its value."""

    keep: bool = False  # it is stored as it is
    whole: Redacted | None = None  # all of it is this
    identity: bool = False  # it is the name of something: no card, no account


@dataclass
class Pseudonyms:
    """Replaces values under one key."""

    key: bytes = field(repr=False)
    kinds: frozenset[Redacted] = frozenset(Redacted)
    keep: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    _tokens: dict[str, str] = field(default_factory=dict, repr=False)

    def token(self, kind: Redacted, value: str) -> str:
        """What stands for a value: the same for the same one, but for upper and lower case of an e-mail address."""
        # Not f"{kind}": that of an enumeration takes as long as a hash.
        place = value if kind is Redacted.EMAIL else kind + "\0" + value
        known = self._tokens.get(place)
        if known is not None:
            return known
        same = value.lower() if kind is Redacted.EMAIL else value
        keyed = self._keyed
        inner, outer = keyed[0].copy(), keyed[1].copy()
        inner.update((kind + "\0" + same).encode("utf-8", "surrogateescape"))
        outer.update(inner.digest())
        if len(self._tokens) >= _REMEMBERED:
            self._tokens.clear()
        made = self._tokens[place] = kind + ":" + outer.hexdigest()[:DIGITS]
        return made

    @cached_property
    def _keyed(self) -> "tuple[hashlib._Hash, hashlib._Hash]":
        """HMAC's two hashes with the key in them (RFC 2104): to copy them takes half the time of starting anew."""
        key = self.key if len(self.key) <= _BLOCK else hashlib.sha256(self.key).digest()
        inner, outer = (bytes(byte ^ pad for byte in key.ljust(_BLOCK, b"\0")) for pad in (0x36, 0x5C))
        return hashlib.sha256(inner), hashlib.sha256(outer)

    def forms(self, *, code: bool = False, identity: bool = False) -> tuple[Form, ...]:
        """The forms to look for: in a diff only certain ones, in an identifier no cards and accounts."""
        wanted = self.kinds - ({Redacted.CARD, Redacted.IBAN} if identity else set())
        return tuple(one for one in VALUE_FORMS if one.kind in wanted and (one.in_code or not code))

    def replaced(self, text: str) -> str:
        """The text with tokens for all values of every kind that is wanted."""
        for one in self.forms():
            text = self._without(text, one)
        return text

    def in_all(self, texts: Sequence[str], form: Form, find: Find | None = None) -> list[str]:
        """Each text with tokens for the values of one form; `find` finds candidates faster than Python does."""
        if find and form.kind is not Redacted.EMAIL:
            return self._where_found(texts, form, find)
        joined = _BETWEEN.join(texts)
        if form.kind is Redacted.KEY or joined.count("\0") != len(texts) - 1:
            return [self._without(text, form) for text in texts]
        return self._without(joined, form).split(_BETWEEN)

    def _where_found(self, texts: Sequence[str], form: Form, find: Find) -> list[str]:
        """The same from candidate to candidate; texts that have many more are looked through from there on."""
        heads, at = [""] * len(texts), [0] * len(texts)
        pending = list(range(len(texts)))
        for _ in range(_ROUNDS):
            places = find([texts[one][at[one] :] for one in pending], form.quick)
            further = []
            for one, place in zip(pending, places, strict=True):
                match = form.exact.search(texts[one], at[one] + place) if place >= 0 else None
                if match:
                    heads[one] += texts[one][at[one] : match.start()] + form.replaced(match, self)
                    at[one] = match.end()
                    further.append(one)
            pending = further
            if not pending:
                break
        left = {*pending}
        rests = (
            self._without(text[at[one] :], form) if one in left else text[at[one] :]
            for one, text in enumerate(texts)
        )
        return [head + rest for head, rest in zip(heads, rests, strict=True)]

    def _without(self, text: str, form: Form) -> str:
        if form.kind is Redacted.EMAIL:
            return self._without_addresses(text)
        return form.exact.sub(lambda match: form.replaced(match, self), text)

    def whole(self, kind: Redacted, value: str) -> str:
        """A token for all of a value, unless it is too short to be a secret, or says only whether there is one."""
        short = kind is not Redacted.PERSONAL and (len(value) < _SHORTEST or value.lower() in _NOTHING)
        return value if short or not value or _TAKEN.fullmatch(value) else self.token(kind, value)

    def named(self, name: str) -> Named:
        """What the name of an attribute means for its value."""
        if name in self.keep:
            return Named(keep=True)
        if name in self.fields:
            return Named(whole=Redacted.PERSONAL)
        if secrets.names_a_secret(name) or _NAMES_SECRET.search(name):
            kind = Redacted.PASSWORD if _PASS.search(name) else Redacted.TOKEN
            return Named(whole=kind if kind in self.kinds else None)
        return Named(identity=bool(_NAMES_ID.search(name)))

    def _without_addresses(self, text: str) -> str:
        """The text without e-mail addresses; found from the sign in their middle, for most words have none."""
        parts, done = list[str](), 0
        for sign in (_SIGN if "%40" in text else _AT).finditer(text):
            at, after = sign.span()
            host = _HOST.match(text, after)
            if host is None:
                continue
            near = text[max(done, at - _LONGEST_LOCAL) : at]
            local = local_part(near, encoded=after - at > 1)
            if not local:
                continue
            start = at - len(local)
            before = text[start - 1] if start > done else ""
            if (
                before in _INSIDE and _USERINFO.search(text, max(done, start - _NEAR), start)
            ) or not is_address(local, host[0]):
                continue
            parts += (text[done:start], self.token(Redacted.EMAIL, f"{written_out(local)}@{host[0]}"))
            done = host.end()
        parts.append(text[done:])
        return "".join(parts)
