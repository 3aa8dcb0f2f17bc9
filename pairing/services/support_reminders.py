"""One reminder before the target of a request or of an alert, to whoever would read it now. Run twice or late: once."""

import datetime as dt

from django.db import transaction

from pairing.models import Alert, SupportRequest
from pairing.services import receivers, support
from portal import clock

DAY = dt.timedelta(days=1)


def run() -> int:
    """How many were reminded of."""
    now = clock.now()
    requests = _waiting(SupportRequest, now).filter(person__isnull=False)
    rows = [*_waiting(Alert, now).select_related("sender"), *requests.select_related("person", "supervisor", "contact")]
    return sum(_remind(row, now) for row in rows)


def _waiting(model, now: dt.datetime):
    rows = model.objects.filter(state="received", reminded_at__isnull=True, due_at__lte=now + DAY)
    return rows.select_related("programme__lead_employer").order_by("pk")


def lead(row: Alert | SupportRequest) -> dt.timedelta:
    """A quarter of the delay, a day at most."""
    begun = row.opened_at if isinstance(row, Alert) else row.asked_at
    return min(DAY, (row.due_at - begun) / 4)


@transaction.atomic
def _remind(row: Alert | SupportRequest, now: dt.datetime) -> bool:
    if now < row.due_at - lead(row):
        return False
    if not type(row).objects.filter(pk=row.pk, state=row.state, reminded_at__isnull=True).update(reminded_at=now):
        return False
    if isinstance(row, Alert):
        receivers.tell(row.programme, key=f"alert:{row.ref}:reminder", but=row.sender)
    else:
        support.tell(row, key=f"support:{row.ref}:reminder")
    return True
