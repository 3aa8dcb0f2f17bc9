"""Who sees a pair (domain.md b.2): its members; the référent of the programme; the référent de binôme it is given to."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from pairing.enums import EndCode
from pairing.models import Pair, PairMember, SupervisorEngagement
from portal.local_day import local_day
from portal.models import Person
from programmes.access import REFERENT, holds
from programmes.enums import ParticipationState, ProgrammeRoleKind, Side
from programmes.models import Participation, Programme


def waiting_for_a_pair(programme: Programme, side: Side = Side.HELPED) -> QuerySet[Participation]:
    """Accepted agents (or peers) who look for a pair and hold no proposal: first those who wished to change or whose
    delay passed (it is no refusal), then the longest wait."""
    accepted = Participation.objects.filter(programme=programme, state=ParticipationState.ACCEPTED, side=side)
    looking = accepted.filter(waiting_since__isnull=False, person__isnull=False).exclude(memberships__live=True)
    since = PairMember.objects.filter(participation=OuterRef("pk"), pair__proposed_at__gte=OuterRef("waiting_since"))
    changed, late = since.filter(pair__end_code=EndCode.CHANGE), since.filter(pair__late=True)
    return looking.annotate(changed=Exists(changed), ahead=Exists(changed) | Exists(late)).order_by(
        "-ahead", "waiting_since", "pk"
    )


def helpers_with_a_place(programme: Programme) -> QuerySet[Participation]:
    """Accepted helpers who hold fewer live pairs than their places, by name."""
    helpers = Participation.objects.filter(
        programme=programme, state=ParticipationState.ACCEPTED, side=Side.HELPER, person__isnull=False
    )
    taken = Count("memberships", filter=Q(memberships__live=True))
    return helpers.annotate(taken=taken).filter(taken__lt=F("places")).order_by("person__sort_key", "pk")


def pairs_of(person: Person) -> QuerySet[Pair]:
    """The pairs `person` is a member of."""
    return Pair.objects.filter(members__person=person)


def followed_by(person: Person) -> QuerySet[Pair]:
    """The pairs `person` follows: as référent of the programme, or as référent de binôme; never one of their own."""
    rows = Pair.objects.filter(Q(referee=person) | holds(person, "programme", REFERENT))
    return rows.exclude(members__person=person)


def engagements_of(person: Person) -> QuerySet[SupervisorEngagement]:
    """Where `person` is engaged as a supervisor today, with the role held today in that programme."""
    day = local_day("programme__lead_employer")
    engaged = SupervisorEngagement.objects.filter(person=person, engaged_on__lte=day).exclude(ended_on__lt=day)
    return engaged.filter(holds(person, "programme", (ProgrammeRoleKind.SUPERVISOR,)))


def may_supervise(person: Person) -> bool:
    return engagements_of(person).exists()


def takes_part_in(person: Person) -> QuerySet[Programme]:
    """Programmes where `person` takes part today: they may ask for support there, and say that they worry."""
    mine = Participation.objects.open().filter(person=person).values("programme")
    return Programme.objects.filter(pk__in=mine).select_related("lead_employer").order_by("name", "pk")
