"""What the columns of well-known programs are."""

from lastgood.decoding.terminal.known import KNOWN, known


def test_a_program_is_known_by_its_columns() -> None:
    """The more particular one first; of others nothing is known."""
    containers, pods = (
        known(("pod", "name", "cpu(cores)", "memory(bytes)")),
        known(("name", "cpu(cores)", "memory(bytes)")),
    )

    assert containers
    assert pods
    assert "container.cpu.usage" == containers.columns["cpu(cores)"].metric
    assert "k8s.pod.cpu.usage" == pods.columns["cpu(cores)"].metric
    assert None is known(("colour", "weight"))


def test_shares_are_of_columns_that_the_program_has() -> None:
    """Else they would never be reported."""
    for table in KNOWN:
        for share in table.shares:
            assert set(share.parts) <= set(table.columns)
