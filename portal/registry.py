"""Named hooks: how an early app shows something of a later one (decision 8).

A later app registers in its `AppConfig.ready()`; the early app calls `hooks(NAME)`. Signatures, by name:

- TODO(person, programme) -> list[Todo]          what is expected of this person, most urgent first
- CRITERION(step) -> list[Criterion]             lines of a step that the portal reads from the data
- PERSONAL_DATA(person) -> list[DataSet]         what "my data" shows and exports
- AGREEMENT(person) -> list[Agreement]           what the person said yes to, and where to take it back
- KEPT(person) -> list[str]                      what an erasure leaves behind for a time, in sentences
- ERASURE(person) -> None                        erases or detaches what the app holds about the person
- EXPORT(person) -> list[Records]                rows about the person, for the file they take away
- RETENTION() -> list[Rule]                      retention rules in code
- CALENDAR(programme, first, last) -> list[Event]  dated things of a programme, from a day to a day
- MILESTONE(programme) -> list[Milestone]        turning points of a programme, reached or not
- INDICATORS() -> dict[str, str]                 titles of the indicators the portal publishes, by code
- BANNER(space) -> list[Banner]                  what every page of a space must warn about
- PUBLISHED(programme) -> list[str]              figures published so far, one line each (continuity file)
- READING(programme) -> list[Link]               pages about a programme that anybody may read
- SEARCH(person, words) -> list[Hit]
- NAVIGATION(space) -> list[Link]                links of a space; `space` is a portal.navigation.Space
- SPACES(person) -> list[Link]                   spaces of the portal this person may enter today
- CLEARED(participation, gate) -> None           a condition of the frame is now met (charter, letter, training)
- BASELINE(pair) -> str | None                   how the start survey of this pair's cycle is settled, if it is
- LEADS(person, employer) -> bool                whether the person runs a programme of this employer today
- LEAVING(participation, by) -> None            what must end before somebody leaves a programme
- CARD(person) -> list[Card]                     cards of the agent's home page
- LATE(token, path, typed) -> str | None        keeps a form that came after its session ended; where it will be found
- HELD(gathering, by) -> str | None            what follows a collective time just held, in a sentence; its registrations
                                              are still there, and go right after
- PAIRED(participations) -> dict[int, datetime]  since when each of them that is in a running pair is
- COMING(participations) -> dict[int, tuple[datetime, bool]]  since when a pair not begun yet is proposed to each of
  them that has one, and whether everybody said yes
- REACH(person) -> Reach                         what may be written to somebody, where, while they wish it so
- UNREAD(person) -> int                         how many pieces of news the header tells of
- CLAIMED(person) -> None                        somebody entered on behalf has a login of their own from now on
- ENTRANCE(ref) -> list[Entrance]               a way in without an address of the employer, kept in a session as `ref`
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

TODO = "todo"
CRITERION = "criterion"
PERSONAL_DATA = "personal_data"
EXPORT = "export"
AGREEMENT = "agreement"
KEPT = "kept"
ERASURE = "erasure"
RETENTION = "retention"
CALENDAR = "calendar"
MILESTONE = "milestone"
INDICATORS = "indicators"
BANNER = "banner"
PUBLISHED = "published"
READING = "reading"
SEARCH = "search"
NAVIGATION = "navigation"
SPACES = "spaces"
CLEARED = "cleared"
BASELINE = "baseline"
LEADS = "leads"
LEAVING = "leaving"
CARD = "card"
LATE = "late"
HELD = "held"
ENTRANCE = "entrance"
REACH = "reach"
UNREAD = "unread"
PAIRED = "paired"
COMING = "coming"
CLAIMED = "claimed"
NAMES = (
    TODO,
    CRITERION,
    PERSONAL_DATA,
    EXPORT,
    AGREEMENT,
    KEPT,
    ERASURE,
    RETENTION,
    CALENDAR,
    MILESTONE,
    INDICATORS,
    BANNER,
    PUBLISHED,
    READING,
    SEARCH,
    NAVIGATION,
    SPACES,
    CLEARED,
    BASELINE,
    LEADS,
    LEAVING,
    CARD,
    LATE,
    HELD,
    PAIRED,
    COMING,
    CLAIMED,
    ENTRANCE,
    REACH,
    UNREAD,
)

_hooks: dict[str, list[Callable]] = {name: [] for name in NAMES}


class Reach(IntEnum):
    """What leaves for somebody: anything; anything, to a personal address alone; only what they asked for, there too."""

    ANY = 0
    PERSONAL = 1
    ASKED = 2


@dataclass(frozen=True)
class Todo:
    """One thing to do: a sentence, a link, and a rank (0 is most urgent).

    `subject`: what it is about, where a planned action may be about the same; `planned`: what an action adds to say.
    """

    sentence: str
    url: str
    action: str
    urgency: int = 50
    subject: str = ""
    planned: str = ""


def said_once(todos: Iterable[Todo]) -> list[Todo]:
    """The most urgent first. What is read from the data and planned actions on the same subject make one line."""
    todos = list(todos)
    read = {todo.subject for todo in todos if todo.subject and not todo.planned}
    actions = [todo for todo in todos if todo.planned and todo.subject in read]
    kept, told = [], set()
    for todo in todos:
        if todo in actions:
            continue
        same = [one for one in actions if one.subject == todo.subject and one.subject not in told]
        if same:
            told.add(todo.subject)
            words = ", ".join(one.planned for one in same)
            first = min(todo.urgency, *(one.urgency for one in same))
            todo = replace(todo, sentence=f"{todo.sentence} (action prévue : {words})", urgency=first)
        kept.append(todo)
    return sorted(kept, key=lambda todo: todo.urgency)


@dataclass(frozen=True)
class Link:
    """An entry of a space's navigation. `group`: the entry of the menu that holds it, itself ranked as its first link.

    `under`: addresses of other pages that hang under this link, when they do not begin with its own.
    """

    label: str
    url: str
    rank: int = 50
    group: str = ""
    under: tuple[str, ...] = ()


@dataclass(frozen=True)
class Banner:
    """A warning on top of every page of a space: something is missing, and what to do."""

    title: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Card:
    """A card of the agent's home page: one title, a sentence, one main action."""

    title: str
    text: str
    url: str = ""
    action: str = ""
    post: bool = False
    rank: int = 50
    template: str = ""
    context: dict | None = None


@dataclass(frozen=True)
class Criterion:
    """A line of a step as the data stand: `code` of the line, met or not, and what was found, in a few words."""

    code: str
    met: bool
    said: str


@dataclass(frozen=True)
class Event:
    """Something dated. `key` names it once and for all; `neutral` is what an outside calendar may show.

    `neutral`: no word on health, no name, no text that somebody typed. `on` with an hour lasts `minutes`.
    `collective`: nobody's own, so that a continuity file may hold its label.
    """

    key: str
    on: dt.date | dt.datetime
    label: str
    neutral: str
    url: str = ""
    minutes: int = 0
    collective: bool = False


@dataclass(frozen=True)
class Milestone:
    """A turning point and the day it was reached, if it was."""

    label: str
    on: dt.date | None
    rank: int = 50


@dataclass(frozen=True)
class Entrance:
    """A way in for a login without an address of the employer.

    `enter(user=, given=, family=)` uses it up, once, and gives the agent; raises DomainError. `welcome`: page to read.
    """

    ref: str
    employer: object
    welcome: str
    enter: Callable


@dataclass(frozen=True)
class DataSet:
    """A titled table of what the portal holds about a person."""

    title: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class Agreement:
    """Something the person said yes to, in a few words, and the page that takes it back (empty: it cannot be)."""

    label: str
    said: str
    url: str = ""
    action: str = ""
    rank: int = 50


@dataclass(frozen=True)
class Records:
    """Rows of one table about a person, and the columns they may take away (never one about somebody else)."""

    label: str
    rows: Iterable
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One line of the retention table: what, how long, what happens then, and `apply`, which does what is due now.

    `apply` returns how many rows went or were emptied, and may be called at any time. `days_for(participation)`: for
    somebody who would leave a programme today, in how many days their rows go; None when they have none.
    """

    code: str
    data: str
    kept: str
    then: str
    apply: Callable[[], int]
    days_for: Callable[[object], int | None] | None = None


def register(name: str, hook: Callable) -> None:
    """Add `hook` to the hooks called `name`; registering twice changes nothing."""
    if hook not in _hooks[name]:
        _hooks[name].append(hook)


def hooks(name: str) -> tuple[Callable, ...]:
    return tuple(_hooks[name])


def gather(name: str, *args) -> list:
    """The results of every hook called `name`, in one list."""
    return [item for hook in _hooks[name] for item in hook(*args)]
