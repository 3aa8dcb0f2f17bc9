"""The pair's own pages: a proposal, one-tap meetings, pause, end. No content, no note."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.access import pairs_of
from pairing.enums import PairState, Part
from pairing.forms.pairs import ChangeMeetingForm, EndForm, MeetingForm
from pairing.hooks import others
from pairing.models import Meeting, Pair
from pairing.services import again, answers, fit, gates, meetings, pairs, quiet
from pairing.views import life
from portal import clock
from portal.access import agent_space
from portal.errors import Conflict, DomainError
from portal.forms.base import show
from portal.models import Person
from programmes import visibility
from programmes.enums import OPEN_PARTICIPATION

NOT_THIS_TIME = {
    True: "C’est noté, sans raison à donner. Rien ne change pour votre mission.",
    False: "C’est noté, sans raison à donner. Vous gardez votre place dans l’attente.",
}
REMOVING = [
    "Elle est effacée pour vous et pour l’autre personne, avec sa durée et ses thèmes.",
    "Cela ne se défait pas.",
]
WHO_SEES_IT_GONE = "Personne ne reçoit de message. L’autre personne ne la voit plus sur la page du binôme."
SAID = {
    PairState.ACTIVE: "Votre binôme a repris.",
    PairState.PAUSED: "Votre binôme est en pause. Vous reprenez quand vous voulez.",
}


def mine_or_404(request: HttpRequest, ref: UUID) -> Pair:
    rows = (
        pairs_of(request.person)
        .select_related("programme__lead_employer", "cycle", "referee")
        .prefetch_related("members__person", "members__participation__themes", "members__participation__sites")
    )
    return get_object_or_404(rows, ref=ref)


def shared_facts(pair: Pair) -> list[str]:
    """At most three facts both sides ticked, in words; never a score (decision 15)."""
    sides = [member.participation for member in pair.members.all() if member.participation_id]
    if len(sides) < 2:
        return []
    themes = set.intersection(*(set(p.themes.values_list("label", flat=True)) for p in sides))
    everybody = "tous deux" if len(sides) == 2 else "tous les trois"
    facts = [f"Vous avez {everybody} choisi « {label} »." for label in sorted(themes)[:2]]
    channels = set.intersection(*(set(p.channel_labels) for p in sides))
    if channels:
        facts.append(f"Vous pouvez échanger {' ou '.join(sorted(channels))}.")
    return facts[:3]


def shared_by_others(pair: Pair, person: Person) -> list[dict]:
    """Once all have said yes: the others' themes, and their words if they let their pair read them (domain.md b.2)."""
    if pair.all_yes_at is None:
        return []
    rows = []
    for member in pair.members.all():
        theirs = member.participation
        if theirs is None or member.person_id in (None, person.pk):
            continue
        rows.append({"name": member.person.given, "facts": visibility.for_pair(visibility.of(theirs))})
    return rows


@require_safe
@agent_space
def pair(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    mine = pairs.member_of(row, request.person)
    context = {
        "pair": row,
        "programme": row.programme,
        "others": others(row, request.person),
        "mine": mine,
        "may_have_more_time": answers.may_have_more_time(row),
        "may_take_up": answers.may_take_up(row),
        "asked": again.open_choice(row, request.person),
        "to_answer": row.state == PairState.PROPOSED and mine.yes_at is None,
        "shared": shared_by_others(row, request.person),
        "facts": shared_facts(row) if row.state == PairState.PROPOSED else [],
        "takes_part": mine.participation is not None and mine.participation.state in OPEN_PARTICIPATION,
        "meetings": meetings.with_themes(row.meetings.all()[:20]),
        "active": row.state == PairState.ACTIVE,
        "accepted": row.state == PairState.ACCEPTED,
        "missing": gates.missing_in_words(row, kindly=True) if row.state == PairState.ACCEPTED else [],
        **life.parts(row, mine),
        "quiet": quiet.is_noted(row),
        "changed": fit.who_changed(row),
        "meeting_form": MeetingForm(initial={"on": clock.today(row.programme.time_zone)}),
        "can": {name: pairs.MOVES.allows(row, name) for name in ("pause", "resume", "end")},
    }
    return render(request, "pairing/pair.html", context)


@require_POST
@agent_space
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    choice = request.POST.get("answer")
    try:
        if choice == "oui":
            pairs.say_yes(pair=row, by=request.person)
            messages.success(request, "Votre accord est enregistré. Un message vous dira la suite.")
        elif choice == "non":
            pairs.decline(pair=row, by=request.person)
            messages.success(request, NOT_THIS_TIME[pairs.member_of(row, request.person).part == Part.HELPER])
        elif choice == "temps":
            answers.more_time(pair=row, by=request.person)
            messages.success(request, "C’est noté, sans raison à donner. Rien ne presse.")
        elif choice == "encore":
            answers.take_up(pair=row, by=request.person)
            messages.success(request, "Votre accord est enregistré. La place vous est gardée.")
        else:
            messages.error(request, "Choisissez « oui », « non » ou « plus de temps ».")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("pairing:pair", ref)


@require_POST
@agent_space
def search_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """After an end: maintenant, plus tard, non."""
    row = mine_or_404(request, ref)
    choice = again.open_choice(row, request.person)
    if choice is None:
        raise Http404
    try:
        again.answer(choice=choice, by=request.person, answer=request.POST.get("choix", ""))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, again.SAID[request.POST["choix"]])
    return redirect("portal:my_space")


@require_POST
@agent_space
def tap(request: HttpRequest, ref: UUID) -> HttpResponse:
    """« Nous nous sommes vus »: today, one tap, from the home page or the pair's page."""
    row = mine_or_404(request, ref)
    try:
        key = UUID(request.POST.get("key", ""))
        meetings.log(pair=row, by=request.person, key=key)
    except ValueError:
        messages.error(request, "Ce bouton n’est plus à jour. Recommencez depuis cette page.")
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté. Vous pouvez ajouter une durée ou des thèmes, si vous le souhaitez.")
    return redirect("pairing:pair", ref)


@require_POST
@agent_space
def alive(request: HttpRequest, ref: UUID) -> HttpResponse:
    """« Tout va bien » : one tap, a day."""
    row = mine_or_404(request, ref)
    try:
        quiet.say_alive(pair=row, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté. Bonne continuation à vous deux.")
    return redirect("pairing:pair", ref)


@require_POST
@agent_space
def log_meeting(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The longer way, with a day and details."""
    row = mine_or_404(request, ref)
    form = MeetingForm(request.POST)
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            meetings.log(pair=row, by=request.person, key=fields.pop("receipt"), **fields)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La rencontre est notée.")
            return redirect("pairing:pair", ref)
    context = {"pair": row, "programme": row.programme, "form": form, "others": others(row, request.person)}
    return render(request, "pairing/meeting.html", context)


def _meeting(request: HttpRequest, ref: UUID) -> Meeting:
    rows = Meeting.objects.filter(pair__in=pairs_of(request.person)).select_related("pair__programme__lead_employer")
    return get_object_or_404(rows, ref=ref)


@require_http_methods(["GET", "POST"])
@agent_space
def meeting(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Correct a meeting."""
    row = _meeting(request, ref)
    initial = {
        "seen": row.version,
        "on": row.on,
        "minutes": row.minutes,
        "channel": row.channel,
        "themes": meetings.with_themes([row])[0].ticked,
    }
    form = ChangeMeetingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            meetings.change(meeting=row, by=request.person, **form.cleaned_data)
        except Conflict as error:
            show(error, form)
            form.data = form.data.copy()
            form.data["seen"] = _meeting(request, ref).version
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La rencontre est corrigée.")
            return redirect("pairing:pair", row.pair.ref)
    context = {"pair": row.pair, "programme": row.pair.programme, "form": form, "meeting": row}
    context["others"] = others(row.pair, request.person)
    return render(request, "pairing/meeting.html", context)


@require_http_methods(["GET", "POST"])
@agent_space
def remove_meeting(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A confirmation: it is gone for both."""
    row = _meeting(request, ref)
    if request.method != "POST":
        context = {"pair": row.pair, "meeting": row, "what": REMOVING, "who": [WHO_SEES_IT_GONE]}
        return render(request, "pairing/meeting_remove.html", context)
    pair_ref = row.pair.ref
    meetings.remove(meeting=row, by=request.person)
    messages.success(request, "La rencontre est effacée.")
    return redirect("pairing:pair", pair_ref)


@require_POST
@agent_space
def pause(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    act = pairs.resume if row.state == PairState.PAUSED else pairs.pause
    try:
        act(pair=row, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, SAID[row.state])
    return redirect("pairing:pair", ref)


@require_http_methods(["GET", "POST"])
@agent_space
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A page that says what ends and who will know."""
    row = mine_or_404(request, ref)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pairs.end(pair=row, by=request.person, code=form.cleaned_data["code"])
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le binôme est terminé. Merci pour ce chemin ensemble.")
            return redirect("pairing:pair", ref)
    context = {"pair": row, "programme": row.programme, "form": form, "others": others(row, request.person)}
    return render(request, "pairing/end.html", context)
