"""Words of Kubernetes in plain words, for those who do not run it every day (kubernetes.io/docs)."""

import re

_WORDS = (
    (r"OOMKill(?:ed|ing)|SystemOOM", "killed because it used more memory than allowed"),
    (r"CrashLoopBackOff|Back-?[Oo]ff restarting", "it exits again and again, and each restart waits longer"),
    (r"[Rr]eadiness probe", "the pod receives no requests until this check passes"),
    (r"[Ll]iveness probe", "the container is restarted when this check keeps failing"),
    (r"[Ss]tartup probe", "the container is restarted if it does not start in time"),
    (r"ImagePullBackOff|ErrImagePull", "the image cannot be fetched, so the container does not start"),
    (r"CreateContainerConfigError", "a ConfigMap or Secret of the container is missing"),
    (r"FailedScheduling", "no node has room for the pod, so it does not start"),
    (r"FailedMount", "a volume cannot be attached, so the container does not start"),
    (r"Evicted|TaintManagerEviction", "the node stopped the pod, mostly because the node ran short of a resource"),
    (r"Preempted", "stopped to make room for a pod of higher priority"),
    (r"NodeNotReady", "the node does not report; its pods are started elsewhere after minutes"),
    (r"DiskPressure", "the node has little disk space left and stops pods"),
    (r"MemoryPressure", "the node has little memory left and stops pods"),
    (r"Unhealthy(?!: \w+ probe)", "a health check of the pod fails"),
)  # fmt: skip
MEANINGS = tuple((re.compile(rf"\b{words}\b"), meaning) for words, meaning in _WORDS)


class Glossary:
    """The meanings that one card has not given yet."""

    def __init__(self) -> None:
        self._left = dict(MEANINGS)

    def explained(self, text: str) -> str:
        """The text, followed by what its words mean, each once on a card."""
        found = {word: hit.group() for word in self._left if (hit := word.search(text))}
        return " · ".join((text, *(f"{term}: {self._left.pop(word)}" for word, term in found.items())))
