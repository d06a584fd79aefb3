"""Roll-outs that only events tell of."""

from datetime import UTC, datetime, timedelta

from lastgood.model.change import Change, ChangeKind
from lastgood.readings.rollouts import ROLL_OUT_TAKES, with_rollouts

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def scaled(way: str, replica_set: str, minutes: float = 0, to: str = "3") -> Change:
    """An event of a Deployment."""
    at = START + timedelta(minutes=minutes)
    title = f"ScalingReplicaSet: Scaled {way} replica set {replica_set} to {to}"
    return Change(
        f"{replica_set}/{way}", ChangeKind.SCALING, at, at, "cart", title, state="ScalingReplicaSet"
    )


def stopped(pod: str, minutes: float) -> Change:
    """The event that a pod's container is stopped."""
    at = START + timedelta(minutes=minutes)
    about = {"k8s.pod.name": pod}
    return Change(pod, ChangeKind.INFRASTRUCTURE, at, at, "cart", "Killing: Stopping container cart", state="Killing", attributes=about)  # fmt: skip


def test_one_hash_in_place_of_another_is_a_deploy() -> None:
    """From the first growth to the last event, with its parts taken out; others stay."""
    other = scaled("up", "mail-6c7d8f9b5", 1)
    parts = [
        scaled("up", "cart-9c6b4d7f5"),
        scaled("down", "cart-75f8dd9b6", 1),
        stopped("cart-75f8dd9b6-p2m8q", 2),
    ]

    (kept, deploy) = with_rollouts([parts[0], other, *parts[1:]])

    assert kept is other
    assert (ChangeKind.DEPLOY, "cart", "cart-9c6b4d7f5") == (deploy.kind, deploy.service, deploy.change_id)
    assert (START, START + timedelta(minutes=2)) == (deploy.at, deploy.until)
    assert "cart-9c6b4d7f5 in place of cart-75f8dd9b6" in deploy.title


def test_pods_that_are_stopped_are_enough_of_the_old_one() -> None:
    """The event that the old set shrinks may be gone: a cluster keeps events for an hour."""
    (deploy,) = with_rollouts([scaled("up", "cart-9c6b4d7f5"), stopped("cart-75f8dd9b6-p2m8q", 1)])

    assert ChangeKind.DEPLOY is deploy.kind


def test_scaling_stays_scaling() -> None:
    """One hash that grows and shrinks, and two that are too far apart."""
    alone = [scaled("up", "cart-9c6b4d7f5"), scaled("down", "cart-9c6b4d7f5", 5)]
    apart = [
        scaled("up", "cart-9c6b4d7f5"),
        scaled("down", "cart-75f8dd9b6", ROLL_OUT_TAKES.total_seconds() / 60 + 1),
    ]

    assert alone == with_rollouts(alone)
    assert apart == with_rollouts(apart)
    near = replace_at(apart[1], START + ROLL_OUT_TAKES)
    assert [ChangeKind.DEPLOY] == [one.kind for one in with_rollouts([apart[0], near])]


def test_the_first_pod_of_a_hash_is_a_deploy() -> None:
    """A cluster keeps events for an hour only; where its settings were changed, that is the change."""
    (deploy,) = with_rollouts([scaled("up", "cart-9c6b4d7f5", to="1")])
    (more,) = with_rollouts([scaled("up", "cart-9c6b4d7f5", to="2 from 1")])
    reloaded = Change("r", ChangeKind.CONFIG, START, START, "cart", "Reloaded: new secret", state="Reloaded")

    assert (ChangeKind.DEPLOY, ChangeKind.SCALING) == (deploy.kind, more.kind)
    assert deploy.title.endswith("replica set cart-9c6b4d7f5")
    assert [reloaded] == with_rollouts([reloaded, scaled("up", "cart-9c6b4d7f5", 0.1, to="1 from 0")])


def replace_at(one: Change, at: datetime) -> Change:
    """The same at another time."""
    return Change(one.change_id, one.kind, at, at, one.service, one.title, state=one.state)


def test_another_feeds_record_of_the_deploy_stays() -> None:
    """The events are its parts."""
    deploy = Change("d1", ChangeKind.DEPLOY, START - timedelta(minutes=2), START, "cart", "cart v3", "v3")
    parts = [scaled("up", "cart-9c6b4d7f5"), scaled("down", "cart-75f8dd9b6", 1)]

    assert [deploy] == with_rollouts([deploy, *parts])
