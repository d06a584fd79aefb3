"""Settings within the value of another: pairs of a connection string, and parameters of a database's URL.

`Server=sql-1;Database=policies;Max Pool Size=100` (ADO.NET, ODBC, JDBC of SQL Server) and `postgresql://db/app?pool_size=5&connect_timeout=3`.
Who connects is left out: it is no judgement, and a secret.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.parts import Part

_PAIR = r"[A-Za-z][\w .-]{1,40}=[^;=&]*"
_PAIRS = re.compile(rf"(?P<base>(?:jdbc:[^;?]*;)?)(?P<pairs>{_PAIR}(?:;{_PAIR})+);?")
_URL = re.compile(rf"(?P<base>(?:jdbc:)?[a-z][a-z0-9+]*://[^\s?]*)\?(?P<pairs>{_PAIR}(?:&{_PAIR})*)")
_WHO = re.compile(r"pass|pwd|secret|token|key|user|uid|account|credential", re.IGNORECASE)


def within(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts; a setting whose value holds settings is followed by them, and keeps what stands before them."""
    for part in parts:
        value = part.value.strip().strip("\"'`")
        found = (_PAIRS.fullmatch(value) or _URL.fullmatch(value)) if part.form is Form.SETTING else None
        if found is None:
            yield part
            continue
        yield replace(part, value=found["base"])
        place = replace(part.place, path=(*part.place.path, part.name))
        for pair in re.split("[;&]", found["pairs"]):
            name, _, held = pair.partition("=")
            if not _WHO.search(name):
                yield replace(part, name=name.strip().replace(" ", "_"), value=held.strip(), place=place)
