"""Where a report comes from, as PROV-JSON: what was made of what, by whom, with what.

Entities are the claim, the copies of sources, step results and each version;
activities the steps and each publication; agents the people by their role, the
desk and the software. Names that the report prints, and no other personal data.
"""

from collections.abc import Iterator
from typing import Any

from claims.publishing.claimreview import timestamp
from claims.publishing.document import HistoryEntry, Person, ReportDocument

Node = dict[str, Any]


def _kind(name: str) -> Node:
    return {"$": f"prov:{name}", "type": "prov:QUALIFIED_NAME"}


def prov_json(document: ReportDocument, *, software: str, software_version: str) -> Node:
    """The provenance of a report, all versions of its history included."""
    graph = _Graph(document)
    graph.agents(software, software_version)
    graph.inputs()
    graph.steps()
    graph.versions()
    return graph.data


class _Graph:
    """A PROV-JSON document while it is being filled."""

    def __init__(self, document: ReportDocument) -> None:
        self.document = document
        prefixes = {"report": document.url, "prov": "http://www.w3.org/ns/prov#", "desk": document.desk.url}
        self.data: Node = {"prefix": prefixes, "entity": {}, "activity": {}, "agent": {}}
        self._count = 0

    def agents(self, software: str, version: str) -> None:
        """The desk, the program and the people whom the report names."""
        agents = self.data["agent"]
        agents["desk:publisher"] = {"prov:type": _kind("Organization"), "prov:label": self.document.desk.name}
        label = f"{software} {version}".strip()
        agents["desk:software"] = {"prov:type": _kind("SoftwareAgent"), "prov:label": label}
        for name, person, role in self._people():
            agents[name] = {"prov:type": _kind("Person"), "prov:label": person.name, "desk:role": role}

    def inputs(self) -> None:
        """The claim and the sources with their copies."""
        claim = self.document.claim
        self.data["entity"]["report:claim"] = {"prov:label": claim.stated, "prov:value": claim.quote}
        for source in self.document.sources:
            entity = {
                "prov:label": source.title,
                "prov:location": source.url or source.where,
                "desk:archive": source.archive.url,
                "desk:sha256": source.archive.sha256,
                "desk:stance": source.stance,
            }
            filled = {key: value for key, value in entity.items() if value}
            self.data["entity"][f"report:source-{source.number}"] = filled

    def steps(self) -> None:
        """Each step of the check as an activity with its result."""
        for number, step in enumerate(self.document.how_checked, start=1):
            activity, result = f"report:step-{number}", f"report:step-{number}-result"
            self.data["activity"][activity] = {"prov:label": step.label, "desk:outcome": step.outcome}
            if step.ran_on:
                self.data["activity"][activity]["prov:endTime"] = f"{step.ran_on.isoformat()}T00:00:00Z"
            made_with = " ".join(part for part in (step.tool, step.model) if part)
            entity = {"prov:label": step.outcome_words or step.outcome, "desk:madeWith": made_with}
            self.data["entity"][result] = {key: value for key, value in entity.items() if value}
            self._relate("used", {"prov:activity": activity, "prov:entity": "report:claim"})
            self._relate("wasGeneratedBy", {"prov:entity": result, "prov:activity": activity})
            self._relate("wasAssociatedWith", {"prov:activity": activity, "prov:agent": "desk:software"})

    def versions(self) -> None:
        """One publication for every version, each a revision of the one before."""
        before = ""
        for entry in self.document.history:
            name = f"report:v{entry.number}"
            self._publication(entry, name)
            if before:
                ends = {
                    "prov:generatedEntity": name,
                    "prov:usedEntity": before,
                    "prov:type": _kind("Revision"),
                }
                self._relate("wasDerivedFrom", ends)
            before = name
        if before:
            self._latest(before)

    def _publication(self, entry: HistoryEntry, name: str) -> None:
        activity = f"report:publish-{entry.number}"
        self.data["entity"][name] = {"prov:label": f"Version {entry.number}", "desk:change": entry.kind}
        self.data["activity"][activity] = {
            "prov:label": f"Publication of version {entry.number}",
            "prov:endTime": timestamp(entry.at),
        }
        self._relate("wasGeneratedBy", {"prov:entity": name, "prov:activity": activity})
        self._relate("wasAssociatedWith", {"prov:activity": activity, "prov:agent": "desk:publisher"})
        self._relate("wasDerivedFrom", {"prov:generatedEntity": name, "prov:usedEntity": "report:claim"})

    def _latest(self, name: str) -> None:
        """What is known of the version at hand: its hash, its sources and its people."""
        self.data["entity"][name]["desk:sha256"] = self.document.sha256()
        for source in self.document.sources:
            used = f"report:source-{source.number}"
            self._relate("wasDerivedFrom", {"prov:generatedEntity": name, "prov:usedEntity": used})
        for agent, _person, _role in self._people():
            self._relate("wasAttributedTo", {"prov:entity": name, "prov:agent": agent})

    def _people(self) -> Iterator[tuple[str, Person, str]]:
        for role, people in (
            ("author", self.document.authors),
            ("second-reader", self.document.second_readers),
        ):
            for number, person in enumerate(people, start=1):
                yield f"desk:{role}-{number}", person, role

    def _relate(self, relation: str, ends: Node) -> None:
        self._count += 1
        self.data.setdefault(relation, {})[f"_:r{self._count}"] = ends
