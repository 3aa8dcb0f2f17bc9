"""What goes from the pairs when somebody is erased: the link, and who noted what; days and hours stay the other's."""

from django.db import transaction

from pairing.models import (
    Alert,
    Candidate,
    FitCheck,
    IntervisionSeat,
    Meeting,
    MonthCount,
    NeedVoice,
    Pair,
    PairMember,
    ReturnPlan,
    ReviewAnswer,
    Run,
    SearchChoice,
    SupervisorEngagement,
    SupportRequest,
    Unpaired,
    WishSeat,
)
from pairing.services import retention
from pairing.services.pairs import leave
from portal.models import Person

FORMER = "ancien·ne superviseur·e"


@transaction.atomic
def erase(*, person: Person) -> None:
    """Pairs that run end first, so that the other member is told, neutrally."""
    for row in person.participations.filter(memberships__live=True).distinct():
        leave(row, person)
    for pair in Pair.objects.filter(members__person=person):
        pair.meetings.filter(entered_by_ref=person.ref).update(themes="")
    Meeting.objects.filter(entered_by_ref=person.ref).update(entered_by_ref=None)
    # What a computation read holds everybody who waited at that moment.
    Run.objects.filter(programme__participations__person=person).exclude(input="").update(input="")
    Candidate.objects.filter(members__participation__person=person).delete()
    Run.objects.filter(about__person=person).delete()
    Unpaired.objects.filter(participation__person=person).delete()
    SearchChoice.objects.filter(participation__person=person).delete()
    FitCheck.objects.filter(member__person=person).delete()
    IntervisionSeat.objects.filter(participation__person=person).delete()
    NeedVoice.objects.filter(participation__person=person).delete()
    ReturnPlan.objects.filter(member__person=person).delete()
    ReviewAnswer.objects.filter(member__person=person).delete()
    MonthCount.objects.filter(entered_by_ref=person.ref).update(entered_by_ref=None)
    MonthCount.objects.filter(for_ref=person.ref).update(for_ref=None)
    WishSeat.objects.filter(participation__person=person).delete()
    PairMember.objects.filter(person=person).update(person=None, participation=None)
    PairMember.objects.filter(participation__person=person).update(participation=None)
    retention.empty_requests(SupportRequest.objects.filter(person=person))
    retention.empty_alerts(Alert.objects.filter(sender=person))
    for engagement in SupervisorEngagement.objects.filter(person=person):
        engagement.name, engagement.address = FORMER, ""
        engagement.save(update_fields=["name", "address"])
