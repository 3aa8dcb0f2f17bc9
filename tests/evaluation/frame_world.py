"""The frame and the surveys of a programme, as rows: what the collectors count beside pairs and meetings."""

import datetime as dt
import json

from evaluation.enums import Moment, Public, WaveState
from evaluation.models import ClosedAnswer, Wave, WaveInvitation
from evaluation.services import questionnaires
from pairing.enums import SupervisionKind
from pairing.models import PairMember, SupervisionAttendance, SupervisionSession, SupervisorEngagement
from portal import clock
from programmes.enums import Decision, GatheringKind, LetterKind, LetterState, Presence, SessionState, Side
from programmes.models import (
    CharterAcceptance,
    CharterVersion,
    Cycle,
    Gathering,
    Letter,
    Participation,
    Readiness,
    TrainingAttendance,
    TrainingSession,
)
from tests.evaluation.world import PARIS

AT_END = dt.date(2025, 12, 31)
TC = ("TC1", "TC2", "TC3", "TC4", "TC5", "TC6")


def taking_part(pairs, side=None):
    members = PairMember.objects.filter(pair__in=pairs)
    rows = Participation.objects.filter(memberships__in=members).order_by("pk").distinct()
    return list(rows.filter(side=side) if side else rows)


def helping(programme):
    """Whoever asked to support somebody, paired or not."""
    return list(Participation.objects.filter(programme=programme, side=Side.HELPER).order_by("pk"))


def letter(participation, *, hours, starts=dt.date(2025, 1, 1), ends=AT_END, signed=None, kind=LetterKind.LETTER):
    return Letter.objects.create(
        programme=participation.programme,
        participation=participation,
        number=participation.letters.count() + 1,
        kind=kind,
        state=LetterState.IN_FORCE,
        minutes_month=hours * 60,
        starts=starts,
        ends=ends,
        sha256="a" * 64,
        visa_sha256="b" * 64,
        in_force_at=clock.noon(signed or starts, PARIS),
    )


def charter(programme, accepted_by, *, on=dt.date(2025, 2, 1), number=1):
    version = CharterVersion.objects.create(
        programme=programme, number=number, articles=[], sha256="c" * 64, in_force_on=on
    )
    for participation in accepted_by:
        CharterAcceptance.objects.create(participation=participation, version=version, at=clock.noon(on, PARIS))
    return version


def trained(programme, participations, *, minutes=420, on=dt.date(2025, 2, 10), ready=True):
    session = TrainingSession.objects.create(programme=programme, on=on, minutes=minutes, state=SessionState.HELD)
    for participation in participations:
        TrainingAttendance.objects.create(session=session, participation=participation, presence=Presence.PRESENT)
        if ready:
            Readiness.objects.create(participation=participation, decision=Decision.READY, decided_on=on)
    return session


def gathered(programme, attended, *, on=dt.date(2025, 2, 10)):
    """A workshop held that day."""
    return Gathering.objects.create(
        programme=programme,
        kind=GatheringKind.WORKSHOP,
        title="Atelier",
        starts_at=clock.noon(on, PARIS),
        minutes=60,
        place="Salle 12",
        asks=True,
        state=SessionState.HELD,
        attended=attended,
    )


def supervised(programme, participations, *, sessions=7, excused=0, kind=SupervisionKind.GROUP):
    """`sessions` held from March on, six weeks apart; the first `excused` people missed all of them."""
    supervisor, _ = SupervisorEngagement.objects.get_or_create(
        programme=programme,
        name="Pascale V.",
        defaults={"engaged_on": dt.date(2025, 1, 1), "confidentiality_on": dt.date(2025, 1, 1)},
    )
    for number in range(sessions):
        session = SupervisionSession.objects.create(
            programme=programme,
            supervisor=supervisor,
            kind=kind,
            starts_at=clock.noon(dt.date(2025, 3, 1) + dt.timedelta(days=42 * number), PARIS),
            minutes=120,
            state=SessionState.HELD,
        )
        for rank, participation in enumerate(participations):
            presence = Presence.EXCUSED if rank < excused else Presence.PRESENT
            SupervisionAttendance.objects.create(session=session, participation=participation, presence=presence)


def cycle(programme, number=1):
    starts = dt.date(2025, 2, 1)
    return Cycle.objects.get_or_create(
        programme=programme, number=number, defaults={"starts": starts, "ends": starts + dt.timedelta(days=240)}
    )[0]


def favourable(counts, n, side=Side.HELPER, **others):
    """n answers, the first counts[code] of which agree with each question."""
    return [(side, {**{code: 5 if rank < yes else 2 for code, yes in counts.items()}, **others}) for rank in range(n)]


def wave(
    programme,
    given,
    *,
    moment=Moment.END,
    public=Public.PARTICIPANTS,
    invited=13,
    counted=None,
    pairs=9,
    closed=dt.date(2025, 11, 3),
    plan=None,
    own=(),
    session=None,
    gathering=None,
):
    """A closed wave holding these answers: (side, {item: value}); of the participants, of managers or of an event."""
    questionnaire = questionnaires.latest(moment=moment, public=public)
    asked = [row["code"] for row in questionnaire.items if not row.get("side")]
    made = Wave.objects.create(
        programme=programme,
        cycle=None if session or gathering else cycle(programme),
        session=session,
        gathering=gathering,
        moment=moment,
        public=public,
        own=list(own),
        questionnaire=questionnaire,
        rules_version=1,
        plan=plan or dict.fromkeys(asked, "whole"),
        state=WaveState.CLOSED,
        opens_on=closed - dt.timedelta(days=21),
        closes_on=closed,
        opened_at=clock.noon(closed - dt.timedelta(days=21), PARIS),
        closed_at=clock.noon(closed, PARIS),
        invited=invited if counted is None else counted,
        pairs_invited=pairs,
    )
    if public != Public.PARTICIPANTS:
        WaveInvitation.objects.bulk_create(WaveInvitation(wave=made) for _ in range(invited))
        _answer(made, given)
        return made
    people = PairMember.objects.filter(pair__programme=programme, person__isnull=False).order_by("pk")[:invited]
    for member in {row.person_id: row for row in people}.values():
        WaveInvitation.objects.create(wave=made, person=member.person, side=member.part)
    _answer(made, given)
    return made


def _answer(wave, given):
    for side, answers in given:
        ClosedAnswer(wave=wave, side=side, payload=json.dumps(answers)).save()
