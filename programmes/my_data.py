"""What the frame says of one person on « Mes données »: rows to take away, agreements, what outlives an erasure."""

import datetime as dt

from django.urls import reverse

from portal import clock, registry
from portal.dates import day_in_words
from portal.models import Person
from portal.registry import Agreement, Records
from programmes.enums import OPEN_PARTICIPATION, LetterKind, LetterState
from programmes.letter_access import letters_of
from programmes.models import (
    CharterAcceptance,
    EntryCard,
    Interview,
    Membership,
    MentionRequest,
    Programme,
    ProgrammeRole,
    Readiness,
    Registration,
    SelfPositioning,
    Signature,
    Testimony,
)
from programmes.services import avoid, community, erasure, outreach, retention, training_places

PARTICIPATION = (
    *("programme", "employer", "side", "state", "places", "themes", "channels", "slots", "variable_hours"),
    *("setting", "seniority", "lived", "exchange_needs", "likeness", "meeting_place"),
    *("sites", "any_site", "travels"),
    *("presentation", "presentation_published"),
    *("free_text", "readers", "information_read_at", "received_at", "waiting_since", "accepted_at", "ended_on"),
)
LETTER = (
    *("programme", "kind", "origin", "number", "state", "mission_title", "minutes_month", "absence_days", "starts"),
    *("ends", "choices", "body", "visa", "visa_by", "in_force_at", "suspended_on", "reminded_at", "ended_on"),
    "created_at",
)


def records(person: Person) -> list[Records]:
    """EXPORT hook. « Pas avec » is the owner's own choice, hence here; that of others never is."""
    mine = {"participation__person": person}
    return [
        Records(
            "programmes.Participation",
            person.participations.select_related("programme", "employer").prefetch_related("themes", "sites"),
            PARTICIPATION,
        ),
        Records(
            "programmes.JoinDraft",
            person.join_drafts.select_related("programme"),
            ("programme", "content", "late", "created_at", "changed_at"),
        ),
        Records(
            "programmes.Avoid",
            avoid.in_words(person),
            ("target",),
        ),
        Records(
            "programmes.CharterAcceptance",
            CharterAcceptance.objects.filter(**mine).select_related("version").order_by("pk"),
            ("version", "at"),
        ),
        Records("programmes.Letter", letters_of(person), LETTER),
        Records("programmes.Signature", Signature.objects.filter(person=person), ("party", "means", "at")),
        Records(
            "programmes.TrainingAttendance",
            training_places.mine(person).order_by("pk"),
            ("session", "presence"),
        ),
        Records("programmes.Readiness", Readiness.objects.filter(**mine), ("decision", "talk_on", "decided_on", "at")),
        Records("programmes.SelfPositioning", SelfPositioning.objects.filter(**mine), ("moment", "levels", "at")),
        Records(
            "programmes.Testimony",
            Testimony.objects.filter(person=person).select_related("outreach"),
            (
                *("outreach", "asked_at", "agreed_at", "recording_agreed", "withdrawn_at"),
                *("words", "signed", "shown_at"),
            ),
        ),
        Records(
            "programmes.Interview",
            Interview.objects.filter(**mine),
            ("on", "points"),
        ),
        Records(
            "programmes.MentionRequest",
            MentionRequest.objects.filter(**mine),
            ("place", "asked_at", "done_at", "withdrawn_at"),
        ),
        Records(
            "programmes.ProgrammeRole",
            ProgrammeRole.objects.filter(person=person).select_related("programme").order_by("pk"),
            ("programme", "role", "starts", "ends"),
        ),
        Records(
            "programmes.Membership",
            Membership.objects.filter(person=person).select_related("programme"),
            ("programme", "form", "rules", "joined_at", "left_on"),
        ),
        Records(
            "programmes.Registration",
            Registration.objects.filter(person=person).select_related("gathering").order_by("pk"),
            ("gathering", "at"),
        ),
        Records(
            "programmes.EntryCard",
            EntryCard.objects.filter(person=person),
            ("programme", "created_at", "expires_at", "used_at"),
        ),
    ]


def agreements(person: Person) -> list[Agreement]:
    """AGREEMENT hook: taking part, what is shared of oneself, being a member, the charter, a letter, a testimony."""
    made = (_participations, _sharings, _memberships, _charters, _letters, _testimonies, _mentions)
    return [agreement for what in made for agreement in what(person)]


def _memberships(person: Person) -> list[Agreement]:
    return [
        Agreement(
            f"Être membre : {row.programme.name} ({row.form_label})",
            f"depuis le {_day(row.joined_at, row.programme)}",
            reverse("programmes:leave_group", args=[row.ref]),
            "Partir",
            15,
        )
        for row in community.mine(person)
    ]


def _day(at: dt.datetime, programme: Programme) -> str:
    """« 3 mars 2026 », as it was lived where the programme is."""
    return day_in_words(clock.day_of(at, programme.time_zone), weekday=False)


def _participations(person: Person) -> list[Agreement]:
    rows = person.participations.filter(state__in=OPEN_PARTICIPATION).select_related("programme__lead_employer")
    return [
        Agreement(
            f"Participer à {row.programme.name} ({row.get_side_display()})",
            f"depuis le {_day(row.received_at, row.programme)}",
            reverse("programmes:withdraw", args=[row.ref]),
            "Me retirer",
            10,
        )
        for row in rows
    ]


def _sharings(person: Person) -> list[Agreement]:
    """Optional, apart from one another: words, presentation, what was lived (field R12)."""
    found = []
    for row in person.participations.filter(state__in=OPEN_PARTICIPATION).select_related("programme"):
        words = {"pair": "mon binôme", "referent": "le ou la référent·e"}
        readers = " et ".join(words[reader] for reader in row.readers if reader in words)
        given = [
            ("Laisser lire mes quelques mots", f"par {readers}", readers and row.free_text),
            ("Publier ma présentation", "lue par qui cherche un binôme", row.presentation_published),
            ("Chercher un vécu en commun", "avec mes cases, que personne ne lit", row.lived),
        ]
        url = reverse("programmes:visibility", args=[row.ref])
        found += [Agreement(label, said, url, "Retirer", 15) for label, said, stands in given if stands]
    return found


def _charters(person: Person) -> list[Agreement]:
    rows = CharterAcceptance.objects.filter(participation__person=person).select_related(
        "version__programme__lead_employer"
    )
    return [
        Agreement(
            f"Charte « {row.version.programme.name} », version {row.version.number}",
            f"acceptée le {_day(row.at, row.version.programme)}, vaut tant que je participe",
            rank=20,
        )
        for row in rows.order_by("pk")
    ]


def _letters(person: Person) -> list[Agreement]:
    rows = letters_of(person).filter(state=LetterState.IN_FORCE)
    return [
        Agreement(
            "Ma lettre de mission" if row.kind == LetterKind.LETTER else "Mon engagement",
            f"jusqu’au {day_in_words(row.ends, weekday=False)}",
            reverse("programmes:my_letter", args=[row.ref]),
            "Lire",
            30,
        )
        for row in rows
    ]


def _mentions(person: Person) -> list[Agreement]:
    rows = MentionRequest.objects.filter(participation__person=person, withdrawn_at__isnull=True)
    return [
        Agreement(
            f"Mention demandée : {row.get_place_display()}",
            f"depuis le {_day(row.asked_at, row.participation.programme)}",
            reverse("programmes:statement", args=[row.participation.ref]),
            "Voir",
            45,
        )
        for row in rows.select_related("participation__programme__lead_employer")
    ]


def _testimonies(person: Person) -> list[Agreement]:
    return [
        Agreement(
            f"Témoigner : {row.outreach.get_kind_display()}",
            f"le {day_in_words(row.outreach.on, weekday=False)}",
            reverse("programmes:my_testimony", args=[row.ref]),
            "Me retirer",
            40,
        )
        for row in outreach.open_testimonies(person).filter(agreed_at__isnull=False)
    ]


def erase(person: Person) -> None:
    """ERASURE hook."""
    erasure.erase(person=person)


def register_all() -> None:
    registry.register(registry.EXPORT, records)
    registry.register(registry.AGREEMENT, agreements)
    registry.register(registry.KEPT, erasure.kept)
    registry.register(registry.ERASURE, erase)
    registry.register(registry.RETENTION, retention.rules)
