"""Raw logs of GitLab's jobs: a deploy is a change, other jobs are lines."""

from outcomes import outcome

START = (
    "Running with gitlab-runner 17.5.3 (12030cf4)\n"
    "section_start:1795331500:get_sources\r\x1b[0K\x1b[36;1mGetting source from Git repository\x1b[0;m\n"
    "Initialized empty Git repository in /builds/shop/till/.git/\n"
    "Checking out 0f2c77ab as detached HEAD (ref is main)...\n\n"
    "section_end:1795331503:get_sources\r\x1b[0Ksection_start:1795331503:step_script\r\x1b[0K\x1b[36;1mExecuting\x1b[0;m\n"
)
END = "section_end:1795331560:step_script\r\x1b[0K\x1b[32;1mJob succeeded\x1b[0;m\n"
FAILED = "section_end:1795331560:step_script\r\x1b[0K\x1b[31;1mERROR: Job failed: exit code 1\x1b[0;m\n"


def test_a_job_that_deploys_is_one_change() -> None:
    """With commit, version, service and namespace, from the first mark to the last."""
    found = outcome(
        (
            START
            + "\x1b[32;1m$ helm upgrade --install till ./chart -n shop --set image.tag=2.4.1 --wait\x1b[0;m\nok\n"
            + END
        ).encode(),
        "job.log",
    )
    (row,) = found.rows["lg_changes"]
    assert (row["Kind"], row["Service"], row["Version"], row["State"]) == ("deploy", "till", "2.4.1", "")
    assert (row["EndTimestamp"] - row["Timestamp"]).total_seconds() == 60
    assert dict(row["Attributes"])["vcs.ref.head.revision"] == "0f2c77ab"
    assert dict(row["Attributes"])["k8s.namespace.name"] == "shop"
    assert [line["Body"] for line in found.rows["otel_logs"]] == ["Job succeeded"]
    assert found.balanced
    assert not found.rejects


def test_a_deploy_that_failed_is_not_in_force() -> None:
    """The project is the service where the command names none."""
    for command, service in (
        ("kubectl set image deployment/basket app=registry.example/basket:7f2c", "basket"),
        ("aws ecs update-service --cluster prod --service quotes --force-new-deployment", "quotes"),
        ("./deploy.sh production", "till"),
    ):
        found = outcome((START + f"$ {command}\nno\n" + FAILED).encode(), "job.log")
        (row,) = found.rows["lg_changes"]
        assert (row["Service"], row["State"]) == (service, "failed")
        assert found.rows["otel_logs"][-1]["SeverityNumber"] == 17


def test_a_job_that_tests_is_no_change() -> None:
    """Each of its sections is a line."""
    found = outcome((START + "$ pytest -q\n7 passed\n" + END).encode(), "job.log")
    assert "lg_changes" not in found.rows
    assert [line["Body"].split("\n")[0] for line in found.rows["otel_logs"]] == [
        "get_sources",
        "step_script",
        "Job succeeded",
    ]
