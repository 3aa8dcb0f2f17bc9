"""What changes between two versions of a charter, article by article, in words. Pure: no table."""

import difflib
import re
from dataclasses import dataclass

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
WORDS = {ADDED: "ajouté", CHANGED: "modifié", REMOVED: "retiré"}
TONES = {ADDED: "go", CHANGED: "wait", REMOVED: "stop"}
KEPT, INSERTED, DELETED = "kept", "inserted", "deleted"


@dataclass(frozen=True)
class Change:
    """One article that is not the same. `parts`: list of (kept | inserted | deleted, text), in reading order."""

    kind: str
    title: str
    parts: list[tuple[str, str]]

    @property
    def word(self) -> str:
        return WORDS[self.kind]

    @property
    def tone(self) -> str:
        return TONES[self.kind]


def compare(old: list[dict], new: list[dict]) -> list[Change]:
    """Articles ({"title", "text"}) added, changed or removed, in the new order, those removed last."""
    before = {article["title"]: article["text"] for article in old}
    after = {article["title"]: article["text"] for article in new}
    changes = []
    for title, text in after.items():
        if title not in before:
            changes.append(Change(ADDED, title, [(INSERTED, text)]))
        elif _bare(before[title]) != _bare(text):
            changes.append(Change(CHANGED, title, words(before[title], text)))
    gone = [Change(REMOVED, title, [(DELETED, text)]) for title, text in before.items() if title not in after]
    return changes + gone


def words(old: str, new: str) -> list[tuple[str, str]]:
    """The two texts in one: words kept, then deleted and inserted where they differ."""
    a, b = _tokens(old), _tokens(new)
    parts: list[tuple[str, str]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append((KEPT, "".join(b[k:m])))
            continue
        if i < j:
            parts.append((DELETED, "".join(a[i:j])))
        if k < m:
            parts.append((INSERTED, "".join(b[k:m])))
    return parts


def _tokens(text: str) -> list[str]:
    """Words and signs, each with the space that follows."""
    return re.findall(r"\w+\s*|[^\w\s]\s*|\s+", text)


def _bare(text: str) -> str:
    return " ".join(text.split())
