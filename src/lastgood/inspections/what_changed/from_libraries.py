"""Libraries that new errors come from, by the qualified names of exceptions and the folders of packages, against libraries in another version."""

import re
from collections.abc import Iterable

from lastgood.inspections.what_changed.weights import FROM_LIBRARY
from lastgood.model.judgement import Reason

# `org.springframework.http.X`, `Npgsql.PostgresException`, `sqlalchemy.exc.X`, and where package managers put what they fetch.
_QUALIFIED = re.compile(
    r"\b(?:[A-Za-z_]\w*\.){1,8}[A-Z]\w+|(?:node_modules|site-packages|dist-packages|gems|vendor)/[@\w./-]{1,80}|\b(?:[A-Z]\w+\\){1,5}[A-Z]\w+"
)
_WORD = re.compile(r"[a-z][a-z0-9]{3,}")
# Words of many libraries' names.
_COMMON = frozenset(
    "core starter parent client server common commons util utils http https binary plugin driver java python node types test tests tools toolkit "
    "library framework module modules package packages exception exceptions error errors main data base json yaml html text "
    "lang site gems vendor dist apache google github microsoft system runtime service services support extensions".split()
)
_PREFIX = 5  # letters that the words of a library and of its packages begin with: `spring`, `springframework`


def library_words(name: str) -> frozenset[str]:
    """The words by which a library is known, without those that many have."""
    return frozenset(_WORD.findall(name.lower())) - _COMMON


def from_libraries(libraries: Iterable[str], errors: Iterable[str]) -> list[Reason]:
    """That new errors come from a library that a change takes in another version."""
    packages = {
        word for text in errors for found in _QUALIFIED.findall(text) for word in library_words(found)
    }
    for library in libraries:
        for word in sorted(library_words(library)):
            if any(word == one or (len(word) >= _PREFIX and one.startswith(word)) for one in packages):
                return [Reason(FROM_LIBRARY, name=library)]
    return []
