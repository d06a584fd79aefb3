"""What tools report of what they applied, as JSON."""

import json
from typing import Any

import pytest

from outcomes import outcome

SHA = "0123456789abcdef0123456789abcdef01234567"
JENKINS = {
    "_class": "org.jenkinsci.plugins.workflow.job.WorkflowRun", "number": 142, "result": "FAILURE", "timestamp": 1795356301500,
    "duration": 61234, "fullDisplayName": "deploy-shop #142", "url": "https://ci.example/job/deploy-shop/142/",
    "actions": [{}, {"causes": [{"userId": "ann"}]}, {"lastBuiltRevision": {"SHA1": SHA}}],
}  # fmt: skip
CODEDEPLOY = {
    "deploymentInfo": {
        "applicationName": "shop", "deploymentGroupName": "prod", "deploymentId": "d-1", "status": "Succeeded", "creator": "user",
        "createTime": "2026-11-22T15:04:51+01:00", "startTime": "2026-11-22T15:05:01.5+01:00",
        "revision": {"revisionType": "GitHub", "gitHubLocation": {"repository": "x/shop", "commitId": SHA}},
    },
}  # fmt: skip
ECS = {
    "services": [{
        "serviceArn": "arn:x:service/prod/shop", "serviceName": "shop", "events": [
            {"createdAt": "2026-11-22T14:06:12+00:00", "message": "(service shop) was unable to place a task"}],
        "deployments": [{"id": "ecs-svc/2", "status": "PRIMARY", "taskDefinition": "arn:x:task-definition/shop:42",
                         "createdAt": "2026-11-22T14:05:01.5+00:00", "rolloutState": "COMPLETED"}],
    }],
}  # fmt: skip
STACK = {
    "StackEvents": [
        {"StackName": "shop", "EventId": "2", "LogicalResourceId": "Db", "ResourceType": "AWS::RDS::DBInstance",
         "Timestamp": "2026-11-22T14:06:01Z", "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "no room"},
        {"StackName": "shop", "EventId": "1", "LogicalResourceId": "shop", "ResourceType": "AWS::CloudFormation::Stack",
         "Timestamp": "2026-11-22T14:05:01.5Z", "ResourceStatus": "UPDATE_IN_PROGRESS"},
    ],
}  # fmt: skip
NOMAD = [
    {
        "ID": "7063",
        "JobID": "shop",
        "JobVersion": 7,
        "Status": "successful",
        "TaskGroups": {},
        "CreateTime": 1795356301500000000,
    }
]
ALLOCATION = {
    "ID": "a1", "JobID": "shop", "TaskGroup": "web", "NodeName": "n1",
    "TaskStates": {"web": {"Events": [
        {"Type": "Started", "Time": 1795356302500000000, "DisplayMessage": "Task started by client"},
        {"Type": "Terminated", "Time": 1795356402500000000, "DisplayMessage": "Exit Code: 137", "Details": {"exit_code": "137"}}]}},
}  # fmt: skip
ANSIBLE = {
    "stats": {}, "plays": [{"play": {"name": "web"}, "tasks": [{
        "task": {"id": "2", "name": "install shop", "duration": {"start": "2026-11-22T14:05:01.5Z", "end": "2026-11-22T14:05:09Z"}},
        "hosts": {"web1": {"changed": True}, "web2": {"changed": False, "failed": True, "msg": "No package"}}}]}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("document", "kind", "service", "version", "state"),
    [
        (JENKINS, "deploy", "shop", SHA, "failed"),
        (CODEDEPLOY, "deploy", "shop", SHA, ""),
        (ECS, "deploy", "shop", "shop:42", ""),
        (STACK, "deploy", "shop", "", ""),
        (NOMAD, "deploy", "shop", "7", ""),
        (ANSIBLE, "config", "web", "", ""),
    ],
    ids=["jenkins", "codedeploy", "ecs", "cloudformation", "nomad", "ansible"],
)  # fmt: skip
def test_what_was_applied_is_a_change(
    document: Any, kind: str, service: str, version: str, state: str
) -> None:
    """With time, kind, service, version, and whether it is in force."""
    found = outcome(json.dumps(document, indent=1).encode(), "report.json")
    (one,) = found.rows["lg_changes"]

    assert (kind, service, version, state) == (one["Kind"], one["Service"], one["Version"], one["State"])
    assert "2026-11-22T14:05:01.500000+00:00" == one["Timestamp"].isoformat()
    assert (True, []) == (found.balanced, found.rejects)


@pytest.mark.parametrize(
    ("document", "levels"),
    [(ECS, [13]), (STACK, [17, 9]), (ALLOCATION, [9, 17]), (ANSIBLE, [9, 17])],
    ids=["ecs", "cloudformation", "nomad", "ansible"],
)
def test_what_is_reported_beside_it_is_a_line(document: Any, levels: list[int]) -> None:
    """An error where something failed."""
    assert levels == [
        row["SeverityNumber"] for row in outcome(json.dumps(document).encode()).rows["otel_logs"]
    ]


def test_a_task_that_is_killed_for_memory_is_the_platforms_event() -> None:
    """Its lines are errors unless it ended well; the event is of its service and process."""
    tasks = [
        {"taskArn": f"arn:aws:ecs:eu-west-1:123456789012:task/prod/{name}", "group": "service:seats", "stoppedAt": "2026-11-22T14:05:01.5Z",
         "stoppedReason": "Scaling activity", "containers": [container]}
        for name, container in (("a", {"name": "app", "exitCode": 137, "reason": "OutOfMemoryError: killed"}), ("b", {"name": "app", "exitCode": 143}), ("c", {"name": "app", "exitCode": 1}))
    ]  # fmt: skip
    found = outcome(json.dumps({"tasks": tasks}).encode(), "tasks.json")
    (killed,) = found.rows["lg_changes"]

    assert ("infrastructure", "seats", "OOM: OutOfMemoryError: killed") == (
        killed["Kind"],
        killed["Service"],
        killed["Title"],
    )
    assert "a" == dict(killed["Attributes"])["service.instance.id"]
    assert [17, 9, 17] == [row["SeverityNumber"] for row in found.rows["otel_logs"]]


def test_an_operation_on_a_pool_of_nodes_is_infrastructure() -> None:
    """From its start to its end, by what it does."""
    one = {
        "name": "operation-7", "operationType": "UPGRADE_NODES", "startTime": "2026-11-22T14:05:01.5Z", "endTime": "2026-11-22T14:25:01.5Z",
        "targetLink": "https://container.googleapis.com/v1/projects/p/locations/l/clusters/prod/nodePools/n2", "status": "DONE",
    }  # fmt: skip
    (made,) = outcome(json.dumps([one]).encode(), "operations.json").rows["lg_changes"]

    assert ("infrastructure", "nodePools/n2: UPGRADE_NODES") == (made["Kind"], made["Title"])
    assert (1200.0) == (made["EndTimestamp"] - made["Timestamp"]).total_seconds()


def test_an_object_of_another_kind_is_a_reject() -> None:
    """Nothing goes missing."""
    found = outcome(json.dumps([*NOMAD, {"other": 1}]).encode(), "deployments.json")

    assert (1, 1, True) == (len(found.rows["lg_changes"]), len(found.rejects), found.balanced)


def test_a_pipeline_of_spinnaker_that_deploys_is_a_change() -> None:
    """One that only bakes is a line; what failed is said."""
    stages = '[{"type":"deployManifest","name":"Deploy","status":"%s","startTime":1795356301500}]'
    good = f'{{"id":"1","application":"shop","name":"ship","status":"SUCCEEDED","startTime":1795356301500,"endTime":1795356361500,"trigger":{{"user":"ann","artifacts":[{{"name":"img","version":"2.4.1"}}]}},"stages":{stages % "SUCCEEDED"}}}'
    bad = good.replace('"id":"1"', '"id":"2"').replace("SUCCEEDED", "TERMINAL")
    bake = good.replace('"id":"1"', '"id":"3"').replace("deployManifest", "bakeManifest")
    found = outcome(f"[{good},{bad},{bake}]".encode(), "pipelines.json").rows
    changes, lines = found["lg_changes"], found["otel_logs"]
    assert [(row["Service"], row["Version"], row["Actor"], row["State"]) for row in changes] == [
        ("shop", "2.4.1", "ann", ""),
        ("shop", "2.4.1", "ann", "failed"),
    ]
    assert [row["Body"] for row in lines] == ["shop: ship SUCCEEDED"]


def test_what_an_auto_scaling_group_does_is_a_line() -> None:
    """It reacts: an instance that fails its health check is a warning."""
    activity = {
        "ActivityId": "a", "AutoScalingGroupName": "web", "Description": "Terminating EC2 instance: i-1",
        "Cause": "At 2026-11-22T14:40:00Z an instance was taken out of service in response to an ELB system health check failure.",
        "StartTime": "2026-11-22T14:40:00Z", "StatusCode": "Successful",
    }  # fmt: skip
    (row,) = outcome(json.dumps({"Activities": [activity]}).encode(), "activities.json").rows["otel_logs"]
    assert ("web", "WARN") == (row["ServiceName"], row["SeverityText"])
    assert row["Body"].startswith("Terminating EC2 instance: i-1: an instance was taken out")


def test_jobs_of_jenkins_hold_their_builds() -> None:
    """A parameter names the version."""
    build = {"fullDisplayName": "deploy-shop #7", "number": 7, "result": "SUCCESS", "timestamp": 1795356301500,
             "actions": [{"parameters": [{"name": "ENV", "value": "prod"}, {"name": "VERSION", "value": "9.6.1"}]}]}  # fmt: skip
    (row,) = outcome(
        json.dumps({"jobs": [{"name": "deploy-shop", "builds": [build]}]}).encode(), "builds.json"
    ).rows["lg_changes"]
    assert ("shop", "9.6.1", "deploy") == (row["Service"], row["Version"], row["Kind"])


def test_a_list_of_deployments_names_their_images() -> None:
    """What is said of a deployment stands beside it."""
    row = {"deploymentId": "d-1", "applicationName": "pay", "deploymentGroupName": "prod", "createTime": "2026-11-22T15:04:51+01:00",
           "status": "InProgress", "description": "canary 2 of 8", "revision": {"image": "shop/pay:4.12.0", "commitId": SHA}}  # fmt: skip
    (read,) = outcome(json.dumps({"deployments": [row]}).encode(), "list.json").rows["lg_changes"]
    assert ("4.12.0", "pay to prod: InProgress; canary 2 of 8") == (read["Version"], read["Title"])
