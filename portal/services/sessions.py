"""When this session ends, and making it last again. Reading a page does not prolong it: saving does."""

import datetime as dt

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from portal import clock


def ends_at(request: HttpRequest) -> dt.datetime | None:
    """The moment kept with the session, or None when there is none yet."""
    row = Session.objects.filter(session_key=request.session.session_key).only("expire_date").first()
    return row.expire_date if row else None


def prolong(request: HttpRequest) -> dt.datetime:
    """The whole length again, from now: saved with the answer."""
    request.session.modified = True
    return clock.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
