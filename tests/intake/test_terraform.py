"""What terraform apply prints with times."""

import json
from time import process_time

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from lastgood.intake.terraform import _Run, recognise
from outcomes import outcome

APPLY = b"""[2026-11-22T14:02:00Z] Running in workspace net, run #88 "one record set each"
Terraform will perform the following actions:

  # module.dns["pay"].aws_route53_record.internal will be updated in-place
  ~ resource "aws_route53_record" "internal" {
        name    = "pay.internal"
      ~ records = [
          - "lb-a.internal",
          + "lb-b.internal",
        ]
    }

  # aws_security_group.db will be updated in-place
  ~ resource "aws_security_group" "db" {
      ~ description = "old" -> "new"
    }

Plan: 0 to add, 2 to change, 0 to destroy.
[2026-11-22T14:03:10Z] aws_security_group.db: Modifications complete after 1s [id=sg-1]
[2026-11-22T14:03:12Z] module.dns["pay"].aws_route53_record.internal: Modifications complete after 2s [id=Z1]
[2026-11-22T14:03:12Z] Apply complete! Resources: 0 added, 2 changed, 0 destroyed.
"""


def test_each_resource_is_a_change_when_it_is_complete() -> None:
    """With its kind, its time, its run and what the plan showed of it."""
    found = outcome(APPLY, "apply.log")
    group, record = found.rows["lg_changes"]

    assert ("infrastructure", "dns") == (group["Kind"], record["Kind"])
    assert "2026-11-22T14:03:12+00:00" == record["Timestamp"].isoformat()
    assert '- "lb-a.internal"; + "lb-b.internal"' in record["Title"]
    assert "#88" == record["Version"]
    assert found.balanced


def test_output_without_times_is_not_read() -> None:
    """Nothing tells when."""
    untimed = APPLY.replace(b"[2026-11-22T14:03:10Z] ", b"").replace(b"[2026-11-22T14:03:12Z] ", b"")

    found = best_claim(Input(None, "apply.log", untimed))

    assert found is None or found[1].format != "terraform-apply"


def test_a_long_word_takes_no_time() -> None:
    """Any file is offered to every source: a line of base64 is no reason to wait."""
    started = process_time()
    assert None is recognise(Input(None, "a.log", b"a" * 65_000))

    assert process_time() - started < 1


def test_a_plan_without_an_end_is_not_kept() -> None:
    """Of each resource as many lines as are shown."""
    run = _Run()
    for line in ("  # aws_a.b will be updated in-place", *["      + x = 1"] * 1_000):
        run.read(line)

    assert 6 == len(run.planned["aws_a.b"])


def _told(kind: str, level: str = "info", **more: object) -> bytes:
    own = {
        "@level": level,
        "@message": f"{kind} of it",
        "@module": "terraform.ui",
        "@timestamp": "2026-11-22T14:38:04.5Z",
    }
    return json.dumps({**own, "type": kind, **more}).encode() + b"\n"


def test_apply_as_json_is_changes() -> None:
    """What is complete or failed; errors are log lines, what was only read is nothing."""
    pay = {"addr": "aws_ecs_service.pay"}
    content = (
        _told("version", terraform="1.9.0")
        + _told("apply_start", hook={"resource": pay, "action": "update"})
        + _told("apply_complete", hook={"resource": pay, "action": "update", "id_value": "arn:7"})
        + _told("apply_complete", hook={"resource": {"addr": "data.aws_ami.x"}, "action": "read"})
        + _told("apply_errored", hook={"resource": {"addr": "aws_db.x"}, "action": "create"})
        + _told("diagnostic", "error")
        + b"[truncated\n"
    )
    found = outcome(content, "apply.jsonl")
    first, second = found.rows["lg_changes"]
    (line,) = found.rows["otel_logs"]

    assert found.balanced
    assert "terraform modifications of aws_ecs_service.pay" == first["Title"]
    assert "arn:7" == dict(first["Attributes"])["terraform.id"]
    assert ("terraform creation of aws_db.x", "failed") == (second["Title"], second["State"])
    assert ("ERROR", "terraform") == (line["SeverityText"], line["ServiceName"])
    assert ["not a JSON object"] == [reject.reason for reject in found.rejects]
