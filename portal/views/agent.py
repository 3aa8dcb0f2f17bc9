"""The agent's home page and « Mes données »."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import registry
from portal.access import agent_space
from portal.models import Person
from portal.services import journal


@require_safe
@agent_space
def my_space(request: HttpRequest) -> HttpResponse:
    """What is expected of me, then what I may do: cards registered by the apps."""
    cards = sorted(registry.gather(registry.CARD, request.person), key=lambda card: card.rank)
    return render(request, "portal/my_space.html", {"cards": cards})


@require_safe
@agent_space
def my_data(request: HttpRequest) -> HttpResponse:
    """What the portal holds about me, and who opened my file."""
    entries = list(journal.about(request.person)[:100])
    names = dict(Person.objects.filter(ref__in={entry.actor_ref for entry in entries}).values_list("ref", "given"))
    readings = [
        {"at": entry.at, "who": names.get(entry.actor_ref, "le portail"), "what": entry.get_verb_display()}
        for entry in entries
    ]
    sets = [registry.DataSet("Mon identité", identity(request.person))]
    sets += registry.gather(registry.PERSONAL_DATA, request.person)
    return render(request, "portal/my_data.html", {"readings": readings, "sets": sets})


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
