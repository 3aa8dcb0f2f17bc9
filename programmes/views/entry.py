"""Coming in without a mailbox: the code of a card, the entry page of a programme, talking first. Open to everybody."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal import who_sees_what
from portal.accounts import ENTRANCE, TOO_MANY
from portal.errors import DomainError
from portal.forms.base import show
from portal.registry import READING, gather
from programmes.access import open_to_all
from programmes.enums import Side
from programmes.forms.entry import CallBackForm, CodeForm
from programmes.models import Programme
from programmes.services import call_backs, community, entry_cards, outreach, participation, team
from programmes.views.community import DOORS as GROUPS
from programmes.views.community import TITLES

DOORS = ((Side.HELPED, "etre-accompagne"), (Side.HELPER, "accompagner"), (Side.PEER, "entre-pairs"))


@login_not_required
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """The code of a card; wrong, used and too old get the same sentence."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        allowed = ratelimit.consume(request, action="entry_code")
        card = entry_cards.find(form.cleaned_data["code"]) if allowed else None
        if card is None:
            form.add_error("code", entry_cards.WRONG if allowed else TOO_MANY)
        elif request.person:
            messages.info(request, "Vous avez déjà un compte : votre carte n’a pas servi, vous pouvez la rendre.")
            return redirect("portal:my_space")
        else:
            request.session[ENTRANCE] = str(card.ref)
            return redirect("programmes:entry_welcome")
    return render(request, "programmes/entry.html", {"form": form})


@login_not_required
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """What it is, who sees what, whom to call: on one screen, before any account."""
    card = entry_cards.find_by_ref(request.session.get(ENTRANCE)) if ENTRANCE in request.session else None
    if card is None:
        return redirect("programmes:entry")
    context = {"programme": card.programme, "claims": card.person_id is not None}
    context["signed_in"] = request.user.is_authenticated
    return render(request, "programmes/entry_welcome.html", context)


def _open(slug: str) -> Programme:
    return get_object_or_404(open_to_all(), slug=slug)


@login_not_required
@require_safe
def programme_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is and is not, who sees what, the doors; `?simple=1`: the same in short sentences. Lists nobody."""
    programme = _open(slug)
    sides = participation.sides_of(programme)
    context = {
        "programme": programme,
        "doors": [(side, door) for side, door in DOORS if side in sides],
        "groups": [(door, TITLES[form]) for door, form in GROUPS.items() if form in community.forms_of(programme)],
        "roles": who_sees_what.ROLES,
        "contacts": team.contacts_of(programme),
        "voices": outreach.voices(programme),
        "reading": gather(READING, programme),
    }
    simple = request.GET.get("simple") == "1"
    return render(request, "programmes/public_simple.html" if simple else "programmes/public.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def talk(request: HttpRequest, slug: str) -> HttpResponse:
    """A number and half-days, no name needed."""
    programme = _open(slug)
    form = CallBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if not ratelimit.consume(request, action="call_back"):
                raise DomainError(TOO_MANY)
            call_backs.ask(programme=programme, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            return redirect("programmes:talk_thanks", programme.slug)
    context = {"programme": programme, "form": form, "contacts": team.contacts_of(programme)}
    return render(request, "programmes/talk.html", context)


@login_not_required
@require_safe
def talk_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "programmes/talk_thanks.html", {"programme": _open(slug)})
