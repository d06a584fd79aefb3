"""Answers to OTLP requests, as the generated classes read them."""

import orjson
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

from lastgood.model.signal import Signal
from lastgood.surfaces.server.otlp_answers import failure, success
from lastgood.workbench.receive import Receipt


@pytest.mark.parametrize("signal", [Signal.SPANS, Signal.LOGS, Signal.METRICS])
def test_full_success_says_nothing(signal: Signal) -> None:
    """As OTLP wants it."""
    assert b"" == success(signal, Receipt(stored=3))
    assert b"{}" == success(signal, Receipt(stored=3), as_json=True)


def test_partial_success_counts_and_says_why() -> None:
    """In both encodings."""
    receipt = Receipt(1, 2, ["no time", "no id"])
    answer = ExportLogsServiceResponse.FromString(success(Signal.LOGS, receipt))

    assert (2, "no time; no id") == (
        answer.partial_success.rejected_log_records,
        answer.partial_success.error_message,
    )
    assert {"partialSuccess": {"rejectedLogRecords": "2", "errorMessage": "no time; no id"}} == orjson.loads(
        success(Signal.LOGS, receipt, as_json=True)
    )


def test_an_error_is_a_status_with_the_time_to_come_again() -> None:
    """Without it, senders may not repeat what was refused for lack of room."""
    status = Status.FromString(failure(8, "the queue is full", retry_seconds=200))
    retry = RetryInfo()

    assert (8, "the queue is full") == (status.code, status.message)
    assert status.details[0].Unpack(retry)
    assert 200 == retry.retry_delay.seconds
    assert {"code": 3, "message": "no"} == orjson.loads(failure(3, "no", as_json=True))
