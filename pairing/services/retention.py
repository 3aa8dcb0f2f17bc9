"""How long the life of the pairs is kept (domain.md m.3; the DPO decides)."""

import datetime as dt

from django.db.models import Max, Q, QuerySet

from pairing.enums import AlertState, CandidateState, PairState, RunState, SupportState
from pairing.models import (
    Alert,
    Candidate,
    CollectiveNeed,
    DateProposal,
    FitCheck,
    HoursTally,
    IntervisionSeat,
    Meeting,
    MonthCount,
    Pair,
    PairMember,
    ReviewAnswer,
    Run,
    SearchChoice,
    SupervisionAttendance,
    SupportRequest,
    Unpaired,
    WishSeat,
)
from pairing.services import returns, support
from portal import clock
from portal.registry import Rule
from portal.retention import ago, day_ago, gone
from portal.services import links as signed_links
from portal.services import traces
from programmes.enums import ParticipationState, Side
from programmes.models import Exercice, Participation
from programmes.services import erasure

REQUEST_DAYS, LINK_DAYS, MEETING_DAYS, PRESENCE_DAYS, REPORT_DAYS = 91, 214, 365, 365, 92
RUN_DAYS, WISH_DAYS = 30, 30
NEED_DAYS, SEAT_DAYS = 365, 30
CLOSED_DAYS, ASKED_DAYS, FIT_DAYS, DATE_DAYS = 61, 365, 30, 30


def links() -> int:
    """Nobody can tell any more who was with whom."""
    over = PairMember.objects.filter(pair__state=PairState.ENDED, pair__ended_on__lt=day_ago(LINK_DAYS), live=False)
    lapsed = PairMember.objects.filter(
        pair__state=PairState.LAPSED, pair__proposed_at__lt=clock.now() - dt.timedelta(days=LINK_DAYS), live=False
    )
    dissolved = 0
    for rows in (over, lapsed):
        named = list(rows.exclude(person=None, participation=None).values_list("pk", "pair_id", "pair__ref"))
        members, pairs = [pk for pk, *_ in named], {pair for _, pair, _ in named}
        dissolved += PairMember.objects.filter(pk__in=members).update(person=None, participation=None)
        ReviewAnswer.objects.filter(member__in=members).delete()
        # Who noted a meeting, who accepted or ended, whose file was read with it, would say it again.
        Meeting.objects.filter(pair__in=pairs).update(entered_by_ref=None)
        MonthCount.objects.filter(pair__in=pairs).update(entered_by_ref=None, for_ref=None)
        traces.cut(model=Pair, refs={ref for *_, ref in named})
    return dissolved


def of_an_ended_pair(pair: Pair) -> list[tuple[str, dt.date]]:
    """What the members read on its last page: what is kept, and the last day it is."""
    return [
        ("Que vous avez formé un binôme, vos bilans, cette page", pair.ended_on + dt.timedelta(days=LINK_DAYS)),
        ("Les thèmes et la façon d’échanger de vos rencontres", pair.ended_on + dt.timedelta(days=MEETING_DAYS)),
    ]


def requests() -> int:
    """Requests for support and entries between peers, over, that no pair and no letter still needs."""
    ended = Participation.objects.filter(state=ParticipationState.WITHDRAWN, person__isnull=False)
    over = ended.exclude(side=Side.HELPER).filter(retention_anchor__lt=day_ago(REQUEST_DAYS))
    due = list(over.exclude(memberships__isnull=False).exclude(letters__in_force_at__isnull=False))
    for row in due:
        erasure.detach(participation=row)
    return len(due)


def _link(participation: Participation) -> int | None:
    """In how many days, for somebody who would leave today."""
    return LINK_DAYS + 1 if participation.memberships.exists() else None


def _request(participation: Participation) -> int | None:
    if participation.side == Side.HELPER or participation.letters.filter(in_force_at__isnull=False).exists():
        return None
    return max(REQUEST_DAYS + 1, _link(participation) or 0)


def meetings() -> int:
    """Twelve months after the end of the pair: day and minutes only."""
    rows = Meeting.objects.filter(pair__state=PairState.ENDED, pair__ended_on__lt=day_ago(MEETING_DAYS))
    return rows.exclude(channel="", entered_by_ref=None, themes="").update(channel="", entered_by_ref=None, themes="")


def dates() -> int:
    """Appointments thirty days after, and dates never answered thirty days after the last of them."""
    limit = clock.now() - dt.timedelta(days=DATE_DAYS)
    over = DateProposal.objects.annotate(last=Max("dates__starts_at")).filter(
        Q(starts_at__lt=limit) | Q(starts_at=None, last__lt=limit)
    )
    return gone(DateProposal.objects.filter(pk__in=list(over.values_list("pk", flat=True))))


def fit_checks() -> int:
    """Thirty days, whatever the answer; the end of the pair erases it at once."""
    return FitCheck.objects.filter(answered_on__lt=day_ago(FIT_DAYS)).delete()[0]


def runs() -> int:
    """What a computation read and did not lead to a proposal; a run nobody decided on is set aside."""
    now = clock.now()
    old = Run.objects.filter(at__lt=now - dt.timedelta(days=RUN_DAYS))
    old.exclude(state__in=[RunState.PUBLISHED, RunState.DISCARDED]).filter(algorithm__gt="").update(
        state=RunState.DISCARDED, decided_at=now
    )
    gone = old.filter(state__in=[RunState.COMPUTING, RunState.FAILED]).delete()[0]
    gone += Unpaired.objects.filter(run__in=old).delete()[0]
    gone += Candidate.objects.filter(run__in=old).exclude(state=CandidateState.PUBLISHED).delete()[0]
    return gone + old.exclude(input="").update(input="")


def reasons() -> int:
    """Why a pair was proposed, and what its members wished next, never outlive the link between them."""
    limit = clock.now() - dt.timedelta(days=LINK_DAYS)
    gone = Candidate.objects.filter(run__at__lt=limit).delete()[0]
    return gone + SearchChoice.objects.filter(asked_at__lt=limit).delete()[0]


def wishes() -> int:
    """Sealed wishes, closed or not, then who was invited and whom they met. They go at the closing; this is the limit."""
    limit = clock.now() - dt.timedelta(days=WISH_DAYS)
    begun = WishSeat.objects.filter(
        Q(round__starts_at__lt=limit) | Q(round__starts_at__isnull=True, round__created_at__lt=limit)
    )
    return begun.delete()[0]


def presences() -> int:
    """Twelve months, and never before the report of their exercice could be made."""
    waiting = {row.programme_id: row.starts for row in _exercices_without_report()}
    limit = clock.now() - dt.timedelta(days=PRESENCE_DAYS)
    old = SupervisionAttendance.objects.filter(session__starts_at__lt=limit).select_related(
        "session__programme__lead_employer"
    )
    due = [
        row.pk
        for row in old
        if row.session.programme_id not in waiting
        or clock.day_of(row.session.starts_at, row.session.programme.time_zone) < waiting[row.session.programme_id]
    ]
    return SupervisionAttendance.objects.filter(pk__in=due).delete()[0]


def tallies() -> int:
    """Twelve months, and never before the report of their exercice could be made."""
    waiting = {row.programme_id: row.starts for row in _exercices_without_report()}
    old = HoursTally.objects.filter(month__lt=day_ago(PRESENCE_DAYS + 31)).select_related("participation")
    due = [row.pk for row in old if row.month < waiting.get(row.participation.programme_id, dt.date.max)]
    return HoursTally.objects.filter(pk__in=due).delete()[0]


def seats() -> int:
    """Who came to an intervision: a month, whatever happened."""
    return IntervisionSeat.objects.filter(session__starts_at__lt=ago(SEAT_DAYS)).delete()[0]


def needs() -> int:
    """The words of a group and who agreed to them; what was raised to the employer is a problem, kept apart."""
    return CollectiveNeed.objects.filter(written_at__lt=ago(NEED_DAYS)).delete()[0]


def _exercices_without_report():
    """Exercices not over for three months yet; the earliest of each programme comes last."""
    return Exercice.objects.filter(ends__gte=day_ago(REPORT_DAYS)).order_by("-starts")


def empty_requests(rows: QuerySet[SupportRequest]) -> int:
    """What is left is a subject and dates: nobody's number, nobody. One that nobody had answered is closed by it."""
    found = list(rows.exclude(person=None, reach="", slots=0))
    now = clock.now()
    for row in found:
        signed_links.revoke(purpose=support.PURPOSE, object_ref=row.ref)
        row.reach, row.person, row.supervisor, row.contact, row.channel, row.slots = "", None, None, None, "", 0
        row.called_at, row.closed_at = row.called_at or now, row.closed_at or now
        row.state = SupportState.CLOSED
        row.save()
    traces.cut(model=SupportRequest, refs=[row.ref for row in found])
    return len(found)


def empty_alerts(rows: QuerySet[Alert]) -> int:
    """What is left is a level and dates. A message still open stays open, from nobody: its code is what there is to do."""
    named = rows.exclude(sender=None)
    over = list(named.filter(state=AlertState.CLOSED).values_list("pk", flat=True))
    traces.cut(model=Alert, refs=named.values_list("ref", flat=True))
    gone = named.exclude(pk__in=over).update(sender=None)
    return gone + Alert.objects.filter(pk__in=over).update(sender=None, code="", relay_code="", occurred_at=None)


def support_requests() -> int:
    """Two months after closing; a year after the asking for one that nobody closed."""
    return empty_requests(
        SupportRequest.objects.filter(person__isnull=False).filter(
            Q(closed_at__lt=ago(CLOSED_DAYS)) | Q(asked_at__lt=ago(ASKED_DAYS))
        )
    )


def alerts() -> int:
    return empty_alerts(Alert.objects.filter(closed_at__lt=ago(CLOSED_DAYS)))


def rules() -> list[Rule]:
    """RETENTION hook."""
    return [
        Rule(
            "pair-links",
            "Lien entre les membres d’un binôme terminé",
            "7 mois après sa fin",
            "lien et bilans détruits, il ne reste qu’un nombre",
            links,
            _link,
        ),
        Rule(
            "requests",
            "Demande d’accompagnement ou inscription entre pairs, terminée",
            "3 mois après sa fin, une fois le lien du binôme détruit",
            "détachée de la personne : il ne reste qu’un nombre",
            requests,
            _request,
        ),
        Rule(
            "runs",
            "Rapprochements : ce que le calcul a lu, et ce qui n’a pas été proposé",
            "30 jours",
            "effacé ; il ne reste que la date et l’empreinte",
            runs,
        ),
        Rule(
            "reasons",
            "Raisons d’une proposition de binôme, et réponse à « une nouvelle proposition ? »",
            "7 mois",
            "effacées",
            reasons,
        ),
        Rule(
            "wishes",
            "Vœux secrets, invitations et plan des rencontres croisées",
            "vœux : jusqu’à la clôture, 30 jours au plus ; le reste : 30 jours",
            "effacés ; il ne reste que la date",
            wishes,
        ),
        Rule(
            "meetings",
            "Rencontres : thèmes, façon d’échanger, qui l’a notée",
            "12 mois après la fin du binôme",
            "effacés ; jour et durée restent, sans nom",
            meetings,
        ),
        Rule(
            "dates",
            "Dates proposées et rendez-vous d’un binôme",
            "30 jours après leur jour, ou jusqu’à la fin du binôme",
            "effacés",
            dates,
        ),
        Rule(
            "fit",
            "Réponse après la première rencontre",
            "30 jours, ou jusqu’à la fin du binôme",
            "effacée",
            fit_checks,
        ),
        Rule(
            "returns",
            "Jour donné pour un appui au retour",
            "30 jours après la fin de l’appui, ou jusqu’à la fin du binôme ; avant, dès que la personne le retire",
            "effacé",
            returns.forget,
        ),
        Rule(
            "supervision",
            "Présences en supervision",
            "12 mois, au plus tôt 3 mois après la fin de la période du rapport",
            "effacées",
            presences,
        ),
        Rule(
            "tallies",
            "Temps de mission noté par mois",
            "12 mois, au plus tôt 3 mois après la fin de la période du rapport",
            "effacé",
            tallies,
        ),
        Rule("seats", "Inscription à une intervision", "un mois après la date", "effacée, il reste un nombre", seats),
        Rule(
            "needs",
            "Besoin collectif écrit en supervision, et les accords donnés",
            "12 mois",
            "effacés",
            needs,
        ),
        Rule(
            "support",
            "Demande d’appui",
            "2 mois après sa clôture, 12 mois au plus",
            "il ne reste qu’un sujet et des dates ; numéro ou adresse effacés dès la clôture",
            support_requests,
        ),
        Rule(
            "alerts",
            "Message « une situation m’inquiète »",
            "2 mois après sa clôture",
            "il ne reste qu’un niveau et des dates",
            alerts,
        ),
    ]
