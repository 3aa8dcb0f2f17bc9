"""Programmes drawn from a seed, and their twins: equal on every published figure, different in all that is not.

The twin says what the rules promise to hide, in its own words: who met whom, on which day of a span (in which month, where
no span is shown), noted one by one or as the number of a month, how long within the same ten hours, who answered what
within a band (participants, managers, people at a session or a collective time), how many had registered for that time,
everything of a group under the thresholds, even whether there is one, everybody's name, and all that
tests/evaluation/paths.py, unseen.py and lives.py draw. Everything else is the seed's.
"""

import datetime as dt
import random
import re
from collections import Counter

from django.test import Client
from django.urls import reverse

from evaluation.documents import ANNUAL, LEAFLET, render_document
from evaluation.enums import Audience, Moment, Public
from evaluation.models import Release
from evaluation.services import releases, reports
from pairing.enums import ESTIMATED_MINUTES
from pairing.models import Meeting, MonthCount
from portal import clock
from portal.models import OutgoingMail
from portal.services import mail
from programmes.enums import Form, Side
from tests.evaluation import frame_world, world
from tests.evaluation.lives import Lives
from tests.evaluation.paths import Paths
from tests.evaluation.unseen import Unseen

OWN = "OWN0a1b2"
QUESTIONS = ("TC1", "TC2", "TC3", "TC6", OWN)
# Asked, never published: drawn at random.
UNPUBLISHED = ("REC", "SEC2", "UT2", "DEM", "PRE1", "POUR")
HOT = ("H1", "H2", "H4")
AROUND = {"managers": ("CL1", "CL2", "CL6", "PRAT"), "session": HOT, "gathering": HOT}
YES, NO = ("4", "5"), ("1", "2", "3", "nsp", None)
EFFECTS = (["tired"], ["tired", "exposed"])
FIRST, LAST = dt.date(2025, 3, 1), dt.date(2025, 12, 31)
FEW_PAIRS = 3
SPANS = {1: range(3, 13), 3: (3, 4, 7, 10), 0: (3,)}  # the first month of each span in which a meeting may be held


class Shape:
    """What a seed fixes: all that will be published."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.pairs = chance.randint(1, 13)
        self.shown = self.pairs >= FEW_PAIRS
        self.months = 1 if self.pairs >= 10 else 3 if self.pairs >= 5 else 0
        self.met = chance.randint(0, self.pairs)
        self.held = {month: chance.randint(0, 9) * bool(self.met) for month in SPANS[self.months]}
        while sum(self.held.values()) < self.met:
            self.held[chance.choice(list(self.held))] += 1
        least, most = (8, 14) if self.pairs > 9 else (1, 7)
        self.sides = {side: chance.randint(least, most) for side in (Side.HELPER, Side.HELPED)}
        self.invited = sum(self.sides.values()) + chance.randint(1, 5)
        by_side = chance.random() < 0.7
        self.plan = "by_side" if by_side else "whole"
        self.cells = [[side] for side in self.sides] if by_side and min(self.sides.values()) > 10 else [[*self.sides]]
        self.yes = [{code: chance.random() for code in (*QUESTIONS, "NEG")} for _ in self.cells]
        self.mean = chance.choice((1, 3, 5))
        self.missing = chance.randint(0, 1)
        # Of the pairs, how many live on the last day; beside them, who asked and still waits, and pairs taken over.
        self.living = chance.randint(0, self.pairs)
        self.waiting = {side: chance.randint(0, 8) for side in self.sides}
        self.taken_over, self.past, self.declared = chance.random() < 0.5, chance.randint(1, 6), chance.randint(6, 40)
        self.ready, self.came = chance.random(), chance.random()
        # Beside the pairs: an open community where enough people could come to its collective times.
        self.members = chance.randint(0, 14) if self.shown else chance.randint(5, 14)
        self.open, self.gatherings, self.attended = chance.random() < 0.5, chance.randint(0, 3), chance.randint(0, 20)
        # Managers, people at a session, people registered for a collective time: how many answered, how likely to agree.
        self.around = {
            whose: (chance.randint(1, 14), {code: chance.random() for code in codes}) for whose, codes in AROUND.items()
        }

    @property
    def end_shown(self) -> bool:
        """Whether enough pairs live on the last day for the report to say anything of them."""
        return self.shown and self.living >= FEW_PAIRS

    @property
    def class_of_hours(self) -> int:
        return _tens(ESTIMATED_MINUTES * sum(self.held.values()))


class Twin:
    """One of the programmes of a shape."""

    def __init__(self, shape: Shape, seed: str) -> None:
        self.shape, self.chance = shape, random.Random(seed)
        self.programme = self.exercice = None
        self.raw: list = []

    def build(self):
        """The rows, then the release, restituted: as a référent would get it."""
        forms = [Form.PAIR, Form.COMMUNITY] if self.shape.open else [Form.PAIR]
        self.programme, self.exercice = world.programme(forms=forms)
        number = self.shape.pairs if self.shape.shown else self.chance.randint(0, FEW_PAIRS - 1)
        pairs = world.pairs(self.programme, number)
        self.meetings(pairs)
        met = sum(ESTIMATED_MINUTES if minutes is None else minutes for *_, minutes in self.raw)
        self.answers()
        self.answers_around()
        paths = Paths(self.shape, self.programme, pairs, self.chance)
        paths.live()
        unseen = Unseen(self.shape, self.programme, pairs, self.chance, met, paths.living)
        self.raw += unseen.live() + paths.first_answers()
        self.raw += Lives(self.shape, self.programme, pairs, unseen.everybody, self.chance).live()
        with world.after():
            release = releases.share(release=releases.establish(exercice=self.exercice))
            return releases.restitute(release=release, on=dt.date(2026, 1, 12))

    def meetings(self, pairs) -> None:
        spans = self.spans()
        met = self.shape.met if self.shape.shown else self.chance.randint(0, len(pairs)) if spans else 0
        who = self.chance.sample(range(len(pairs)), min(met, len(spans)))
        held = [*who, *(self.chance.choice(who) for _ in range(len(spans) - len(who)))] if who else []
        self.chance.shuffle(held)
        days: list[tuple[int, dt.date]] = []
        for rank, span in zip(held, spans, strict=False):
            on = self.day(*span)
            while (rank, on) in days:  # a pair notes one meeting a day
                on = self.day(*span)
            days.append((rank, on))
        months = Counter((rank, on.replace(day=1)) for rank, on in days)
        as_numbers = {one: number for one, number in months.items() if self.chance.random() < 0.2}
        for (rank, month), number in as_numbers.items():
            MonthCount.objects.create(pair=pairs[rank], month=month, number=number)
        one_by_one = [(rank, on) for rank, on in days if (rank, on.replace(day=1)) not in as_numbers]
        lasted = self.minutes(len(one_by_one), ESTIMATED_MINUTES * sum(as_numbers.values()))
        for place, ((rank, on), minutes) in enumerate(zip(one_by_one, lasted, strict=True)):
            key = f"00000000-0000-4000-9000-{place:012}"
            at = clock.noon(on, world.PARIS)
            Meeting.objects.create(key=key, pair=pairs[rank], on=on, minutes=minutes, entered_at=at)
            self.raw.append((rank, on, minutes))
        self.raw += [(rank, month, ESTIMATED_MINUTES * number) for (rank, month), number in as_numbers.items()]

    def spans(self) -> list[tuple[int, int]]:
        """(first month, months) in which each meeting falls: all that may be known of its day."""
        if not self.shape.shown:
            return [(3, 10)] * self.chance.randint(0, 20)
        length = {3: 3, 1: 1, 0: 10}[self.shape.months]
        return [
            (month, 1 if (length, month) == (3, 3) else length)
            for month, held in self.shape.held.items()
            for _ in range(held)
        ]

    def day(self, month: int, months: int) -> dt.date:
        first = dt.date(2025, month, 1)
        last = dt.date(2025 + (month + months > 12), (month + months - 1) % 12 + 1, 1) - dt.timedelta(days=1)
        return first + dt.timedelta(days=self.chance.randrange((last - first).days + 1))

    def minutes(self, number: int, more: int) -> list[int | None]:
        """Each its own, in the same ten hours together with `more`; any at all where nothing is shown."""
        for _ in range(500):
            drawn = [self.chance.choice((None, *range(20, 85, 5))) for _ in range(number)]
            total = more + sum(ESTIMATED_MINUTES if one is None else one for one in drawn)
            if not self.shape.shown or _tens(total) == self.shape.class_of_hours:
                return drawn
        return [None] * number

    def answers(self) -> None:
        sides = self.shape.sides if self.shape.shown else {side: self.chance.randint(0, 3) for side in self.shape.sides}
        people = [side for side, number in sides.items() for _ in range(number)]
        given = [{} for _ in people]
        for cell, likely in zip(self.shape.cells, self.shape.yes, strict=True):
            inside = [rank for rank, side in enumerate(people) if side in cell]
            for code, share in likely.items():
                agree = set(self.chance.sample(inside, self.within(round(share * len(inside)), len(inside))))
                for rank in inside:
                    given[rank][code] = self.said(code, rank in agree)
        for rank, score in zip(
            (r for r, side in enumerate(people) if side == Side.HELPED), self.scores(people), strict=True
        ):
            empty = score == 3 and self.chance.random() < 0.5  # read as the middle of the scale
            given[rank] |= dict.fromkeys(("LIEN1", "LIEN2"), None if empty else f"{score}")
        for one in given:
            one |= {code: self.chance.choice(("1", "5", None)) for code in UNPUBLISHED}
        rows = list(zip(people, given, strict=True))
        self.chance.shuffle(rows)
        self.raw.append(rows)
        plan = dict.fromkeys((*QUESTIONS, *UNPUBLISHED, "NEG", "LIEN1", "LIEN2"), self.shape.plan)
        options = {"invited": self.shape.invited, "pairs": self.programme.pairs.count(), "plan": plan}
        frame_world.wave(self.programme, rows, own=[[OWN, "Les horaires conviennent à mon service."]], **options)

    def answers_around(self) -> None:
        """Another count in the same band, or any under the threshold; the rest of the questionnaire at random."""
        for whose, (n, likely) in self.shape.around.items():
            given = [{} for _ in range(n)]
            for code, share in likely.items():
                agree = set(self.chance.sample(range(n), self.counted(round(share * n), n)))
                for rank in range(n):
                    given[rank][code] = self.said(code, rank in agree)
            for one in given:
                one |= {"REC": self.chance.randint(0, 10), "ORG": self.chance.sample(["time", "fear", "tools"], 2)}
            rows = [("", one) for one in given]
            self.raw.append(rows)
            options = {"public": Public.MANAGERS, "invited": 20, "plan": dict.fromkeys(likely, "whole")}
            if whose == "session":
                options |= {"session": frame_world.trained(self.programme, [])}
            if whose == "gathering":  # How many had registered is hidden.
                options |= {
                    "gathering": frame_world.gathered(self.programme, 30),
                    "invited": self.chance.randint(14, 40),
                }
            if whose != "managers":
                options |= {"public": Public.EVENT, "moment": Moment.HOT}
            frame_world.wave(self.programme, rows, **options)

    def counted(self, yes: int, n: int) -> int:
        """Another count that reads the same, where nobody need be in a pair."""
        if n < 7:
            return self.chance.randint(0, n)
        return self.chance.randint(0, 3) if yes <= 3 else self.chance.randint(n - 3, n) if yes >= n - 3 else yes

    def within(self, yes: int, n: int) -> int:
        """Another count that reads the same."""
        if n < 7 or not self.shape.shown:
            return self.chance.randint(0, n)
        return self.chance.randint(0, 3) if yes <= 3 else self.chance.randint(n - 3, n) if yes >= n - 3 else yes

    def said(self, code: str, yes: bool) -> object:
        if code == "PRAT":
            return "yes" if yes else self.chance.choice(("no", None))
        if code == "NEG":
            return self.chance.choice(EFFECTS) if yes else self.chance.choice((["none"], ["nsp"], None))
        return self.chance.choice(YES if yes else NO)

    def scores(self, people: list[str]) -> list[int]:
        """Scores of the helped whose mean lies in the band of the shape; from 20 people the band is cut, and they stay."""
        n = people.count(Side.HELPED)
        if n < 7 or not self.shape.shown:
            return [self.chance.randint(1, 5) for _ in range(n)]
        least, most = {1: (1, 2), 3: (2, 4), 5: (4, 5)}[self.shape.mean]
        drawn = [self.chance.randint(least, most) for _ in range(n)]
        return drawn if self.shape.mean != 3 or 2.5 * n <= sum(drawn) <= 3.5 * n else [3] * n


def _tens(minutes: int) -> int:
    return max((minutes + 300) // 600, 1) if minutes else 0


def everything(release: Release, day: dt.date = dt.date(2026, 1, 15)) -> dict[str, bytes | str]:
    """All that leaves the portal about a release on that day: pages and lists of both readers, files, print, mails."""
    programme, found = release.programme, {}
    readers = {
        Audience.REFERENT: world.referent(programme),
        Audience.HR: world.human_resources(programme.lead_employer),
    }
    lists = {
        Audience.REFERENT: reverse("evaluation:reports", args=[programme.slug]),
        Audience.HR: reverse("evaluation:hr_reports", args=[programme.lead_employer.slug]),
    }
    with world.after(day):
        for audience, who in readers.items():
            client = world.enter(Client(), who)
            report = release.reports.get(audience=audience)
            found[f"page {audience}"] = _main(client.get(report.get_absolute_url()).text)
            found[f"list {audience}"] = _main(client.get(lists[audience]).text)
            for form in ("ods", "csv"):
                found[f"{form} {audience}"] = client.get(
                    reverse(f"evaluation:report_{form}", args=[report.ref])
                ).content
            found[f"print {audience}"] = rendered(release, audience).shell
        content = reports.content_of(release, Audience.PARTICIPANTS)
        found["leaflet"] = render_document(LEAFLET, content).shell
        member = programme.participations.filter(person__isnull=False).order_by("pk").first().person
        client = world.enter(Client(), member, second_factor=False)
        found["page participants"] = _main(client.get(reverse("evaluation:result", args=[release.ref])).text)
        found["mails"] = _mails()
    return found


def _mails() -> str:
    """What each person receives, without their own name; how many people receive it is no figure."""
    texts = {"\n".join(mail.render(row)) for row in OutgoingMail.objects.all()}
    return "\n".join(sorted({re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|Prénom\d+", "", text) for text in texts}))


def rendered(release: Release, audience: str = Audience.HR):
    return render_document(ANNUAL, reports.content_of(release, audience))


def _main(html: str) -> str:
    """The page without its reader's name; references and marks of forms are drawn anew each time."""
    inside = re.search(r"(?s)<main.*</main>", html)[0]
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\" value=\"\w+", "", inside)
