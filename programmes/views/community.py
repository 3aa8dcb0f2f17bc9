"""Open community and groups as an agent enters, reads and leaves them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from portal.models import Person
from programmes.access import joinable_by
from programmes.enums import Form
from programmes.forms.community import RulesForm
from programmes.models import Membership, Programme
from programmes.services import community as service
from programmes.services import gatherings, team

DOORS = {"communaute": Form.COMMUNITY, "groupe": Form.OPEN_GROUP}
TITLES = {Form.COMMUNITY: "la communauté", Form.OPEN_GROUP: "le groupe ouvert"}


def groups_of(programme: Programme, person: Person) -> list[dict]:
    """The open doors of a programme, with what is already the person's own."""
    mine = {row.form: row for row in service.mine(person).filter(programme=programme)}
    open_forms = service.forms_of(programme)
    return [
        {"slug": door, "title": TITLES[form], "mine": mine.get(form)}
        for door, form in DOORS.items()
        if form in open_forms
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def join(request: HttpRequest, slug: str, door: str) -> HttpResponse:
    """The rules, one box, one button."""
    if door not in DOORS:
        raise Http404
    programme = get_object_or_404(joinable_by(request.person).select_related("lead_employer"), slug=slug)
    group = DOORS[door]
    if group not in service.forms_of(programme):
        raise Http404
    if mine := service.mine(request.person).filter(programme=programme, form=group).first():
        return redirect(mine)
    form = RulesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = service.join(programme=programme, person=request.person, form=group, rules_read=True)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Bienvenue. Ni votre employeur ni les autres membres n’en sont prévenus.")
            return redirect(row)
    context = {"programme": programme, "form": form, "rules": service.rules(), "group": TITLES[group]}
    return render(request, "programmes/group_join.html", context)


def _mine(request: HttpRequest, ref: UUID) -> Membership:
    return get_object_or_404(service.mine(request.person), ref=ref)


@require_safe
@agent_space
def membership(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What comes, the rules, the way out. Nobody else's name."""
    row = _mine(request, ref)
    context = {
        "row": row,
        "programme": row.programme,
        "group": TITLES[row.form],
        "rules": service.rules(),
        "coming": gatherings.announced(request.person).filter(programme=row.programme),
        "registered": gatherings.registered(request.person),
        "contacts": team.contacts_of(row.programme),
    }
    return render(request, "programmes/group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def leave(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Two clicks, no reason."""
    row = _mine(request, ref)
    if request.method == "POST":
        try:
            service.leave(membership=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "C’est fait : vous n’êtes plus membre.")
        return redirect("portal:my_space")
    context = {"row": row, "programme": row.programme, "group": TITLES[row.form]}
    return render(request, "programmes/group_leave.html", context)
