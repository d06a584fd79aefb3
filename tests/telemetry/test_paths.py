"""Paths: which parts of them are values, by form, and which are names."""

import pytest

from lastgood.telemetry.engine import Engine
from lastgood.telemetry.paths import templated

VALUES = {
    "number": "/api/tickets/1",
    "long number": "/api/tickets/9007199254740993",
    "negative number": "/offsets/-3",
    "several numbers": "/seats/12,13,17",
    "uuid": "/orders/8096e40d-05a5-6907-5517-76e4e777cf63",
    "uuid in capitals": "/orders/8096E40D-05A5-6907-5517-76E4E777CF63",
    "hexadecimal": "/blobs/afedf74e",
    "hexadecimal behind a prefix": "/pages/pg_b28aabcd",
    "sha-1": "/commits/4d0691473faa0e9a1a3ab6440b2e1dd90f476541",
    "object id": "/users/507f1f77bcf86cd799439011",
    "ulid": "/events/01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "ksuid": "/events/0ujtsYcgvSTl8PAuAdqWYSMnLOv",
    "nanoid": "/links/V1StGXR8_Z5jdHi6B-myT",
    "base64": "/tokens/dGhpc2lzYXRva2Vu8J-Y",
    "web token": "/auth/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN",
    "short code": "/games/H6dHrpjE",
    "voucher": "/vouchers/3EYA-XEAF",
    "voucher with its shop": "/vouchers/SPA-3EYA-XEAF",
    "voucher in small letters": "/vouchers/spa-n5yl-nkks",
    "order": "/orders/ORD-2026-11812",
    "id with a prefix": "/boxes/b_82hf81",
    "word and number": "/orders/order-1042",
    "capitals and number": "/patents/EP0268110",
    "e-mail address": "/users/ada@example.com",
    "handle": "/users/@ada",
    "date": "/reports/2026-11-25",
    "month": "/reports/2026-11",
    "time": "/reports/2026-11-25T11:00:00Z",
    "escaped text": "/tags/caf%C3%A9",
    "address": "/hosts/10.0.3.17",
    "size": "/images/300x200",
    "slug with a number": "/posts/1042-red-shoes",
}
NAMES = {
    "word": "/checkout",
    "words": "/terms-and-conditions-of-use-for-everyone",
    "camel case": "/getCustomerPreferences",
    "version": "/v1/orders",
    "minor version": "/v2.1/orders",
    "version without a letter": "/api/2.0/orders",
    "version of Kubernetes": "/apis/v1beta1/pods",
    "version in a service's name": "/shop.cart.v1beta1.Cart/Add",
    "year as a version": "/v2026-11/orders",
    "locale": "/en-US/home",
    "locale of a region": "/es-419/home",
    "protocol": "/oauth2/token",
    "product": "/s3/bucket",
    "jargon": "/web3/wallet",
    "format": "/video/mp4",
    "encoding": "/utf8/text",
    "hash function": "/sha256/check",
    "resolution": "/streams/1080p",
    "playlist": "/streams/master.m3u8",
    "names with digits": "/k8s/i18n/log4j/b2b/2fa/3ds/EC2",
    "camel case with a digit": "/getS3Object",
    "capitals with a digit": "/UTF8Encode",
    "asset": "/static/app.3f2a.js",
    "hashed asset": "/static/main-4be0c1d2.css",
    "library": "/static/jquery-3.7.1.min.js",
    "page": "/index2.html",
    "page of an error": "/404.html",
    "sound with its rate": "/golf-192.mp3",
    "root": "/",
    "nothing": "",
    "star": "*",
}
MIXED = {
    "two values": ("/v2/events/736/attendees/17", "/v2/events/{id}/attendees/{id}"),
    "values beside each other": ("/tiles/6/33/21", "/tiles/{id}/{id}/{id}"),
    "behind the value": ("/api/vouchers/SPA-3EYA-XEAF/redeem", "/api/vouchers/{id}/redeem"),
    "slash at the end": ("/tickets/1/", "/tickets/{id}/"),
    "document": ("/invoices/INV-2026-1042.pdf", "/invoices/{id}.pdf"),
    "picture": ("/photos/71281cc7765b.jpg", "/photos/{id}.jpg"),
    "number with a format": ("/tickets/17.json", "/tickets/{id}.json"),
    "verb": ("/tickets/17:cancel", "/tickets/{id}:cancel"),
    "verb of an order": ("/orders/ORD-2026-11812:cancel", "/orders/{id}:cancel"),
    "key": ("/odata/Orders(10248)/Lines", "/odata/Orders({id})/Lines"),
    "key of text": ("/odata/Customers('ALFKI')", "/odata/Customers({id})"),
    "query": ("/spas/x?p=7", "/spas/x"),
    "query of a value": ("/spas/17?at=/rooms/3", "/spas/{id}"),
    "fragment": ("/spas/x#17", "/spas/x"),
    "parameter of a path": ("/login;jsessionid=1A530637289A03B0/form", "/login/form"),
    "url": ("https://shop17.example:8443/orders/17?x=1", "https://shop17.example:8443/orders/{id}"),
    "url of an address": ("http://10.0.3.17/health", "http://10.0.3.17/health"),
    "host": ("10.0.3.17:8443", "10.0.3.17:8443"),
}
CASES = {
    **{f"value: {name}": (path, f"{path.rpartition('/')[0]}/{{id}}") for name, path in VALUES.items()},
    **{f"name: {name}": (path, path) for name, path in NAMES.items()},
    **MIXED,
}


@pytest.fixture(scope="module")
def operations(engine: Engine) -> dict[str, str]:
    """What the engine makes of each path."""
    bound = {"paths": [path for path, _ in CASES.values()]}
    asked = f"SELECT path, {templated('path')} AS operation FROM (SELECT arrayJoin({{paths:Array(String)}}) AS path)"
    return {row["path"]: row["operation"] for row in engine.query(asked, bound).rows}


@pytest.mark.parametrize("name", CASES)
def test_values_are_replaced_and_names_stay(name: str, operations: dict[str, str]) -> None:
    """By form alone."""
    path, wanted = CASES[name]
    assert wanted == operations[path]
