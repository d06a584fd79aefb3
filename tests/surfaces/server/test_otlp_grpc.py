"""The methods of OTLP over gRPC, called by a real client."""

import asyncio
from pathlib import Path
from typing import Any, cast

import grpc
import grpc.aio
import pytest

from lastgood.errors import CannotRunError
from lastgood.incidents.accounts import Accounts
from lastgood.incidents.database import open_database
from lastgood.surfaces.server.callers import Callers
from lastgood.surfaces.server.committer import Committer
from lastgood.surfaces.server.otlp_grpc import METHODS, grpc_server
from lastgood.workbench.access import access_of
from lastgood.workbench.receive import Body, Receipt
from records import ticking

KEY = "k" * 20
TRACES = next(iter(METHODS))


def take(bodies: list[Body]) -> list[Receipt]:
    """By what a body says."""
    if any(one.content == b"fail" for one in bodies):
        raise CannotRunError("the disk is full")
    return [Receipt(problem="not OTLP") if one.content == b"bad" else Receipt(stored=1) for one in bodies]


def called(
    folder: Path, content: bytes, *, key: str = KEY, method: str = TRACES, most: int = 100
) -> tuple[grpc.StatusCode, bytes]:
    """The status and the answer of one call."""

    async def call() -> tuple[grpc.StatusCode, bytes]:
        database = open_database(f"sqlite:///{folder / 'record.db'}")
        access = access_of(Accounts(database), ticking(), {"LASTGOOD_INGEST_KEY": KEY})
        committer = Committer(take, most_waiting=most)  # type: ignore[arg-type] # lists are sequences
        server = grpc_server(committer, Callers(access))
        port = server.add_insecure_port("127.0.0.1:0")
        committer.start()
        await server.start()
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
                sent = (("authorization", f"Bearer {key}"),)
                try:
                    unary = cast("Any", channel.unary_unary(method))
                    return grpc.StatusCode.OK, await unary(content, metadata=sent)
                except grpc.aio.AioRpcError as refused:
                    details = dict(refused.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
                    return refused.code(), bytes(details)
        finally:
            await server.stop(0)
            await committer.close()
            database.close()

    return asyncio.run(asyncio.wait_for(call(), 30))


@pytest.mark.parametrize("method", METHODS)
def test_what_is_stored_is_acknowledged(tmp_path: Path, method: str) -> None:
    """Each of the three signals."""
    assert (grpc.StatusCode.OK, b"") == called(tmp_path, b"spans", method=method)


def test_each_refusal_has_its_status(tmp_path: Path) -> None:
    """A sender knows whether to come again."""
    assert grpc.StatusCode.UNAUTHENTICATED == called(tmp_path, b"spans", key="wrong")[0]
    assert grpc.StatusCode.INVALID_ARGUMENT == called(tmp_path, b"bad")[0]
    assert grpc.StatusCode.UNAVAILABLE == called(tmp_path, b"fail")[0]
    assert grpc.StatusCode.UNIMPLEMENTED == called(tmp_path, b"spans", method="/other/Export")[0]
    status, details = called(tmp_path, b"spans", most=1)
    assert grpc.StatusCode.RESOURCE_EXHAUSTED == status
    assert b"RetryInfo" in details
