"""The charter: its versions for the référent, reading and accepting for those who take part."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal import clock
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import referent_only
from programmes.forms.charter import AcceptForm, ArticlesForm, InForceForm
from programmes.models import CharterVersion, Participation, Programme
from programmes.services import charter as service


@require_http_methods(["GET", "POST"])
@referent_only
def versions(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Versions, and who has not accepted the current one yet; POST begins a new version."""
    if request.method == "POST":
        draft = service.draft(programme=programme, by=request.person)
        return redirect("programmes:charter_version", programme.slug, draft.ref)
    current = service.current(programme)
    dates = dict(current.acceptances.values_list("participation", "at")) if current else {}
    people = Participation.objects.filter(programme=programme, person__isnull=False).open().select_related("person")
    rows = [(row, dates.get(row.pk)) for row in people]
    rows.sort(key=lambda pair: (pair[1] is not None, pair[0].person.sort_key))
    context = {
        "programme": programme,
        "versions": programme.charters.all(),
        "current": current,
        "rows": rows if current else [],
        "grace": service.grace_ends(current) if current and current.number > 1 else None,
        "drafting": programme.charters.filter(in_force_on__isnull=True).exists(),
    }
    return render(request, "programmes/charter_versions.html", context)


def _version(programme: Programme, ref: UUID) -> CharterVersion:
    return get_object_or_404(programme.charters.select_related("programme__lead_employer"), ref=ref)


@require_http_methods(["GET", "POST"])
@referent_only
def version(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A version: its articles to edit while it is prepared, to read once it is in force."""
    row = _version(programme, ref)
    form = None
    if row.in_force_on is None:
        form = ArticlesForm(request.POST or None, version=row)
        if request.method == "POST" and form.is_valid():
            try:
                service.change(version=row, texts=form.texts, seen=form.cleaned_data["seen"], by=request.person)
            except DomainError as error:
                show(error, form)
            else:
                messages.success(request, "Les articles sont enregistrés.")
                return redirect("programmes:charter_version", programme.slug, ref)
    earlier = service.before(row)
    changes = service.changes(earlier, row)
    context = {"programme": programme, "version": row, "form": form, "earlier": earlier, "changes": changes}
    return render(request, "programmes/charter_version.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def put_in_force(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A confirmation that says what will happen and who will know."""
    row = _version(programme, ref)
    if row.in_force_on is not None:
        return redirect("programmes:charter_version", programme.slug, ref)
    initial = {"seen": row.version, "on": clock.today(programme.time_zone)}
    form = InForceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.put_in_force(version=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La date est fixée. Le texte de cette version ne changera plus.")
            return redirect("programmes:charter", programme.slug)
    return render(request, "programmes/charter_in_force.html", {"programme": programme, "version": row, "form": form})


@require_http_methods(["GET", "POST"])
@referent_only
def drop(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A confirmation: the draft is lost, the charter in force is not touched."""
    row = _version(programme, ref)
    if row.in_force_on is not None:
        messages.error(request, service.FIXED)
        return redirect("programmes:charter_version", programme.slug, ref)
    if request.method == "POST":
        try:
            service.drop(version=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Le brouillon est abandonné.")
        return redirect("programmes:charter", programme.slug)
    what = ["Les articles adaptés dans ce brouillon sont perdus."]
    if current := service.current(programme):
        what.append(f"La version {current.number}, en vigueur, ne change pas. Personne n’a rien à accepter de nouveau.")
    who = ["Personne : ce brouillon n’a été montré à aucun participant."]
    context = {"programme": programme, "version": row, "what": what, "who": who}
    return render(request, "programmes/charter_drop.html", context)


@require_http_methods(["GET", "POST"])
@agent_space
def my_charter(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the version in force, accept it, see what was accepted before."""
    mine = Participation.objects.open().filter(person=request.person, programme__slug=slug)
    parts = list(mine.select_related("programme__lead_employer", "employer"))
    current = service.current(parts[0].programme) if parts else None
    if current is None:
        raise Http404
    form = AcceptForm(request.POST or None, initial={"version": current.ref})
    if request.method == "POST" and form.is_valid():
        seen = get_object_or_404(parts[0].programme.charters, ref=form.cleaned_data["version"])
        try:
            for part in parts:
                service.accept(participation=part, by=request.person, seen=seen)
        except DomainError as error:
            show(error, form)
            form.data = form.data | {"version": str(current.ref)}
        else:
            messages.success(request, "Merci. Votre acceptation est enregistrée.")
            return redirect("programmes:my_charter", slug)
    return render(request, "programmes/charter_mine.html", {"form": form} | _mine(parts, current))


def _mine(parts: list[Participation], current: CharterVersion) -> dict:
    """What I accepted, what changes since, and until when nobody is late."""
    history = [row for part in parts for row in part.charter_acceptances.select_related("version")]
    history.sort(key=lambda row: row.at)
    earlier = service.accepted_before(parts, current)
    return {
        "programme": parts[0].programme,
        "version": current,
        "history": history,
        "accepted_on": next((row.at for row in history if row.version_id == current.pk), None),
        "waits": sum(row.version_id == current.pk for row in history) < len(parts),
        "earlier": earlier,
        "changes": service.changes(earlier, current),
        "grace": service.grace_ends(current),
    }
