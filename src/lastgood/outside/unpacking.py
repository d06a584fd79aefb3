"""Unpacking: what a server sent, up to a bound. A library unpacks each piece whole, and one piece can be a bomb."""

import zlib

import httpx

ASKED = "gzip"  # the coding to ask for; any other is left as it was sent
_GZIP = 16 + zlib.MAX_WBITS


def unpacked(answer: httpx.Response, most: int) -> bytes:
    """At most so many bytes of the body of a streamed answer; what is left of it is not read.

    Raises:
        httpx.DecodingError: it is said to be packed, and is not.
    """
    packed = answer.headers.get("content-encoding", "").strip().lower() == ASKED
    unpacking = zlib.decompressobj(_GZIP) if packed else None
    body = bytearray()
    for piece in answer.iter_raw():
        try:
            body += unpacking.decompress(piece, most - len(body)) if unpacking else piece
        except zlib.error as problem:
            raise httpx.DecodingError("the answer cannot be unpacked") from problem
        if len(body) >= most:
            break
    return bytes(body[:most])
