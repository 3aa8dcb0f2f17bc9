"""Whether a sentence about the organisation seems to name somebody."""

import re
from collections.abc import Iterable

from portal.words import search_key

NAMED = "Cette phrase semble nommer une personne. Parlez de l’organisation, sans nom ni fonction unique."


def names_one_of(text: str, people: Iterable[tuple[str, str]]) -> bool:
    """`people`: (given, family). A name counts when each of its words is in the text."""
    words = _words(text)
    return any((parts := _words(name)) and parts <= words for both in people for name in both)


def _words(text: str) -> set[str]:
    return set(re.split(r"[^a-z0-9]+", search_key(text))) - {""}
