"""Cells as metrics."""

from lastgood.decoding.terminal.measures import is_short, of_gpu, of_list, of_pair, of_row


def test_a_known_table_and_its_shares() -> None:
    """A processor's use is what neither idles nor waits for disks."""
    found = {
        v.metric: v for v in of_row(("CPU", "%user", "%iowait", "%idle"), ("all", "11.5", "43.3", "42.2"))
    }

    assert 0.145 == found["system.cpu.utilization"].value
    assert (0.433, "1") == (
        found["system.disk.iowait.utilization"].value,
        found["system.disk.iowait.utilization"].unit,
    )
    assert {} == found["system.cpu.utilization"].attributes
    (one, *_) = of_row(("CPU", "%user", "%idle"), ("3", "11.5", "88.5"))
    assert {"cpu.logical_number": "3"} == one.attributes


def test_an_unknown_table() -> None:
    """The texts before the first number say what it is about; units are of the header or of the cell."""
    found = list(
        of_row(
            ("REGION", "SHARD", "QUEUED(bytes)", "BUSY", "NOTE"), ("north", "a1", "12Ki", "97%", "x"), "relay"
        )
    )

    assert [("relay.queued", "By", 12 * 1024.0), ("relay.busy", "%", 97.0)] == [
        (v.metric, v.unit, v.value) for v in found
    ]
    assert ({"shard": "a1"}, {"cloud.region": "north"}) == (found[0].attributes, found[0].resource) or {
        "cloud.region": "north", "shard": "a1",
    } == found[0].attributes  # fmt: skip


def test_two_quantities_in_a_cell() -> None:
    """Used and limit, in and out, ready and wanted."""
    names = ("NAME", "CPU %", "MEM USAGE / LIMIT", "MEM %", "NET I/O")
    found = {v.metric: v.value for v in of_row(names, ("web-1", "150%", "1GiB / 2GiB", "50%", "1kB / 2kB"))}
    ready = {
        v.metric: v.value
        for v in of_row(("NAME", "READY", "STATUS", "RESTARTS"), ("cart-0", "1/2", "Running", "3"))
    }

    assert (1.5, 2.0**30, 2.0**31, 0.5) == tuple(
        found[f"container.{name}"]
        for name in ("cpu.usage", "memory.usage", "memory.limit", "memory.utilization")
    )
    assert (1000.0, 2000.0) == (found["container.network.receive"], found["container.network.transmit"])
    assert {
        "k8s.pod.containers.ready": 1.0,
        "k8s.pod.containers.count": 2.0,
        "k8s.container.restarts": 3.0,
    } == ready


def test_whose_a_row_is() -> None:
    """A pod's owner, a consumer group; a node is itself."""
    pod = next(of_row(("NAME", "CPU(cores)", "MEMORY(bytes)"), ("cart-6f7c9d5b4d-2kq8z", "410m", "1Gi")))
    node = next(
        of_row(
            ("NAME", "CPU(cores)", "CPU%", "MEMORY(bytes)", "MEMORY%"),
            ("ip-10-0-1-12", "1", "9%", "1Gi", "9%"),
        )
    )

    assert ("cart", {"k8s.pod.name": "cart-6f7c9d5b4d-2kq8z"}) == (pod.service, pod.resource)
    assert "ip-10-0-1-12" == node.service


def test_lists_of_figures() -> None:
    """As `top` begins with."""
    cpu = {
        v.metric: v.value
        for v in of_list("%Cpu(s)", {"us": "93.3", "sy": "2.0", "id": "1.2", "wa": "3.3", "si": ".2"})
    }
    memory = {v.metric: v.value for v in of_list("MiB Mem", {"total": "16.0", "free": "1.0", "used": "12.0"})}

    assert (0.955, 0.002) == (cpu["system.cpu.utilization"], cpu["system.cpu.softirq.utilization"])
    assert (0.75, 12 * 2.0**20) == (memory["system.memory.utilization"], memory["system.memory.used"])


def test_labelled_rows_that_end_early() -> None:
    """`Swap:` has no available."""
    assert is_short(("total", "used", "free", "shared"), ("Swap:", "8", "2", "6"))
    assert not is_short(("total", "used", "free"), ("Other:", "8"))
    swap = {v.metric: v.value for v in of_row(("total", "used", "free", "shared"), ("Swap:", "8", "2", "6"))}
    assert 0.25 == swap["system.paging.utilization"]


def test_names_with_figures() -> None:
    """Of redis, netstat and MySQL: counters where they only grow."""
    (memory,) = of_pair("redis", "Memory", "used_memory", "1024")
    (evicted,) = of_pair("redis", "Stats", "evicted_keys", "12")
    (retransmits,) = of_pair("", "Tcp", "segments retransmitted", "100")
    (slow,) = of_row(("Variable_name", "Value"), ("Slow_queries", "40"))
    (running,) = of_row(("Variable_name", "Value"), ("Threads_running", "94"))

    assert ("redis.memory.used", "By", "gauge") == (memory.metric, memory.unit, memory.type)
    assert ("redis.evicted_keys", "counter") == (evicted.metric, evicted.type)
    assert ("system.network.tcp.retransmits", "counter") == (retransmits.metric, retransmits.type)
    assert ("mysql.global_status.slow_queries", "counter") == (slow.metric, slow.type)
    assert ("mysql.global_status.threads_running", "gauge", "mysql") == (
        running.metric,
        running.type,
        running.program,
    )
    assert [] == list(of_pair("redis", "", "tcp_port", "6379")) == list(of_pair("", "", "mode", "standalone"))


def test_a_graphics_processor() -> None:
    """Of nvidia-smi's boxes."""
    line = "|  0%   78C    P0             270W /  300W |   20480MiB /  40960MiB |     99%      Default |"
    found = {v.metric: v.value for v in of_gpu(line)}
    assert (0.99, 0.5) == (found["hw.gpu.utilization"], found["hw.gpu.memory.utilization"])
    assert [] == list(of_gpu("| nothing |"))


def test_memory_as_the_kernel_tells_it() -> None:
    """Under the names of node_exporter; its kilobytes are of 1024 bytes."""
    (free,) = of_pair("", "", "MemAvailable", "2048 kB")
    assert ("node_memory_MemAvailable_bytes", 2048 * 1024.0) == (free.metric, free.value)
