"""How headers and rows are divided."""

from lastgood.decoding.terminal.cells import boxed, header, is_boxed, is_rule, names_columns


def test_words_gaps_tabs_and_borders() -> None:
    """Whatever makes as many texts of the rows as the header has names."""
    words = header(" r  b   free", [" 1  0 812344"])
    gaps = header("NAME       CPU %     MEM USAGE / LIMIT", ["web        0.50%     12MiB / 2GiB"])
    tabs = header("name\tmessages", ["orders\t12"])
    lines = header("| Variable_name | Value |", ["| Slow_queries  | 40    |"])

    assert words
    assert gaps
    assert tabs
    assert lines
    assert ("r", "b", "free") == words.names
    assert ["web", "0.50%", "12MiB / 2GiB"] == gaps.split("web        0.50%     12MiB / 2GiB")
    assert ["orders", "12"] == tabs.split("orders\t12")
    assert ["Slow_queries", "40"] == lines.split("| Slow_queries  | 40    |")


def test_what_a_header_calls_the_time_is_no_column() -> None:
    """It was taken off the rows before."""
    front = header(
        "# Time        UID       PID    %CPU  Command", ["   1001      4242   15.00  java -Xmx2g"], timed=True
    )
    back = header(" r  b                 UTC", [" 1  0                    "])

    assert front
    assert back
    assert ("UID", "PID", "%CPU", "Command") == front.names
    assert ["1001", "4242", "15.00", "java -Xmx2g"] == front.split("  1001  4242  15.00  java -Xmx2g")
    assert ("r", "b") == back.names


def test_two_words_that_are_one_name_and_what_stands_in_brackets() -> None:
    """`Mounted on`; `3 (5m ago)`."""
    disks = header("Filesystem Size Use% Mounted on", ["/dev/sda1 50G 80% /"])
    pods = header("NAME READY RESTARTS AGE", ["cart-0 0/1 3 (5m ago) 12m"])

    assert disks
    assert pods
    assert "Mounted on" == disks.names[-1]
    assert ["cart-0", "0/1", "3", "12m"] == pods.split("cart-0 0/1 3 (5m ago) 12m")


def test_what_is_no_header() -> None:
    """Figures in it, or rows that do not fit."""
    assert not names_columns("cart 12 13")
    assert not names_columns("The server was started.")
    assert None is header("one two three", ["a b", "c d"])
    assert None is header("one two", ["a b", "c d"])


def test_borders() -> None:
    """Of ASCII and of lines."""
    assert is_rule("+-----+----+")
    assert is_rule("├────┼────┤")
    assert is_rule("========")
    assert not is_rule("cart")
    assert not is_rule("-1")
    assert not is_rule("...")
    assert is_boxed("│ a │ b │")
    assert is_boxed("a | b")
    assert ["a", "b"] == boxed("│ a │ b │") == boxed("a | b")
