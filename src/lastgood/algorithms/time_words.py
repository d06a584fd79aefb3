"""Words in times: months in the languages that systems are set to, and zones by their abbreviations."""

from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

_MONTHS = """
jan feb mar apr may jun jul aug sep oct nov dec
january february march april may june july august september october november december
jän feb mär apr mai jun jul aug sep okt nov dez
januar februar mrz april mai juni juli august september oktober november dezember
jänner feber märz . . . . . sept . . .
janv févr mars avr mai juin juil août sept oct nov déc
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
ene feb mar abr may jun jul ago sept oct nov dic
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gen feb mar apr mag giu lug ago set ott nov dic
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
jan fev mar abr mai jun jul ago set out nov dez
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
jan feb mrt apr mei jun jul aug sep okt nov dec
januari februari maart april mei juni juli augustus september oktober november december
jan feb mars apr maj juni juli aug sep okt nov dec
sty lut mar kwi maj cze lip sie wrz paź lis gru
янв фев мар апр мая июн июл авг сен окт ноя дек
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
oca şub mar nis may haz tem ağu eyl eki kas ara
"""  # a row for each language and length, January first

# Minutes east of Greenwich. IST is of India, Ireland and Israel, and so means nothing by itself.
_ZONES = {
    "Z": 0, "UTC": 0, "UCT": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MET": 60, "CEST": 120, "MEST": 120,
    "EET": 120, "SAST": 120, "CAT": 120, "EEST": 180, "MSK": 180, "EAT": 180, "TRT": 180, "PKT": 300, "WIB": 420,
    "SGT": 480, "HKT": 480, "AWST": 480, "PHT": 480, "JST": 540, "KST": 540, "ACST": 570, "AEST": 600, "ACDT": 630,
    "AEDT": 660, "NZST": 720, "NZDT": 780, "BRT": -180, "NST": -210, "NDT": -150, "AST": -240, "ADT": -180,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
    "AKST": -540, "AKDT": -480, "HST": -600,
}  # fmt: skip
_AMBIGUOUS = ("IST",)

_NUMBER = r"[+-]\d\d?:?\d\d|[+-]\d\d"
_LONG = "|".join(
    sorted((*(z for z in _ZONES if len(z) > 2), *_AMBIGUOUS), key=lambda name: (-len(name), name))
)
# Those that name one offset.
ZONE_NAMES = "|".join(sorted((z for z in _ZONES if len(z) > 2), key=lambda name: (-len(name), name)))
# The areas of the time zone database; other names with a stroke are of programs.
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US"
# A zone behind a time, if there is one. Only words that are zones: another word is the beginning of the text.
ZONE = (
    rf"(?: ?Z\b| ?(?:UTC|GMT)[+-]\d\d?(?::?\d\d)?\b| ?(?:{_NUMBER})(?: (?:{_LONG})\b)?"
    rf"| ?[\[(]?(?:{_LONG})\b[\])]?| [\[(]?(?:{_AREAS})/[A-Z][A-Za-z]+(?:[_/-][A-Z][a-z]+)*\b[\])]?)?"
)
# AM or PM behind a time, if there is one; Windows and the CLDR put a narrow blank between.
NOON = "(?:(?: |\u202f|\u00a0)?[AaPp]\\.?[Mm]\\b\\.?)?"


@cache
def month_of(word: str) -> int:
    """The number of a month by its name in any of the languages, 0 where it is none."""
    return _by_month().get(word.strip(". ").lower(), 0)


@cache
def _by_month() -> dict[str, int]:
    rows = (row.split() for row in _MONTHS.strip().splitlines())
    found: dict[str, int] = {}
    for row in rows:
        for number, name in enumerate(row, 1):
            if name != ".":
                found.setdefault(name, number)
    return found


def zone_of(name: str, reference: tzinfo) -> tzinfo | int | None:
    """A zone by its name: a zone with rules, minutes east of Greenwich, or None where the name does not say which."""
    bare = name.strip(" []()")
    upper = bare.upper()
    if _says(reference, upper):
        return reference
    if upper in _ZONES:
        return _ZONES[upper]
    if upper[:3] in {"UTC", "GMT"} and upper[3:4] in {"+", "-"}:
        digits = upper[4:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        return (int(hours) * 60 + int(minutes)) * (-1 if upper[3] == "-" else 1)
    return _named(bare) if "/" in bare else None


@cache
def _named(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # no such zone, or no name of one
        return None


@cache
def _says(zone: tzinfo, name: str) -> bool:
    """Whether a zone is called so in winter or summer."""
    return name in {
        zone.tzname(datetime(2026, month, 1, tzinfo=UTC).replace(tzinfo=None)) for month in (1, 7)
    }
