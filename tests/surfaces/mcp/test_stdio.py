"""Passing messages on: what comes from one side goes to the other; the whole way is in test_http.py."""

import anyio

from lastgood.surfaces.mcp.stdio import _pumped


def test_messages_pass_and_faults_of_reading_do_not() -> None:
    """In their order; a line that was no message is not sent to the other side."""

    async def passed() -> list[object]:
        into, source = anyio.create_memory_object_stream[object](9)
        sink, out = anyio.create_memory_object_stream[object](9)
        with source, sink, out:
            with into:
                for one in ("a", ValueError("no message"), "b"):
                    into.send_nowait(one)
            await _pumped(source, sink)
            return [out.receive_nowait() for _ in range(out.statistics().current_buffer_used)]

    assert ["a", "b"] == anyio.run(passed)
