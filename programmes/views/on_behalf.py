"""Entering the wishes of somebody who does not use the portal, and what goes to them on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal, mail, news
from programmes.access import may_decide, referent_only
from programmes.enums import SLOTS, Channel, ExchangeNeed, Side
from programmes.forms.entry import OnBehalfForm
from programmes.hooks import sentence_of, title_of
from programmes.models import Participation, Programme, Theme
from programmes.services import entry_cards, participation, team
from programmes.services import on_behalf as service
from programmes.views.entry import DOORS
from programmes.views.entry_cards import printed

SIDES = {door: side for side, door in DOORS}
KNOWN = "La personne : c’est écrit dans son journal. Ni les RH ni l’encadrement."


@dataclass(frozen=True)
class Voice:
    """A choice said by voice: the move of services/participation.py, its words, what it does."""

    name: str
    words: str
    what: str
    act: Callable


VOICES = {
    "pause": Voice(
        "pause", "Mettre en pause", "La participation est en pause, sans raison à donner.", participation.pause
    ),
    "reprise": Voice("resume", "Reprendre", "La participation reprend.", participation.resume),
    "retrait": Voice(
        "withdraw",
        "Retirer la demande",
        "La demande est retirée et un binôme en cours se termine. Aucune raison n’est demandée.",
        participation.withdraw,
    ),
}
TITLES = {Side.HELPED: "Être accompagné·e", Side.HELPER: "Accompagner", Side.PEER: "Entre pairs"}


@require_safe
@referent_only
def choose(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Before the form: how it goes, on which side, and the sheet to print."""
    sides = participation.sides_of(programme)
    doors = [(door, TITLES[side]) for side, door in DOORS if side in sides]
    return render(request, "programmes/on_behalf.html", {"programme": programme, "doors": doors})


@require_http_methods(["GET", "POST"])
@referent_only
def enter(request: HttpRequest, programme: Programme, door: str) -> HttpResponse:
    """The same wishes as the joining form, without words; the card's code is shown once."""
    side = SIDES.get(door)
    if side not in participation.sides_of(programme):
        raise Http404
    form = OnBehalfForm(request.POST or None, programme=programme, side=side)
    if request.method == "POST" and form.is_valid():
        try:
            made = service.enter(programme=programme, by=request.person, side=side, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            return _entered(request, programme, made)
    context = {"programme": programme, "form": form, "title": TITLES[side]}
    return render(request, "programmes/on_behalf_form.html", context)


def _entered(request: HttpRequest, programme: Programme, made: service.Entered) -> HttpResponse:
    row = made.participation
    if not made.code:
        messages.success(request, "La demande est saisie. Remettez à la personne sa feuille de suivi.")
        return redirect("programmes:on_paper", programme.slug, row.ref)
    return _card(request, programme, row, made.code)


def _card(request: HttpRequest, programme: Programme, row: Participation, code: str) -> HttpResponse:
    """The card of one person, shown this once."""
    context = {"programme": programme, "participation": row, **printed([(row.person.entry_cards.first(), code)])}
    return render(request, "programmes/on_behalf_card.html", context)


@require_safe
@referent_only
def sheet(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The empty form, to print and tick together."""
    context = {
        "programme": programme,
        "sides": [TITLES[side] for side, _ in DOORS if side in participation.sides_of(programme)],
        "themes": [theme.label for theme in Theme.objects.all()],
        "channels": [label for _, label in Channel.capitalised()],
        "slots": [label.capitalize() for _, label in SLOTS],
        "sites": [site.name for site in programme.sites.all()],
        "needs": [label[:1].upper() + label[1:] for _, label in ExchangeNeed.choices],
    }
    return render(request, "programmes/on_behalf_sheet.html", context)


def _on_paper(request: HttpRequest, programme: Programme, ref: UUID) -> Participation:
    rows = programme.participations.filter(person__isnull=False, person__user__isnull=True)
    row = get_object_or_404(rows.select_related("person", "programme__lead_employer"), ref=ref)
    if not may_decide(request.person, row):
        raise Http404
    return row


@require_safe
@referent_only
def on_paper(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Where the request stands, on a sheet handed to somebody without account. The reading is in their journal."""
    row = _on_paper(request, programme, ref)
    journal.read_file(actor=request.person, subject=row.person, target=row, employer=programme.lead_employer)
    context = {
        "programme": programme,
        "participation": row,
        "title": title_of(row),
        "sentence": sentence_of(row),
        "said": service.said(row),
        "themes": list(row.themes.all()),
        "contacts": team.contacts_of(programme),
        "news": [mail.KINDS[one.kind].said for one in news.on_paper(row.person)],
        "moves": [(move, voice.words) for move, voice in VOICES.items() if participation.MOVES.allows(row, voice.name)],
    }
    return render(request, "programmes/on_paper.html", context)


@require_POST
@referent_only
def handed_paper(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The neutral news of this sheet were handed over."""
    row = _on_paper(request, programme, ref)
    news.handed(person=row.person)
    messages.success(request, "C’est noté : ces nouvelles sont remises.")
    return redirect("programmes:on_paper", programme.slug, row.ref)


@require_http_methods(["GET", "POST"])
@referent_only
def said_by_voice(request: HttpRequest, programme: Programme, ref: UUID, move: str) -> HttpResponse:
    """Somebody without account said by voice that they pause, come back or leave: no reason is asked."""
    row, voice = _on_paper(request, programme, ref), VOICES.get(move)
    if voice is None:
        raise Http404
    if request.method == "POST":
        try:
            voice.act(participation=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "C’est noté. La feuille de suivi est à jour.")
        return redirect("programmes:on_paper", programme.slug, row.ref)
    context = {"programme": programme, "participation": row, "words": voice.words, "what": [voice.what]}
    context |= {"question": f"{row.person.short_name} vous l’a dit de vive voix ?", "who": [KNOWN]}
    return render(request, "programmes/said_by_voice.html", context)


@require_POST
@referent_only
def new_card(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Another card, for a card lost or too old; those before stop working."""
    row = _on_paper(request, programme, ref)
    code = entry_cards.replace(programme=programme, person=row.person, by=request.person)
    return _card(request, programme, row, code)
