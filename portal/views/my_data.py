"""« Mes données »: read, correct, take away, erase."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import registry
from portal.access import agent_space
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.forms.my_data import IdentityForm
from portal.models import JournalEntry, Person
from portal.services import erasure, journal, retention
from portal.services import my_data as service


@require_safe
@agent_space
def my_data(request: HttpRequest) -> HttpResponse:
    """What the portal holds about me, who opened my file, what I agreed to, and how long it stays."""
    entries = list(journal.about(request.person)[:100])
    names = dict(Person.objects.filter(ref__in={entry.actor_ref for entry in entries}).values_list("ref", "given"))
    readings = [
        {"at": entry.at, "who": names.get(entry.actor_ref) or _nameless(entry), "what": entry.get_verb_display()}
        for entry in entries
    ]
    context = {
        "readings": readings,
        "sets": data_sets(request.person),
        "agreements": sorted(registry.gather(registry.AGREEMENT, request.person), key=lambda one: one.rank),
        "delays": [[rule.data, rule.kept, rule.then] for rule in retention.rules()],
        "erase_on": request.person.erase_on,
    }
    return render(request, "portal/my_data.html", context)


def _nameless(entry: JournalEntry) -> str:
    if entry.actor_ref:
        return "une personne partie depuis"
    return "quelqu’un, par un lien sans compte" if entry.verb == Verb.READ_FILE else "le portail"


def data_sets(person: Person) -> list[registry.DataSet]:
    return [registry.DataSet("Mon identité", identity(person)), *registry.gather(registry.PERSONAL_DATA, person)]


def identity(person: Person) -> list[tuple[str, str]]:
    rows = [("Prénom", person.given), ("Nom", person.family)]
    if person.user_id:
        rows.append(("Adresse du compte", person.user.email))
    rows.append(("Moyen de contact choisi", person.contact.open(person.ref) or "aucun"))
    rows.append(("Adresse personnelle pour les messages", person.notify_email.open(person.ref) or "aucune"))
    for link in person.affiliations.select_related("employer", "unit"):
        unit = f", {link.unit.name}" if link.unit else ""
        rows.append(("Rattachement", f"{link.employer.name}{unit}"))
    return rows


@require_http_methods(["GET", "POST"])
@agent_space
def correct(request: HttpRequest) -> HttpResponse:
    """Name, contact, personal address for messages."""
    form = IdentityForm(request.POST or None, initial=IdentityForm.initial_of(request.person))
    if request.method == "POST" and form.is_valid():
        try:
            service.correct(person=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
            form.data = form.data.copy()
            form.data["seen"] = Person.objects.get(pk=request.person.pk).version
        else:
            messages.success(request, "C’est corrigé.")
            return redirect("portal:my_data")
    return render(request, "portal/my_data_correct.html", {"form": form})


@require_http_methods(["GET", "POST"])
@agent_space
def export(request: HttpRequest) -> HttpResponse:
    """A page that says what the file holds; POST hands the JSON file over, kept nowhere."""
    if request.method != "POST":
        return render(request, "portal/my_data_export.html", {"sets": data_sets(request.person)})
    try:
        text = json.dumps(service.export(person=request.person), ensure_ascii=False, indent=2)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal:export_my_data")
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
@agent_space
def erase(request: HttpRequest) -> HttpResponse:
    """What goes, when, what stays without a name, who will know; POST sets the day."""
    if request.method == "POST":
        day = day_in_words(erasure.ask(person=request.person), weekday=False)
        messages.success(
            request, f"C’est noté : vos données seront effacées le {day}. Jusque-là, vous pouvez renoncer."
        )
        return redirect("portal:my_data")
    if request.person.erase_on:
        return redirect("portal:my_data")
    context = {
        "day": day_in_words(erasure.day_of(request.person), weekday=False),
        "kept": registry.gather(registry.KEPT, request.person),
    }
    return render(request, "portal/my_data_erase.html", context)


@require_POST
@agent_space
def keep(request: HttpRequest) -> HttpResponse:
    """Give up the erasure."""
    try:
        erasure.renounce(person=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "L’effacement est annulé : rien n’a changé.")
    return redirect("portal:my_data")
