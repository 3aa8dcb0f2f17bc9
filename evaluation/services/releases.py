"""Establishing a release (atomic, numbered, hashed) and restituting it to the participants before RH reads it."""

import datetime as dt
import json
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from evaluation.disclosure import bands, rules
from evaluation.disclosure.figures import VALUE, Figure
from evaluation.enums import Audience
from evaluation.models import FigureBasis, PublishedFigure, Release, Report, StatLink, StatUnit
from evaluation.services import content, ledger, recounts, reports
from evaluation.services.exercices import is_closed
from portal import clock
from portal.dates import day_in_words
from portal.enums import Topic, Verb
from portal.errors import DomainError
from portal.models import OutgoingMail, Person
from portal.services import journal, mail
from programmes.models import Exercice

MAIL = "evaluation/shared"
UNCHANGED = "Rien n’a changé depuis la dernière édition : elle reste la bonne."


@transaction.atomic
def establish(*, exercice: Exercice, by: Person | None = None) -> Release:
    """The release of this exercice: a new edition if what it says changed, else the latest one as it is."""
    exercice = Exercice.objects.select_for_update().select_related("programme__lead_employer").get(pk=exercice.pk)
    if not is_closed(exercice):
        raise DomainError(
            f"La période se termine le {day_in_words(exercice.ends, weekday=False)} : le rapport pourra être établi à partir du lendemain."
        )
    latest = recounts.latest(exercice)
    lines = content.lines(exercice)
    if latest and recounts.is_over(latest):
        recounts.keep(latest, lines)
    ledger.protect(exercice, lines)
    data = content.build(exercice, lines)
    if latest and _same(json.loads(latest.data), data):
        return latest
    edition = latest.edition + 1 if latest else 1
    text = content.canonical({**data, "edition": edition})
    release = Release.objects.create(
        programme=exercice.programme,
        exercice=exercice,
        edition=edition,
        rules_version=rules.RULES_VERSION,
        data=text,
        sha256=content.sha256(text),
        established_by=by,
        established_at=clock.now(),
    )
    _publish(release, lines)
    Report.objects.bulk_create(Report(release=release, audience=audience) for audience in Audience)
    journal.log(
        actor=by,
        verb=Verb.CREATED,
        target=release,
        employer=exercice.programme.lead_employer,
        count=len(lines.catalogue),
    )
    return release


@transaction.atomic
def share(*, release: Release, by: Person | None = None) -> Release:
    """Open its results to the participants: a page, a leaflet, a message without any figure. RH reads nothing yet."""
    release = _locked(release)
    if release.shared_on:
        raise DomainError("Les participants lisent déjà cette édition.")
    release.shared_on = clock.today(release.programme.time_zone)
    release.save(update_fields=["shared_on"])
    journal.log(actor=by, verb=Verb.MOVED, target=release, employer=release.programme.lead_employer)
    reports.request(report=release.reports.get(audience=Audience.PARTICIPANTS))
    people = Person.objects.filter(pk__in=release.programme.participations.open().values("person"))
    for person in people.order_by("pk"):
        mail.post(kind=MAIL, key=f"results:{release.ref}:{person.ref}", person=person, object_ref=release.ref)
    return release


@mail.content(MAIL, Topic.TOGETHER, "Les résultats du programme sont à lire", paper=True)
def _content(message: OutgoingMail) -> dict:
    return {"path": reverse("evaluation:result", args=[message.object_ref])}


@transaction.atomic
def restitute(
    *, release: Release, on: dt.date, how: str = "", words: str = "", wishes: str = "", by: Person | None = None
) -> Release:
    """The participants have read it first, on that day: RH may read it, with what they said of it; its PDF is prepared."""
    release = _locked(release)
    if release.restituted_on:
        raise DomainError(
            f"Cette édition a déjà été restituée le {day_in_words(release.restituted_on, weekday=False)}."
        )
    if on > clock.today(release.programme.time_zone):
        raise DomainError("Notez la restitution une fois qu’elle a eu lieu : cette date est à venir.", field="on")
    if on <= release.exercice.ends:
        raise DomainError("La restitution vient après la fin de la période.", field="on")
    # Given back by voice without the page: the page opens with it.
    release.shared_on = release.shared_on or on
    release.restituted_on, release.restituted_how = on, how
    release.words, release.wishes = words.strip(), wishes.strip()
    release.save(update_fields=["shared_on", "restituted_on", "restituted_how", "words", "wishes"])
    journal.log(actor=by, verb=Verb.DECIDED, target=release, employer=release.programme.lead_employer)
    reports.request(report=release.reports.get(audience=Audience.HR))
    return release


def _locked(release: Release) -> Release:
    rows = Release.objects.select_for_update(of=("self",)).select_related("exercice", "programme__lead_employer")
    return rows.get(pk=release.pk)


def changes(older: Release, newer: Release) -> list[str]:
    """What differs between two editions, in words: only what both published."""
    before, after = (_texts(json.loads(release.data)) for release in (older, newer))
    return [
        f"{title} : {before[title]}, puis {text}" for title, text in after.items() if before.get(title, text) != text
    ]


def _texts(data: dict) -> dict[str, str]:
    shown = {}
    for row in data["figures"]:
        figure = Figure(row["lo"], row["hi"], row["label"])
        shown[row["title"]] = bands.said(figure, unit=row["unit"], words=row["words"], of=row["of"])
    return shown


def _same(published: dict, data: dict) -> bool:
    """Whether a release would say the same again; the edition number and the accent colour do not count."""

    def bare(one: dict) -> dict:
        employer = {key: value for key, value in one["employer"].items() if key != "accent"}
        return {**{key: value for key, value in one.items() if key != "edition"}, "employer": employer}

    return content.canonical(bare(published)) == content.canonical(bare(data))


def _publish(release: Release, lines: content.Lines) -> None:
    """One row per figure, one for what a share is a share of, and the statistical units behind each number."""
    counted = [*lines.catalogue, *(line for _, line in lines.spans)]
    units = _units({unit for line in counted for unit in line.units})
    published: list[PublishedFigure] = []
    basis = []
    for line in counted:
        published += _rows(release, line.indicator.code, line.stratum, line.figure, line.of)
        basis += [FigureBasis(figure=published[-1], unit=units[unit]) for unit in sorted(line.units, key=str)]
    known = {(row.indicator, row.stratum) for row in published}
    for one in [figure for wave in (*lines.waves, *lines.around) for figure in wave.figures]:
        if (one.code, one.stratum) not in known:
            known.add((one.code, one.stratum))
            published += _rows(release, one.code, one.stratum, one.figure, one.of)
    PublishedFigure.objects.bulk_create(published)
    FigureBasis.objects.bulk_create(basis)


def _rows(release: Release, code: str, stratum: str, figure: Figure, of: int | None) -> Iterator[PublishedFigure]:
    """A ratio registers its numerator, last, and its denominator (decision 21)."""
    if of is not None:
        yield PublishedFigure(release=release, indicator=code, stratum=f"{stratum}/n", label=VALUE, lo=of, hi=of)
    yield PublishedFigure(
        release=release, indicator=code, stratum=stratum, label=figure.label, lo=figure.lo, hi=figure.hi
    )


def _units(wanted: set[tuple[str, UUID]]) -> dict[tuple[str, UUID], StatUnit]:
    """The unit of each subject, drawn at its first appearance; the link dies with the subject's erasure."""
    links = StatLink.objects.filter(subject_ref__in=[ref for _, ref in wanted]).select_related("unit")
    known = {(link.unit.kind, link.subject_ref): link.unit for link in links}
    new = sorted(wanted - known.keys(), key=str)
    drawn = StatUnit.objects.bulk_create(StatUnit(kind=kind) for kind, _ in new)
    known |= dict(zip(new, drawn, strict=True))
    StatLink.objects.bulk_create(StatLink(unit=known[kind, ref], subject_ref=ref) for kind, ref in new)
    return known
