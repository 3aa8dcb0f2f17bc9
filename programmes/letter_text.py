"""The words of a mission letter, of the visa's one page and of an engagement, from a few facts. Pure: no table.

A text is frozen as canonical JSON; its SHA-256 is what everybody validates. The letter's JSON holds the visa's hash,
so that the letter's own hash covers both. Nothing on the visa's page may speak of health: `health_words` finds out.
"""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.dates import count_in_words, day_in_words, duration_in_words
from portal.words import search_key

TEXTS = Path(__file__).resolve().parent.parent / "fixtures/texts"
PROPOSED_TITLE = "mission transversale d’entraide professionnelle"
# What a passer-by, or the person who gives the time, must not read. Compared without accents, from the word's start.
HEALTH = (
    *("handicap", "sante", "malad", "medic", "medec", "therap", "psych", "diagnos", "trouble", "patholog", "souffran"),
    *("depress", "burn", "suicid", "addict", "cancer", "rqth", "invalidite", "inaptitude", "vulnerab", "deficien"),
    *("autis", "pair-aid", "pair aid", "pairs-aid", "pairs aid", "pairaid", "soin ", "soins "),
)


@dataclass(frozen=True)
class Facts:
    """What the texts say about one letter."""

    reference: str
    employer: str
    neutral_employer: str
    branch: str
    unit: str
    agent: str
    referent: str
    function: str
    contact: str
    mission: str
    starts: dt.date
    ends: dt.date
    minutes_month: int
    absence_days: int
    charter_number: int
    charter_sha256: str
    missions: tuple[str, ...] = ()
    organisation: str = ""


@cache
def source(name: str) -> dict:
    """A text of fixtures/texts."""
    return json.loads((TEXTS / f"{name}.json").read_text(encoding="utf-8"))


def missions() -> list[tuple[str, str]]:
    """Missions that may be ticked: code, words."""
    return [(row["code"], row["label"]) for row in source("letter")["missions"]]


def section_titles() -> list[str]:
    return [section["title"] for section in source("letter")["sections"]]


def canonical(content: dict) -> str:
    """The one way to write this content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def health_words(text: str) -> list[str]:
    """Roots of HEALTH found in `text`."""
    folded = f"{search_key(text)} "
    return [root for root in HEALTH if re.search(rf"(?<!\w){re.escape(root)}", folded)]


def visa(facts: Facts) -> dict:
    """The page of whoever gives the time: nothing else will ever be shown to them."""
    return {
        "kind": "visa",
        "reference": facts.reference,
        "employer": facts.neutral_employer,
        "agent": facts.agent,
        "mission": facts.mission,
        "starts": facts.starts.isoformat(),
        "ends": facts.ends.isoformat(),
        "minutes_month": facts.minutes_month,
        "absence_days": facts.absence_days,
        "contact": {"name": facts.referent, "function": facts.function, "address": facts.contact},
    }


def letter(facts: Facts) -> dict:
    """The twenty sections, the visa's hash inside."""
    sections = _filled("letter", facts)
    labels = dict(missions())
    sections[4]["items"] = [labels[code] for code in facts.missions]
    return _body("letter", "Lettre de mission", facts, sections) | {"visa_sha256": digest(canonical(visa(facts)))}


def convention(facts: Facts) -> dict:
    """With a peer from outside: the same protections, no visa of time, the organisation signs."""
    sections = _filled("convention", facts)
    labels = dict(missions())
    sections[2]["items"] = [labels[code] for code in facts.missions]
    return _body("convention", "Convention de pair-aidance", facts, sections)


def engagement(facts: Facts) -> dict:
    """The one page of a peer in a reciprocal pair."""
    return _body("engagement", "Engagement réciproque", facts, _filled("engagement", facts))


def _body(kind: str, title: str, facts: Facts, sections: list[dict]) -> dict:
    return {
        "kind": kind,
        "title": title,
        "reference": facts.reference,
        "agent": facts.agent,
        "employer": facts.employer,
        "starts": facts.starts.isoformat(),
        "ends": facts.ends.isoformat(),
        "charter": {"number": facts.charter_number, "sha256": facts.charter_sha256},
        "sections": sections,
    }


def _filled(name: str, facts: Facts) -> list[dict]:
    words = {
        "employer": facts.employer,
        "branch": facts.branch,
        "unit": facts.unit or "non précisée",
        "reference": facts.reference,
        "agent": facts.agent,
        "referent": facts.referent,
        "mission": facts.mission,
        "organisation": facts.organisation,
        "starts": day_in_words(facts.starts, weekday=False),
        "ends": day_in_words(facts.ends, weekday=False),
        "hours": duration_in_words(facts.minutes_month),
        "absence": count_in_words(facts.absence_days, "jour", "jours"),
        "charter": str(facts.charter_number),
    }
    return [
        {
            "number": number,
            "title": section["title"],
            "paragraphs": [_fill(text, words) for text in section["paragraphs"]],
            "items": [],
        }
        for number, section in enumerate(source(name)["sections"], start=1)
    ]


def _fill(text: str, words: dict[str, str]) -> str:
    """Placeholders of ours only: a name that holds braces stays a name."""
    return re.sub(r"\{(\w+)\}", lambda match: words[match[1]], text)
