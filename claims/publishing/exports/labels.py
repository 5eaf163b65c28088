"""The few words that a file needs around a report; pass others for another language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

STANCES = {"supports": "supports the claim", "undermines": "undermines the claim", "context": "gives context"}
KINDS = {"primary": "primary source", "secondary": "secondary source", "expert": "expert"}
CHANGES = {
    "first": "published",
    "typo": "typing error mended",
    "update": "update",
    "clarification": "clarification",
    "correction": "correction",
    "verdict_change": "verdict changed",
    "retraction": "withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """English by default, sentence case."""

    claim: str = "The claim"
    read_as: str = "How it was read"
    verdict: str = "Verdict"
    withdrawn: str = "Withdrawn"
    scale: str = "What the word means"
    short: str = "If your time is short"
    why_checked: str = "Why we checked this"
    evidence: str = "Evidence"
    reply: str = "What the claimant says"
    not_established: str = "What we could not establish"
    how_checked: str = "How we checked"
    conclusion: str = "Conclusion"
    sources: str = "Sources"
    archived: str = "archived copy"
    own_copy: str = "copy held by the desk, SHA-256"
    no_copy: str = "no copy"
    accessed: str = "accessed"
    interests: str = "interests"
    who: str = "Who did this"
    author: str = "Checked by"
    second_reader: str = "Second reader"
    methodology: str = "Methodology version"
    exceptions: str = "Rules set aside"
    history: str = "History"
    version: str = "Version"
    permalink: str = "Permanent address"
    back: str = "Back to the text"
    stances: Mapping[str, str] = field(default_factory=lambda: STANCES)
    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS)
    changes: Mapping[str, str] = field(default_factory=lambda: CHANGES)
    # Names of the desk's rules by their keys, and of steps by their English names; what is missing stays as it is.
    gates: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)


ENGLISH = Labels()
