"""Twins that go on living: a correction and a second edition, then another exercice, in a programme of two employers.

A reader keeps every edition and compares them. What the two twins publish stays the same all along; which pair met late or
had ended, who was erased, whose letter or acceptance of the charter was found late, and whose agent each person is, differ.
"""

import datetime as dt
import random
import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from evaluation import tables
from evaluation.enums import Audience
from evaluation.models import Release
from evaluation.services import releases
from pairing.enums import ESTIMATED_MINUTES, EndCode, PairState
from pairing.models import Meeting, PairMember
from portal import clock
from portal.models import Employer, OutgoingMail
from portal.services import erasure
from programmes.enums import Decision, Side
from programmes.models import (
    CharterAcceptance,
    CharterVersion,
    Exercice,
    Expense,
    Membership,
    Participation,
    Partner,
    Readiness,
)
from tests.evaluation import frame_world, world
from tests.evaluation.twins import Shape, Twin, everything, rendered

CORRECTIONS = ("met", "ended", "erased", "signed", "accepted")
# The same day: an edition is not counted again once links of its pairs go (evaluation/services/recounts.py).
CORRECTED, NEXT = dt.date(2026, 1, 15), dt.date(2027, 1, 15)
DECEMBER, LAST = dt.date(2025, 12, 1), dt.date(2025, 12, 31)


class LongShape(Shape):
    """A shape, and what comes after its first edition: one correction, then the year that follows."""

    def __init__(self, seed: int, correction: str = "") -> None:
        super().__init__(seed)
        chance = random.Random(f"after {seed}")
        self.correction = correction or CORRECTIONS[seed % len(CORRECTIONS)]
        self.side = chance.choice((Side.HELPER, Side.HELPED))
        self.joining = chance.choice((3, 5, 8))
        self.later = [chance.randint(0, 6) for _ in range(12)]
        self.later_met = chance.randint(0, 3)
        self.spent = chance.randint(1_000, 90_000)


class LongTwin(Twin):
    """One twin over two exercices: what anybody receives, edition after edition."""

    shape: LongShape

    def live(self, look: Callable) -> dict[str, bytes | str]:
        """`look` at each edition on its day."""
        editions = (
            ("edition 1", self.build, CORRECTED),
            ("edition 2", self.corrected, CORRECTED),
            ("next year", self.next_year, NEXT),
        )
        return {
            f"{when}: {name}": left
            for when, made, day in editions
            for name, left in look(made(), self.partner, day).items()
        }

    def build(self) -> Release:
        release = super().build()
        self.partner = world.employer("phares", name="Office des Phares", neutral_name="Office des Phares")
        Partner.objects.get_or_create(programme=self.programme, employer=self.partner, joined=dt.date(2024, 1, 1))
        Expense.objects.create(
            programme=self.programme, employer=self.partner, on=DECEMBER, line="travel", cents=self.shape.spent
        )
        Membership.objects.filter(programme=self.programme).update(left_on=None)
        self.share_out()
        return release

    def share_out(self) -> None:
        """Some are agents of the partner, as chance has it."""
        rows = list(Participation.objects.filter(programme=self.programme).order_by("pk"))
        theirs = [row.pk for row in rows if self.chance.random() < 0.5]
        Participation.objects.filter(pk__in=theirs).update(employer=self.partner)
        self.raw.append(("of the partner", theirs))

    def edition(self, exercice: Exercice, day: dt.date) -> Release:
        with world.after(day):
            release = releases.establish(exercice=exercice)
            if release.restituted_on:  # Nothing changed.
                return release
            return releases.restitute(release=releases.share(release=release), on=day - dt.timedelta(days=1))

    def corrected(self) -> Release:
        before = len(self.raw)
        getattr(self, self.shape.correction)()
        self.applied = len(self.raw) > before
        return self.edition(self.exercice, CORRECTED)

    # --- Corrections, each of one pair or one person ------------------------------------------------------------------
    def met(self) -> None:
        """One meeting of a pair that had met is noted late, in the first span; hours stay in their ten."""
        noted = list(self.programme.pairs.filter(meetings__isnull=False).distinct().order_by("pk"))
        free = [pair for pair in noted if not pair.month_counts.filter(month=dt.date(2025, 3, 1)).exists()]
        if not free or (self.shape.shown and not self.shape.held[3]):
            return
        pair = self.chance.choice(free)
        taken = set(pair.meetings.values_list("on", flat=True))
        ended = pair.ended_on or LAST
        days = [day for n in range(31) if (day := dt.date(2025, 3, 1) + dt.timedelta(days=n)) not in taken]
        if free_days := [day for day in days if day <= ended]:
            self.note(pair, self.chance.choice(free_days), self.late_minutes())

    def late_minutes(self) -> int:
        """At least five, in the hours published: the two programmes leave as much room as the rules round."""
        total = sum(
            ESTIMATED_MINUTES if minutes is None else minutes
            for *_, minutes in (row for row in self.raw if row and isinstance(row[0], int))
        )
        room = 600 * max(self.shape.class_of_hours, 1) + 295 - total
        return self.chance.randrange(5, max(min(room, 295), 5) + 1, 5) if self.shape.shown else 60

    def note(self, pair, on: dt.date, minutes: int | None) -> None:
        key = f"00000000-0000-4000-9100-{len(self.raw):012}"
        Meeting.objects.create(key=key, pair=pair, on=on, minutes=minutes, entered_at=clock.noon(on, world.PARIS))
        self.raw.append((pair.pk, on, minutes))

    def living(self) -> list:
        return list(self.programme.pairs.filter(state=PairState.ACTIVE).order_by("pk"))

    def ended(self) -> None:
        """A pair had ended in December, and this is known late."""
        met = {pair: max(pair.meetings.values_list("on", flat=True), default=DECEMBER) for pair in self.living()}
        counted = {pair: pair.month_counts.exists() for pair in met}
        free = [pair for pair, last in met.items() if last < LAST and not counted[pair]]
        if not free:
            return
        pair = self.chance.choice(free)
        first = max(met[pair], DECEMBER)
        pair.state, pair.end_code = PairState.ENDED, self.chance.choice(EndCode.values)
        pair.ended_on = first + dt.timedelta(days=self.chance.randrange((LAST - first).days + 1))
        pair.save()
        pair.members.update(live=False)
        self.raw.append(("ended late", pair.pk, pair.ended_on))

    def erased(self) -> None:
        """Somebody of a pair asks to be erased; on that side, whoever it is."""
        among = self.living() or list(self.programme.pairs.filter(declared_meetings=None).order_by("pk"))
        if not among:
            return
        member = self.chance.choice(
            list(PairMember.objects.filter(pair__in=among, part=self.shape.side).order_by("pk"))
        )
        self.raw.append(("erased", member.pk))
        with world.after(CORRECTED - dt.timedelta(days=3)):
            erasure.erase(person=member.person)
        # The other person of a pair that lived is told that it has ended; nobody else is.
        OutgoingMail.objects.exclude(kind=releases.MAIL).delete()

    def signed(self) -> None:
        """A letter is found on paper: of whoever had none."""
        without = [row for row in frame_world.helping(self.programme) if not row.letters.exists()]
        among = [row for row in without if row.memberships.exists() and row.entered_by_ref is None]
        if among:
            late = self.chance.choice(among)
            frame_world.letter(late, hours=4, signed=dt.date(2025, 3, 1))
            self.raw.append(("signed late", late.pk))

    def accepted(self) -> None:
        """The charter had been accepted on paper by everybody who was missing."""
        version = CharterVersion.objects.get(programme=self.programme)
        rows = Participation.objects.filter(programme=self.programme, memberships__isnull=False).order_by("pk")
        for row in rows.exclude(charter_acceptances__version=version).distinct():
            CharterAcceptance.objects.create(participation=row, version=version, at=clock.noon(DECEMBER, world.PARIS))
            self.raw.append(("accepted late", row.pk))

    # --- The year that follows ----------------------------------------------------------------------------------------
    def next_year(self) -> Release:
        """As many pairs live in it, and as many of them meet, as often in all; which ones, by chance."""
        exercice = Exercice.objects.create(
            programme=self.programme, name="Année 2026", starts=dt.date(2026, 1, 1), ends=dt.date(2026, 12, 31)
        )
        told = len(self.lived_on()) if self.shape.end_shown else 0
        for pair in world.pairs(self.programme, self.shape.joining + told - len(self.lived_on())):
            pair.proposed_at = pair.all_yes_at = clock.noon(dt.date(2026, 1, 2), world.PARIS)
            pair.save()
        for one in frame_world.helping(self.programme):
            Readiness.objects.get_or_create(
                participation=one, defaults={"decision": Decision.READY, "decided_on": LAST}
            )
        self.share_out()
        meeting = self.chance.sample(self.living(), min(self.shape.later_met, len(self.living())))
        for rank in range(sum(self.shape.later) if meeting else 0):
            month = next(m for m in range(12) if rank < sum(self.shape.later[: m + 1])) + 1
            pair = meeting[rank] if rank < len(meeting) else self.chance.choice(meeting)
            self.note(pair, dt.date(2026, month, 1 + rank % 28), None)
        return self.edition(exercice, NEXT)

    def lived_on(self) -> list:
        """Pairs of the first year that lived in January, those of somebody erased included."""
        return list(self.programme.pairs.filter(declared_meetings=None).exclude(ended_on__lte=LAST).order_by("pk"))


def everybody_reads(release: Release, partner: Employer, day: dt.date) -> dict[str, bytes | str]:
    """All that leaves the portal for all readers, RH of the partner among them."""
    return everything(release, day) | read_by(release, partner, day)


def figures(release: Release, *_: object) -> dict[str, bytes]:
    """The tables alone, without a browser: quick."""
    return {"csv": tables.as_csv(rendered(release, Audience.REFERENT).document)}


def read_by(release: Release, employer: Employer, day: dt.date) -> dict[str, str]:
    """What RH of a partner reads: its list, the report, its own expenses."""
    client = world.enter(Client(), world.human_resources(employer))
    report = release.reports.get(audience="hr")
    pages = {
        "list": reverse("evaluation:hr_reports", args=[employer.slug]),
        "report": report.get_absolute_url(),
        "expenses": reverse("programmes:hr_expenses", args=[employer.slug]),
    }
    with world.after(day):
        texts = {name: client.get(url).text for name, url in pages.items()}
    return {
        f"partner {name}": re.sub(
            r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\" value=\"\w+",
            "",
            re.search(r"(?s)<main.*</main>", text)[0],
        )
        for name, text in texts.items()
    }
