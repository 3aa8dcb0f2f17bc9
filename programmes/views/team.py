"""The team of a programme: roles, absence and relay, seats, contacts."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import clock
from portal.dates import day_in_words
from portal.errors import Conflict, DomainError
from portal.forms.base import show
from programmes.access import programme_team, referent_only
from programmes.enums import ProgrammeRoleKind
from programmes.forms.team import AbsenceForm, ChangeContactForm, ContactForm, EndRoleForm, RoleForm, SeatForm
from programmes.models import Absence, Programme, ProgrammeRole
from programmes.services import cover
from programmes.services import team as service


@require_safe
@programme_team
def page(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who holds which role, who is away, seats and contacts; what is missing, in words."""
    held, past = service.roles_of(programme)
    today = clock.today(programme.time_zone)
    referent = ProgrammeRoleKind.REFERENT in request.space.roles
    own = [row for row in held if row.person_id == request.person.pk and row.role == ProgrammeRoleKind.REFERENT]
    mine = own if referent else []  # who is to come as référent announces nothing yet
    away = Absence.objects.filter(role__in=held, ends__gte=today).select_related("role__person")
    context = {
        "programme": programme,
        "missing": service.missing(programme),
        "held": held,
        "past": past,
        "seats": programme.seats.all(),
        "contacts": service.contacts_of(programme),
        "absences": away,
        "covers": cover.covers(programme).select_related("person"),
        "may_take_over": cover.may_take_over(programme, request.person),
        "referent": referent,
        "mine": mine,
        "today": today,
    }
    return render(request, "programmes/team.html", context)


def _write(
    request: HttpRequest,
    programme: Programme,
    form: forms.Form,
    write: Callable,
    *,
    title: str,
    action: str,
    done: str,
    lead: str = "",
) -> HttpResponse:
    """One form on its own page, then back to the team; an error keeps what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            write(**form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, done)
            return redirect("programmes:team", programme.slug)
    context = {"programme": programme, "form": form, "title": title, "action": action, "lead": lead}
    return render(request, "programmes/team_form.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def give_role(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _write(
        request,
        programme,
        RoleForm(request.POST or None),
        lambda **fields: service.give(programme=programme, by=request.person, **fields),
        title="Donner un rôle",
        action="Donner ce rôle",
        done="Le rôle est donné.",
        lead="La personne entre dans ses pages à la date dite. Elle lit dans « Mes données » que vous l’avez fait.",
    )


@require_http_methods(["GET", "POST"])
@referent_only
def end_role(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    rows = programme.roles.select_related("person", "programme__lead_employer")
    role = get_object_or_404(rows, ref=ref)
    today = clock.today(programme.time_zone)
    return _write(
        request,
        programme,
        EndRoleForm(request.POST or None, initial={"last_day": max(today, role.starts)}),
        lambda last_day: service.end(role=role, last_day=last_day, by=request.person),
        title=f"Mettre fin au rôle de {role.person.short_name}",
        action="Mettre fin au rôle",
        done="La fin du rôle est enregistrée.",
        lead=f"{role.get_role_display().capitalize()}, depuis le {day_in_words(role.starts, weekday=False)}. L’historique reste.",
    )


@require_http_methods(["GET", "POST"])
@referent_only
def declare_absence(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The référent's own days away."""
    role = get_object_or_404(cover.referents(programme).select_related("programme"), person=request.person)
    return _write(
        request,
        programme,
        AbsenceForm(request.POST or None),
        lambda **days: cover.declare_absence(role=role, by=request.person, **days),
        title="Mes jours d’absence",
        action="Enregistrer l’absence",
        done="L’absence est enregistrée.",
        lead="La raison n’est pas demandée. Ces jours-là, si aucun·e référent·e n’est là, la personne suppléante peut prendre le relais.",
    )


@require_POST
@referent_only
def come_back(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    rows = Absence.objects.filter(role__programme=programme, role__person=request.person)
    absence = get_object_or_404(rows.select_related("role__programme__lead_employer"), ref=ref)
    cover.come_back(absence=absence, by=request.person)
    messages.success(request, "C’est noté : vous êtes de retour.")
    return redirect("programmes:team", programme.slug)


@require_http_methods(["GET", "POST"])
@programme_team(roles=(ProgrammeRoleKind.DEPUTY,))
def take_over(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A confirmation: what opens, until when, and who will know."""
    if request.method == "POST":
        try:
            role: ProgrammeRole = cover.take_over(programme=programme, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("programmes:team", programme.slug)
        messages.success(request, f"Vous avez pris le relais jusqu’au {day_in_words(role.ends, weekday=False)}.")
        return redirect(programme)
    context = {
        "programme": programme,
        "possible": cover.may_take_over(programme, request.person),
        "ends": cover.relay_ends(programme),
        "refusal": cover.PRESENT,
    }
    return render(request, "programmes/take_over.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def add_seat(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _write(
        request,
        programme,
        SeatForm(request.POST or None),
        lambda **fields: service.add_seat(programme=programme, by=request.person, **fields),
        title="Ajouter un siège",
        action="Ajouter le siège",
        done="Le siège est ajouté.",
    )


@require_POST
@referent_only
def remove_seat(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    seat = get_object_or_404(programme.seats.select_related("programme__lead_employer"), ref=ref)
    service.remove_seat(seat=seat, by=request.person)
    messages.success(request, "Le siège est retiré.")
    return redirect("programmes:team", programme.slug)


@require_http_methods(["GET", "POST"])
@referent_only
def add_contact(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _write(
        request,
        programme,
        ContactForm(request.POST or None),
        lambda **fields: service.add_contact(programme=programme, by=request.person, **fields),
        title="Ajouter un contact",
        action="Ajouter le contact",
        done="Le contact est ajouté : les agents le voient.",
        lead="Les agents le voient sur leurs pages, et tout le monde sur la page ouverte du programme : un service plutôt "
        "qu’un nom. Ce contact n’a aucun accès au portail.",
    )


@require_http_methods(["GET", "POST"])
@referent_only
def contact(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = get_object_or_404(programme.contacts.select_related("programme__lead_employer"), ref=ref)
    form = ChangeContactForm(request.POST or None, initial=ChangeContactForm.initial_of(row))

    def write(**fields) -> None:
        try:
            service.change_contact(contact=row, by=request.person, **fields)
        except Conflict:
            form.data = form.data.copy()
            form.data["seen"] = programme.contacts.get(pk=row.pk).version
            raise

    return _write(
        request,
        programme,
        form,
        write,
        title="Modifier le contact",
        action="Enregistrer",
        done="Le contact est modifié.",
    )


@require_POST
@referent_only
def remove_contact(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = get_object_or_404(programme.contacts.select_related("programme__lead_employer"), ref=ref)
    service.remove_contact(contact=row, by=request.person)
    messages.success(request, "Le contact est retiré.")
    return redirect("programmes:team", programme.slug)
