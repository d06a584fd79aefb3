"""Paths: what is asked for, without what is another value in each request: `/orders/1042` is `/orders/{id}`.

An access line without a route names its request by the path. A path with a ticket's number in it is an operation of
its own, which is asked for once: too rarely to be compared. A part of a path is a value by its form alone, so a row
gets the same operation whatever else is stored.
"""

# What is in no path without a value: most paths are not looked at any further.
_MAY_BE = "[0-9@%(]"
# Upper and lower case, and digits, as no name mixes them.
_ODD = "[a-z][A-Z](?:[A-Z0-9]|$)|[A-Z][a-z](?:[A-Z0-9]|$)|[0-9][a-z]+[A-Z]|[A-Z][a-z]*[0-9][a-z]"
_FOUR = "(?:[0-9][a-z0-9]{3}|[a-z][0-9][a-z0-9]{2}|[a-z]{2}[0-9][a-z])"
_VALUES = (
    r"^-?[0-9]+(?:[-,:+_~][0-9]+)*(?::[A-Za-z]+|\.[A-Za-z]\w{0,4})?$",  # a number, a date, a place; of a file, or with a verb
    r"^[0-9]+(?:\.[0-9]+){3}$",  # an address of the network
    r"[0-9]{4}|[0-9]{3}[^.]*$",  # order-1042, ORD-2026-11812; of a file, four digits
    "[0-9][A-Za-z]+[0-9]",  # b_82hf81, most UUIDs, most tokens
    r"(?:^|[-_.])[0-9a-fA-F]{8,}(?:[-_.]|$)",
    "[0-9][A-Z]{3}|[A-Z]{2}[0-9]+[A-Z](?:[^a-z]|$)|[A-Z][0-9]+[A-Z]{2}",  # 3EYA-XEAF
    f"(?:^|-)(?:{_FOUR}-[a-z0-9]{{4}}|[a-z0-9]{{4}}-{_FOUR})(?:-|$)",  # the same in lower case
    f"(?:{_ODD}).*(?:{_ODD})",  # H6dHrpjE
    r"@|%[0-9a-fA-F]{2}|\(['0-9].*\)$",  # an e-mail address, escaped text, a key of OData: Orders(42)
)
_NAMES = (
    # A version, alone or within words: v2.1, v1beta1, pkg.v1beta1.Service.
    r"^(?:[A-Za-z_-]+[._-])*[vV](?:[0-9]{1,2}|20[0-9]{2})(?:[._-][0-9]{1,2}){0,2}(?:(?:alpha|beta|rc)[0-9]*)?(?:[._-][A-Za-z]+)*$",
    r"^[0-9]{3,4}[ip](?:\.m3u8)?$|^[^0-9]*\.m3u8$|^(?i:sha|aes|rsa|iso|rfc)[-_]?[0-9]+$|^[a-z]{2}-419$",
    r"^[45][0-9]{2}\.html?$",  # the page of an error
    r"\.(?:m?js|css|map|woff2?|ttf|otf|eot|ico|svg|wasm|webmanifest)$",  # what a page is made of
)
# What stays of a part that is a value: the set of a key, a verb, the extension.
_FRAMED = "[.:)@]"
_FRAME = r"^(?:.*@.*|([A-Za-z_.]+\()?.*?(\)|:[A-Za-z]+|\.[A-Za-z]\w{0,4})?)$"


def templated(address: str) -> str:
    """SQL for the path or URL that an expression gives, without its query, and with `{id}` for each part that is a value.

    Scheme and host of a URL stay.
    """
    cut = f"substringIndex(substringIndex({address}, '?', 1), '#', 1)"
    value = f"match(s, {_text('|'.join(_VALUES))}) AND NOT match(s, {_text('|'.join(_NAMES))})"
    put = f"if(match(s, '{_FRAMED}'), replaceRegexpOne(s, {_text(_FRAME)}, '\\\\1{{id}}\\\\2'), '{{id}}')"
    parts = f"arrayMap((s, at) -> if(at > if(startsWith(p, 'http'), 3, 1) AND {value}, {put}, s), splitByChar('/', p), arrayEnumerate(splitByChar('/', p)))"
    plain = "if(position(q, ';') > 0, replaceRegexpAll(q, ';[^/]*', ''), q)"
    return f"arrayMap(p -> if(match(p, '{_MAY_BE}'), arrayStringConcat({parts}, '/'), p), arrayMap(q -> {plain}, [{cut}]))[1]"


def _text(pattern: str) -> str:
    return "'" + pattern.replace("\\", "\\\\").replace("'", "\\'") + "'"
