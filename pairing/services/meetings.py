"""« Nous nous sommes vus » : one tap, a day; the rest is optional and stays between the two."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from pairing.enums import PairState
from pairing.models import Meeting, Pair
from pairing.services.pairs import member_of
from portal import clock
from portal.errors import DomainError
from portal.models import Person
from portal.services.versions import save_if_unchanged
from programmes.models import Theme

# Codes of themes, padded: whatever is ticked, a copy of the database shows the same.
WIDTH = 320
ALREADY = "Une rencontre est déjà notée ce jour-là."


@transaction.atomic
def log(
    *,
    pair: Pair,
    by: Person,
    key: UUID,
    on: dt.date | None = None,
    minutes: int | None = None,
    channel: str = "",
    themes: list[Theme] | None = None,
) -> Meeting:
    """Note a meeting (today by default). The same tap sent twice is one meeting."""
    member_of(pair, by)
    if earlier := Meeting.objects.filter(key=key, pair=pair).first():
        return earlier
    day = on or clock.today(pair.programme.time_zone)
    _check_day(pair, day)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                key=key,
                pair=pair,
                on=day,
                minutes=minutes,
                channel=channel,
                entered_by_ref=by.ref,
                entered_at=clock.now(),
                themes=_packed(themes or []),
            )
    except IntegrityError as error:
        raise DomainError(ALREADY, field="on") from error
    _refresh_dates(pair)
    return meeting


def _check_day(pair: Pair, day: dt.date) -> None:
    if pair.state not in (PairState.ACTIVE, PairState.PAUSED):
        raise DomainError("Ce binôme n’est pas en cours : aucune rencontre ne peut y être notée.")
    if day > clock.today(pair.programme.time_zone):
        raise DomainError("Cette date n’est pas encore passée.", field="on")
    # What was held before a pair entered the portal is declared with it, once.
    declared = pair.declared_meetings is not None
    started = pair.proposed_at if declared else pair.active_at or pair.all_yes_at
    if day < started.astimezone(clock.ZoneInfo(pair.programme.time_zone)).date():
        before = "l’entrée de votre binôme dans le portail" if declared else "le début de votre binôme"
        raise DomainError(f"Cette date est avant {before}.", field="on")


@transaction.atomic
def change(*, meeting: Meeting, by: Person, seen: int, on: dt.date, themes: list[Theme], **details) -> None:
    """Correct the day, duration, channel or themes of a meeting; either member may."""
    member_of(meeting.pair, by)
    _check_day(meeting.pair, on)
    meeting.on = on
    meeting.minutes, meeting.channel = details.get("minutes"), details.get("channel", "")
    try:
        with transaction.atomic():
            save_if_unchanged(meeting, seen=seen, fields=["on", "minutes", "channel"])
    except IntegrityError as error:
        raise DomainError(ALREADY, field="on") from error
    meeting.themes = _packed(themes)
    meeting.save(update_fields=["themes"])
    _refresh_dates(meeting.pair)


@transaction.atomic
def remove(*, meeting: Meeting, by: Person) -> None:
    """Noted by mistake: gone for good."""
    member_of(meeting.pair, by)
    pair = meeting.pair
    meeting.delete()
    _refresh_dates(pair)


def with_themes(rows: Iterable[Meeting]) -> list[Meeting]:
    """Meetings with `ticked`, their themes in the order of the list; for members alone."""
    known, found = {theme.pk: theme for theme in Theme.objects.all()}, list(rows)
    for row in found:
        codes = set(row.themes.open(row.ref).split()) if row.themes else set()
        row.ticked = [theme for code, theme in known.items() if code in codes]
    return found


def in_words(rows: Iterable[Meeting]) -> list[Meeting]:
    """Meetings to take away, themes in words."""
    found = with_themes(rows)
    for row in found:
        row.themes = ", ".join(theme.label for theme in row.ticked)
    return found


def _packed(themes: Iterable[Theme]) -> str:
    return " ".join(sorted(theme.pk for theme in themes)).ljust(WIDTH)


def _refresh_dates(pair: Pair) -> None:
    dates = pair.meetings.aggregate(first=Min("on"), last=Max("on"))
    pair.first_met_on, pair.last_met_on = dates["first"], dates["last"]
    Pair.objects.filter(pk=pair.pk).update(first_met_on=dates["first"], last_met_on=dates["last"])
