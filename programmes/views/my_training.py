"""Training as an agent lives it: a place, a diary, where I stand, the attestation."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import clock
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from portal.models import Person
from programmes.enums import Level, ParticipationState, Presence, SessionState, Side, Skill, TrainingMoment
from programmes.forms.training import PositioningForm
from programmes.models import Participation, TrainingSession
from programmes.services import training, training_certificates, training_places, training_self

MOMENTS = {"avant": TrainingMoment.BEFORE, "apres": TrainingMoment.AFTER}
PLACE = {
    Presence.EXPECTED: "Vous êtes inscrit·e. La date est dans « Mes formations ».",
    Presence.WAITING: training_places.FULL,
}


@require_safe
@agent_space
def my_training(request: HttpRequest) -> HttpResponse:
    """Where I am expected, what I may join, what I followed, and what is mine alone."""
    rows = list(training_places.mine(request.person).order_by("session__on", "session__at", "pk"))
    coming = [row for row in rows if _is_coming(row.session) and row.presence != Presence.WAITING]
    parts = list(
        Participation.objects.filter(person=request.person)
        .exclude(side=Side.HELPED)
        .filter(state__in=training_places.IN_TRAINING)
        .select_related("programme")
    )
    followed = {row.participation_id for row in rows if row.presence == Presence.PRESENT}
    due = training.refresher_due(parts)
    context = {
        "coming": coming,
        "wished": [row for row in rows if _is_coming(row.session) and row.presence == Presence.WAITING],
        "past": [row for row in reversed(rows) if not _is_coming(row.session) and row.presence != Presence.WAITING],
        "open": list(training_places.open_to(request.person)),
        "attended": Participation.objects.filter(pk__in=followed).select_related("programme"),
        "parts": [{"participation": part, "refresher": due.get(part.pk)} for part in parts],
    }
    return render(request, "programmes/training_mine.html", context)


def _is_coming(session: TrainingSession) -> bool:
    return session.state == SessionState.PLANNED and session.on >= clock.today(session.programme.time_zone)


def _session(person: Person, ref: UUID) -> TrainingSession:
    """A session open to this person, or where they have a line already: registering twice is once."""
    rows = TrainingSession.objects.filter(
        Q(pk__in=training_places.open_to(person).order_by().values("pk"))
        | Q(pk__in=training_places.mine(person).order_by().values("session"))
    )
    return get_object_or_404(rows.select_related("programme__lead_employer"), ref=ref)


@require_POST
@agent_space
def register(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A place, or the list of interest when the last one has just gone."""
    try:
        presence = training_places.register(session=_session(request.person, ref), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        tell = messages.info if presence == Presence.WAITING else messages.success
        tell(request, PLACE.get(presence, "Vous avez déjà suivi cette séance."))
    return redirect("programmes:my_training")


@require_POST
@agent_space
def give_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = get_object_or_404(training_places.mine(request.person), session__ref=ref)
    try:
        training_places.give_back(session=row.session, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté : vous n’êtes plus inscrit·e à cette séance.")
    return redirect("programmes:my_training")


@require_safe
@agent_space
def diary(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One session for one's own diary: a day, an hour, neutral words."""
    expected = training_places.mine(request.person).exclude(presence=Presence.WAITING)
    row = get_object_or_404(expected, session__ref=ref)
    disposition = f'attachment; filename="seance-{row.session.on.isoformat()}.ics"'
    data = training_places.diary(row.session)
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": disposition})


def _part(request: HttpRequest, ref: UUID) -> Participation:
    mine = Participation.objects.filter(person=request.person)
    return get_object_or_404(mine.select_related("programme__lead_employer", "employer", "person"), ref=ref)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def certificate(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Neutral title, hours and dates; no module, no word on health (domain.md g). POST has the PDF made."""
    part = _part(request, ref)
    if request.method == "POST":
        try:
            document = training_certificates.ask(participation=part)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("programmes:certificate", ref)
        return redirect("programmes:time_certificate", document.ref)
    paper = training_certificates.paper_of(part)
    return render(request, "programmes/training_certificate.html", {"participation": part, "document": paper})


@require_http_methods(["GET", "POST"])
@agent_space
def positioning(request: HttpRequest, ref: UUID, moment: str) -> HttpResponse:
    """« Mes repères » of one moment, beside those of the other; nobody else reads them."""
    part = _part(request, ref)
    if moment not in MOMENTS or part.side == Side.HELPED or part.state == ParticipationState.WITHDRAWN:
        raise Http404
    known = training_self.read(part)
    form = PositioningForm(request.POST if request.method == "POST" else None, levels=known.get(MOMENTS[moment], {}))
    if request.method == "POST" and form.is_valid():
        try:
            training_self.keep(participation=part, moment=MOMENTS[moment], levels=form.cleaned_data, by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Vos repères sont gardés, pour vous seul·e.")
            return redirect("programmes:positioning", ref, moment)
    rows = [(Skill(skill).label, [_word(known, at, skill) for at in TrainingMoment.values]) for skill in Skill.values]
    context = {
        "participation": part,
        "form": form,
        "moment": MOMENTS[moment],
        "other": next(slug for slug in MOMENTS if slug != moment),
        "rows": rows if known else [],
    }
    return render(request, "programmes/training_self.html", context)


def _word(known: dict, moment: str, skill: str) -> str:
    level = known.get(moment, {}).get(skill)
    return Level(level).label if level else "sans réponse"


@require_POST
@agent_space
def erase_positioning(request: HttpRequest, ref: UUID) -> HttpResponse:
    training_self.erase(participation=_part(request, ref), by=request.person)
    messages.success(request, "Vos repères sont effacés.")
    return redirect("programmes:my_training")
