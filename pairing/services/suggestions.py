"""The next proposal of one person, staged for the référent the very day a pair ends or a delay passes."""

from contextlib import suppress

from django.db import transaction

from pairing.enums import RunMode
from pairing.services import bench
from pairing.services.again import KIND, settle
from portal.errors import DomainError
from portal.jobs import Progress, handler
from portal.models import Job
from programmes.enums import Form, ParticipationState, Side
from programmes.models import Participation


@handler(KIND)
def suggest(job: Job, progress: Progress) -> None:
    """Stage a proposal for one person. Done late or twice, there is one, and none for somebody who has a pair."""
    row = Participation.objects.select_related("programme__lead_employer").filter(ref=job.object_ref).first()
    if row is None or row.person_id is None or row.state != ParticipationState.ACCEPTED:
        return
    if row.memberships.filter(live=True).exists():
        return
    form = Form.RECIPROCAL if row.side == Side.PEER else Form.PAIR
    with transaction.atomic():
        settle([row])
        # Nobody to propose, or the form is closed: the person is on the waiting list all the same.
        with suppress(DomainError), transaction.atomic():
            bench.launch(programme=row.programme, form=form, mode=RunMode.CRITERIA, by=None, about=row)
