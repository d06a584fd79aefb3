"""Commits are found in the deploy that carried them, and changes in the services that they touch."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.change_lineage import (
    bare,
    configures,
    one_deploy,
    origins,
    owner_of,
    part_of,
    same,
    superseded,
    tag_parts,
)
from lastgood.model.change import Change, ChangeKind

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
SHA = "4be1c0ffee4be1c0ffee4be1c0ffee4be1c0ffee"


def change(name: str, kind: str, minute: float, service: str = "shop", **given: Any) -> Change:
    """A change so many minutes after the start."""
    at = START + timedelta(minutes=minute)
    return Change(name, ChangeKind(kind), at, at, service, **given)


def carriers(*changes: Change, services: tuple[str, ...] = ("shop", "cart")) -> list[str | None]:
    """The ids of what carried each change."""
    return [None if o.carrier is None else changes[o.carrier].change_id for o in origins(changes, services)]


def test_a_tag_a_run_and_a_deploy_of_one_revision_are_one() -> None:
    """By version or revision, through each other; what was there before is no name of it, nor what another service has."""
    tag = change("tag", "deploy", 0, version="v2", state="tagged", attributes={"vcs.ref.head.revision": SHA})
    run = change("run", "deploy", 20, attributes={"sha": SHA[:12]})
    rollout = change("rollout", "deploy", 22, version="v2", previous="v1")
    other = change("other", "deploy", 22, "cart", attributes={"sha": SHA})
    later = change("later", "deploy", 40, version="v3", attributes={"previous.sha": SHA})

    assert {0: 2, 1: 2, 2: 2} == one_deploy([tag, run, rollout, other, later])
    assert {0: 2, 1: 2, 2: 2} == one_deploy([run, tag, rollout])
    assert {} == one_deploy([run, rollout])


def test_a_commit_came_with_the_next_deploy_of_its_service() -> None:
    """Not with one before, nor with one of another service."""
    changes = (
        change("old", "deploy", 0), change("c", "commit", 5), change("other", "deploy", 6, "cart"),
        change("next", "deploy", 9), change("last", "deploy", 20),
    )  # fmt: skip

    assert [None, "next", None, None, None] == carriers(*changes)


def test_a_commit_came_with_the_deploy_that_names_its_revision() -> None:
    """By the version, shortened, or by an attribute; a deploy that it names itself goes before all."""
    commit = change(SHA, "commit", 5)
    short = change("short", "deploy", 30, version=SHA[:8])
    attribute = change("attribute", "deploy", 30, attributes={"vcs.ref.head.revision": SHA})

    several = change("several", "deploy", 30, attributes={"commits": f"aaaaaaa,{SHA[:10]}"})
    numbered = change("numbered", "deploy", 30, version="v9")

    assert "several" == carriers(commit, change("next", "deploy", 9), several)[0]
    assert (
        "numbered"
        == carriers(change(SHA, "commit", 5, version="9"), change("next", "deploy", 9), numbered)[0]
    )
    assert "short" == carriers(commit, change("next", "deploy", 9), short)[0]
    assert "attribute" == carriers(commit, change("next", "deploy", 9), attribute)[0]
    assert "next" == carriers(change(SHA, "commit", 5, within="next"), change("next", "deploy", 9), short)[0]


def test_a_commit_without_a_deploy_waits_or_belongs_to_an_older_one() -> None:
    """Deploys of its service are on record, but none since; or it names one that is not."""
    waiting = origins([change("old", "deploy", 0), change("c", "commit", 5)], ["shop"])[1]
    earlier = origins([change("c", "commit", 5, within="gone")], ["shop"])[0]
    alone = origins([change("c", "commit", 5)], ["shop"])[0]

    assert (True, False) == (waiting.waiting, waiting.earlier)
    assert (False, True) == (earlier.waiting, earlier.earlier)
    assert (False, False) == (alone.waiting, alone.earlier)


def test_paths_say_which_services_a_commit_of_many_touches() -> None:
    """Folders and the names of files; what is no one's own is shared."""
    mono = change("c", "commit", 1, "monorepo", files=("services/cart-service/app.py", "deploy/shop.yaml"))
    library = change("l", "commit", 1, "monorepo", files=("libs/http/client.py",))

    assert frozenset({"cart", "shop"}) == origins([mono], ["shop", "cart"])[0].touched
    assert (frozenset(), True) == ((found := origins([library], ["shop", "cart"])[0]).touched, found.shared)


def test_a_commit_of_many_came_with_the_deploy_of_what_it_touches() -> None:
    """The repository has another name than the service."""
    mono = change("c", "commit", 1, "monorepo", files=("services/cart/app.py",))

    assert "d" == carriers(mono, change("x", "deploy", 3), change("d", "deploy", 5, "cart"))[0]


def test_a_library_reaches_who_takes_its_next_version() -> None:
    """Its commit goes out with the deploy of the service that named it in its manifest."""
    changes = [
        change("lib", "commit", 0, "http-client"),
        change("bump", "commit", 5),
        change("d", "deploy", 9),
    ]
    found = origins(changes, ["shop"], {1: ["http-client"]})[0]

    assert (2, frozenset({"shop"}), True) == (found.carrier, found.touched, found.shared)


def test_one_deploy_reported_by_two_feeds_is_one() -> None:
    """The same version of the same service within hours; another previous version makes another deploy."""
    tag, rollout = (
        change("tag", "deploy", 0, version="v2"),
        change("run", "deploy", 20, "shop-service", version="2"),
    )
    again = change("again", "deploy", 30, version="v2", previous="v3")

    assert {0: 1, 1: 1} == one_deploy([tag, rollout])
    assert {} == one_deploy([change("a", "deploy", 0, version="v2", previous="v1"), again])


def test_names_of_one_party() -> None:
    """An ending, a spelling, a word of a host name."""
    assert "cart" == bare("Cart_Service") == bare("cartservice") == bare("cart")
    assert same("stripe", "api.stripe.com")
    assert not same("", "")
    assert not same("cart", "shop")


KINDS = st.sampled_from(["deploy", "commit", "config", "migration"])
ANY = st.lists(
    st.builds(change, st.sampled_from("abc"), KINDS, st.floats(0, 99), st.sampled_from(["shop", "cart", "", "lib"]),
              within=st.sampled_from(["", "a", "z"]), version=st.sampled_from(["", "v1", SHA]), files=st.lists(st.text(max_size=9), max_size=2).map(tuple)),
    max_size=8,
)  # fmt: skip


@given(ANY)
def test_every_change_has_an_origin(changes: list[Change]) -> None:
    """A carrier is a deploy, and never the change itself."""
    found = origins(changes, ["shop", "cart"], {0: ["lib"]} if changes else None)

    assert len(changes) == len(found)
    for place, origin in enumerate(found):
        assert origin.carrier is None or (
            changes[origin.carrier].kind == "deploy" and origin.carrier != place
        )


def test_what_is_applied_by_itself_goes_out_with_no_deploy() -> None:
    """A commit of an infrastructure repository, or of its folders, unless a deploy is of it or names it."""
    infra = change("c", "commit", 5, "infra", files=("overlays/prod/shop/env.yaml",))
    folder = change(
        "c", "commit", 5, "everything", files=("terraform/rds/shop.tf", "charts/shop/values.yaml")
    )
    code = change("c", "commit", 5, "everything", files=("terraform/rds/shop.tf", "shop/main.go"))
    settings = change("c", "commit", 5, "shop-config", files=("shop/production.yaml",))
    after = change("next", "deploy", 9)

    assert carriers(settings, after)[0] is None
    assert not origins([settings, change("before", "deploy", 1)], ["shop"])[0].waiting
    assert [None, None] == [carriers(one, after)[0] for one in (infra, folder)]
    assert not origins([infra, change("before", "deploy", 1)], ["shop"])[0].waiting
    assert "next" == carriers(code, after)[0]
    assert "next" == carriers(infra, change("next", "deploy", 9, "infra"))[0]


def test_what_is_shared_waits_for_a_deploy_of_who_may_take_it() -> None:
    """None of the suspected came since; one did; and where no deploys are reported, nothing is known."""
    library = change("c", "commit", 5, "shared-lib", files=("libs/common/http.py",))
    taker, other = change("d", "deploy", 9), change("d", "deploy", 9, "cart")

    assert origins([library, other], ["shop", "cart"], suspected=["shop"])[0].untaken
    assert not origins([library, taker], ["shop", "cart"], suspected=["shop"])[0].untaken
    assert not origins([library], ["shop", "cart"], suspected=["shop"])[0].untaken


@pytest.mark.parametrize(
    ("tag", "name", "version"),
    [
        ("cart/v1.2.0", "cart", "v1.2.0"),
        ("services/cart/v1.2.0-rc.1", "services/cart", "v1.2.0-rc.1"),
        ("cart-v3", "cart", "v3"),
        ("cart_v3", "cart", "v3"),
        ("pay-2-go-1.4.2", "pay-2-go", "1.4.2"),
        ("cart-2026-11-20", "cart", "2026-11-20"),
        ("cart@2.0.0", "cart", "2.0.0"),
        ("@acme/cart@v2", "acme/cart", "v2"),
        ("v1.2.0", "", "v1.2.0"),
        ("1.2.0-rc.1", "", "1.2.0-rc.1"),
        ("v2-beta", "", "v2-beta"),
        ("release-1.2", "", "release-1.2"),
        ("releases/v1.2", "", "releases/v1.2"),
        ("2026-11-20", "", "2026-11-20"),
        ("sprint-42", "", "sprint-42"),
        ("nightly", "", "nightly"),
        ("", "", ""),
    ],
)
def test_a_tag_names_a_part_of_its_repository_or_all_of_it(tag: str, name: str, version: str) -> None:
    """In the spellings that repositories of several services use; a plain version is the repository's."""
    assert (name, version) == tag_parts(tag)
    assert part_of(name) == name.rpartition("/")[2]


def test_deploys_of_one_repository_are_those_of_the_parts_that_their_versions_name() -> None:
    """A feed has the repository as their service: each part has its own, and a commit comes with that of its part."""
    cart = change("cart", "deploy", 9, "mono", version="cart/v2")
    mail = change("mail", "deploy", 7, "mono", version="mail/v2")
    notice = change("notice", "deploy", 10, "cart", version="2")
    commit = change("c", "commit", 5, "mono", files=("services/cart/app.py",))

    assert {0: 2, 2: 2} == one_deploy([cart, mail, notice])
    assert [None, None, "cart"] == carriers(cart, mail, commit, services=("cart", "mail"))


def test_a_commit_within_a_tag_of_a_part_came_with_the_deploy_of_that_part() -> None:
    """Its files are in no one's folder; the tag says whose they are."""
    tag = change("tag/mono/cart/v2", "deploy", 6, "cart", version="v2", state="tagged")
    commit = change("c", "commit", 5, "mono", within="tag/mono/cart/v2", files=("x.py",))
    mail, cart = change("m", "deploy", 7, "mail", version="2"), change("d", "deploy", 8, "cart", version="2")

    assert "d" == carriers(commit, tag, mail, cart, services=("cart", "mail"))[0]


def test_a_repository_that_configures_is_no_party() -> None:
    """By a word of its name."""
    names = ("platform-values", "ansible", "proxy-config", "shop-compose", "catalog", "valuesmith")

    assert [True, True, True, True, False, False] == [
        configures(change("c", "commit", 1, name)) for name in names
    ]


def test_a_commit_of_settings_goes_with_their_own_deploy() -> None:
    """Not with the deploy of a service that its path names, where its repository has deploys."""
    commit = change("c", "commit", 1, "settings", files=("cart/limits.yaml",))
    own, other = change("own", "deploy", 9, "settings"), change("other", "deploy", 5, "cart")

    assert [None, "own", None] == carriers(other, commit, own)


def test_a_notice_of_a_provider_has_no_deploy() -> None:
    """An update that names its incident did not go out with anything."""
    (notice,) = origins([change("n2", "third_party", 5, "maps", within="n1")], ("shop",))

    assert (None, False) == (notice.carrier, notice.earlier)


def test_when_a_commit_without_any_deploy_took_effect_is_not_recorded() -> None:
    """Nor is it after the deploys of its service: then it waits."""
    alone, waits = (
        origins(changes, ("shop",))[0]
        for changes in (
            (change("c", "commit", 5),),
            (change("c", "commit", 5), change("d", "deploy", 1)),
        )
    )

    assert (True, False) == (alone.unrecorded, waits.unrecorded)


def test_a_numbered_instance_and_a_store_belong_to_their_service() -> None:
    """Two instances are not each other; a name without a word of stores has no owner."""
    assert same("dispatch", "dispatch-1")
    assert not same("dispatch-2", "dispatch-1")
    assert ["pricing", "orders", "", ""] == [
        owner_of(name) for name in ("pricing-db", "orders_postgres_1", "dispatch-1", "redis")
    ]


def test_a_tool_that_applies_carries_commits_of_settings() -> None:
    """Helm's next revision of what a path names, a sync that names the revision, and no deploy by a pipeline."""
    values = change("c", "commit", 0, "helm-values", files=("cart/values.yaml",))
    helm = change("h", "deploy", 9, "cart", version="2", attributes={"helm.revision": "7"})
    pipeline = change("p", "deploy", 4, "cart", version="2")
    fleet = change(SHA, "commit", 0, "fleet", files=("clusters/eu/live/traffic.yaml",))
    sync = change(
        "s",
        "deploy",
        9,
        "cart",
        version=SHA[:12],
    )

    assert ["h", None] == carriers(values, helm)
    assert [None, None] == carriers(values, pipeline)
    assert ["s", None] == carriers(fleet, sync)
    assert frozenset({"cart"}) == origins([fleet, sync], ("shop", "cart"))[0].touched


@pytest.mark.parametrize(
    ("file", "carrier"),
    [
        ("roles/waf/defaults/main.yml", "r"),
        ("ansible/group_vars/edge.yml", "r"),
        ("host_vars/edge-1.yml", "r"),
        ("roles/mysql/templates/my.cnf.j2", None),
    ],
)
def test_a_run_of_ansible_carries_commits_of_its_role_group_and_hosts(file: str, carrier: str | None) -> None:
    """The first run after them; an earlier one and one of another role did not."""
    commit = change("c", "commit", 0, "infra", files=(file,))
    attributes = {"ansible.task": "waf : write rules", "host.name": "edge-1, edge-2"}
    runs = [
        change(n, "config", at, "edge", attributes=attributes) for n, at in (("e", -9), ("r", 5), ("l", 9))
    ]

    assert carrier == carriers(commit, *runs)[0]


def test_a_tag_is_out_when_a_later_deploy_of_its_service_is_on_record() -> None:
    """Not by another tag, by another service, nor by what comes after the time in question."""
    tag = change("tag", "deploy", 0, version="v2", state="tagged")
    later = change("later", "deploy", 30, version="v3")
    onset = START + timedelta(minutes=40)

    assert superseded(tag, [tag, later], onset)
    assert not superseded(tag, [tag, later], later.at)
    assert not superseded(tag, [tag, change("next", "deploy", 30, version="v3", state="tagged")], onset)
    assert not superseded(tag, [tag, change("other", "deploy", 30, "cart", version="v3")], onset)


def test_a_tag_is_the_deploy_that_names_its_revision_whatever_that_is_of() -> None:
    """A repository of settings has another name than what runs with them; two that were deployed from it are not one."""
    tag = change("tag", "deploy", 0, "cart-settings", version="c7", state="tagged", attributes={"sha": SHA})
    own = change("own", "commit", -9, "cart-settings", within="tag")
    rolled = change("rolled", "deploy", 30, "cart", version="c7", attributes={"sha": SHA[:12]})
    twice = change("twice", "deploy", 31, "shop", attributes={"sha": SHA})

    assert {0: 2} == one_deploy([tag, own, rolled])
    assert {} == one_deploy([tag, own, rolled, twice])
    assert "rolled" == carriers(tag, own, rolled)[1]


def test_of_several_runs_of_a_revision_the_one_that_names_what_it_is_about_carried_it() -> None:
    """The plays of one repository bring it to one group of machines after another."""
    commit = change(
        SHA, "commit", 0, "machines", title="database roles: one mapping", files=("roles/pool/main.yml",)
    )
    web = change("web", "deploy", 20, "machines", title="PLAY [web]", attributes={"sha": SHA})
    data = change("data", "deploy", 90, "machines", title="PLAY [databases]", attributes={"sha": SHA})

    assert "data" == carriers(commit, web, data)[0]
    assert "web" == carriers(change(SHA, "commit", 0, "machines", title="headers"), web, data)[0]


def test_what_an_earlier_tag_carried_is_not_in_a_later_deploy_of_another_service() -> None:
    """Where deploys bear the tags of a repository; without the later tag the next deploy of what it touches has it."""
    files = ("shop/a.py", "cart/b.css")
    commit = change("c", "commit", 0, "", within="old", files=files)
    old = change("old", "deploy", 1, "", version="v1", state="tagged")
    new = change("new", "deploy", 20, "", version="v2", state="tagged")
    shop = change("shop-v2", "deploy", 25, "shop", version="2")
    cart = change("cart-v9", "deploy", 40, "cart", version="9")

    assert "old" == carriers(commit, old, new, shop, cart)[0]
    assert carriers(commit, old, shop, cart)[0] in {"shop-v2", "cart-v9"}
