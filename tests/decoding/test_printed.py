"""Output of programs that no one reads: it is said what it is, and what would be read."""

import pytest

from lastgood.decoding.input import Input
from lastgood.decoding.printed import printed
from lastgood.intake._registry import best_claim

TEXTS = {
    "rollout history": "deployment.apps/checkout \nREVISION  CHANGE-CAUSE\n41        kubectl set image\n",
    "get pods": "NAME                       READY   STATUS             RESTARTS   AGE\ncheckout-7d9f8b6c5-x2x9z   0/1     CrashLoopBackOff   6          12m\n",
    "get nodes": "NAME     STATUS   ROLES    AGE   VERSION\nnode-1   Ready    <none>   9d    v1.31.0\n",
    "yaml": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Event\n",
    "docker ps": 'CONTAINER ID   IMAGE          COMMAND     CREATED       STATUS\n29d72966e0be   checkout:v2    "/app"      2 hours ago   Up\n',
    "systemctl": "● checkout.service - Checkout\n     Loaded: loaded (/etc/systemd/system/checkout.service; enabled)\n     Active: failed\n",
    "df": "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        20G   20G     0 100% /\n",
    "dmesg": "[12345.678901] Out of memory: Killed process 5633 (java)\n[12346.678901] oom_reaper: reaped\n",
    "terraform": "Terraform will perform the following actions:\n\n  # aws_db.x will be updated\nPlan: 0 to add, 1 to change\n",
    "ansible": "PLAY [shop] ****\n\nTASK [copy] ****\nchanged: [web-1]\n\nPLAY RECAP ****\nweb-1 : ok=1 changed=1\n",
    "EXPLAIN": " QUERY PLAN\n---------\n Seq Scan on orders  (cost=0.00..1.00 rows=1) (actual time=0.1..5006.2 rows=1 loops=1)\n",
    "oneline": "1a2b3c4 checkout: shorten it\n2a2b3c4 cart: new button\n",
    "nomad node status": "ID        Node Pool  DC   Name  Class   Drain  Eligibility  Status\n1e88c0a2  default    a1   n-1   <none>  false  eligible     ready\n",
    "YAML object": "spec:\n  template:\n    spec:\n      containers:\n      - image: hub/seats:v3\n",
    "git fast-export": "feature done\nblob\nmark :1\ndata 3\nab\n\nreset refs/heads/main\n",
    "git bundle": "# v2 git bundle\n1a2b3c4d refs/heads/main\n\nPACK",
    "chronyc tracking": "Reference ID    : 0A400003 (ntp.seats.example)\nStratum         : 3\n",
    "XML": '<?xml version="1.0"?>\n<Events><Event/></Events>\n',
}


@pytest.mark.parametrize("what", TEXTS)
def test_it_is_said_what_a_text_is_and_what_to_load(what: str) -> None:
    """And no source takes it for something else."""
    content = TEXTS[what].encode()
    assert best_claim(Input(None, "x.txt", content)) is None
    assert what in printed(content)
    assert "; load " in printed(content)


@pytest.mark.parametrize("text", ["", "hello\nworld\n", "# Notes\n\nThe pods are down.\n", '{"a": 1}\n'])
def test_what_is_not_known_is_not_guessed_at(text: str) -> None:
    """Prose and other data."""
    assert "" == printed(text.encode())


@pytest.mark.parametrize("magic", [b"7z\xbc\xaf\x27\x1c\x00\x04", b"Rar!\x1a\x07\x01\x00"])
def test_an_archive_that_is_not_opened_is_refused_with_words(magic: bytes) -> None:
    """With what to do."""
    content = magic + bytes(range(256))
    assert best_claim(Input(None, "bundle.7z", content)) is None
    assert "archive is not opened; unpack it" in printed(content)
