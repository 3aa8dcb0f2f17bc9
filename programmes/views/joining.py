"""The inscription, step by step. Every button keeps what was typed; nothing is checked on the way back.

Addresses hold no key of a draft: whoever signs in on the same browser reaches their own, never the one left open.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import late
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from portal.models import Person
from portal.services import receipts, sessions
from portal.terms import term
from programmes import visibility
from programmes.access import joinable_by
from programmes.enums import Channel, Side
from programmes.forms import joining as parts
from programmes.forms.participation import AvailabilityForm, NeedsForm, PlacesForm, SelfForm, WhenAndWhereForm
from programmes.joining_hooks import KIND
from programmes.joining_steps import NEVER_KEPT, Step, named, steps_for
from programmes.models import Programme
from programmes.services import joining as service
from programmes.services import participation, team
from programmes.services.joining import Answers, Content
from programmes.views.doors import SIDES

LONGEST = 5000
FORMS = {
    "cote": parts.SideForm,
    "besoins": NeedsForm,
    "moi": SelfForm,
    "disponibilites": AvailabilityForm,
    "lieux": PlacesForm,
    "pas-avec": parts.AvoidForm,
    "qui-voit-quoi": parts.AgreementsForm,
    "information": parts.InformationForm,
    "recapitulatif": parts.SendForm,
}


@dataclass(frozen=True)
class Here:
    """One step of one person's inscription."""

    programme: Programme
    person: Person
    step: Step
    content: Content
    side: str

    @cached_property
    def has_sites(self) -> bool:
        return self.programme.sites.exists()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Where to meet is asked where there are sites, unless the answer was to meet nobody in person."""
        said = self.content.steps.get("disponibilites", {}).get("channels")
        return steps_for(places=self.has_sites and (said is None or Channel.IN_PERSON in said))

    @property
    def number(self) -> int:
        return self.steps.index(self.step)

    def form(self, step: str, data: MultiValueDict | None = None, typed: Answers | None = None) -> forms.Form:
        """Bound to `data`, or showing what was `typed`."""
        if step == "cote":
            options = {"sides": participation.sides_of(self.programme)}
        elif step == "pas-avec":
            options = {"owner": self.person}
        elif step == "recapitulatif":
            options = {}
        else:
            options = {"programme": self.programme, "side": self.side}
        kind = WhenAndWhereForm if step == "disponibilites" and not self.has_sites else FORMS[step]
        form = kind(data, **options)
        if step == "qui-voit-quoi":
            parts.only_what_stands(form, self.content.steps.get("moi", {}))
        if typed is not None:
            answers = MultiValueDict(typed)
            # What was never answered keeps what the field offers.
            form.initial = {
                name: field.widget.value_from_datadict(answers, {}, name)
                for name, field in form.fields.items()
                if not field.widget.value_omitted_from_data(answers, {}, name)
            }
        return form

    def kept(self, step: str) -> forms.Form:
        """What was kept of a step, checked."""
        form = self.form(step, MultiValueDict(self.content.steps.get(step, {})))
        form.is_valid()
        return form

    def values(self) -> dict:
        """Everything typed so far that stands."""
        wishes = [step.slug for step in self.steps if step.slug not in ("cote", "information", "recapitulatif")]
        return {name: value for step in wishes for name, value in self.kept(step).cleaned_data.items()}

    def profile(self) -> visibility.Profile:
        values = self.values()
        plain = (
            "variable_hours",
            "setting",
            "seniority",
            "likeness",
            "meeting_place",
            "any_site",
            "travels",
            "presentation",
        )
        return visibility.Profile(
            side=self.side,
            name=self.person.short_name,
            given=self.person.given,
            themes=tuple(theme.label for theme in values.get("themes", ())),
            channels=tuple(values.get("channels", ())),
            slots=values.get("slots") or 0,
            sites=tuple(site.name for site in values.get("sites", ())),
            places=values.get("places") or 1,
            exchange_needs=tuple(values.get("exchange_needs", ())),
            words=values.get("free_text", ""),
            readers=tuple(values.get("readers", ())),
            published=bool(values.get("presentation_published") and values.get("presentation")),
            **{name: values[name] for name in plain if name in values},
        )


def _here(request: HttpRequest, slug: str, step: str) -> Here:
    programme = get_object_or_404(joinable_by(request.person).select_related("lead_employer"), slug=slug)
    if step not in FORMS:
        raise Http404
    content = service.read(service.find(request.person, programme))
    side = content.value("cote", "side")
    known = side in participation.sides_of(programme) or side == parts.UNSURE
    return Here(programme, request.person, named(step), content, side if known else "")


def _url(request: HttpRequest, programme: Programme, step: str) -> str:
    simple = "?simple=1" if request.GET.get("simple") == "1" else ""
    return reverse("programmes:join_step", args=[programme.slug, step]) + simple


def _page(request: HttpRequest, here: Here, form: forms.Form, **more) -> HttpResponse:
    kept = here.content.late_step == here.step.slug
    context = {
        "programme": here.programme,
        "step": here.step,
        "number": here.number + 1,
        "count": len(here.steps),
        "form": form,
        "side": here.side,
        "simple": request.GET.get("simple") == "1",
        "here": _url(request, here.programme, here.step.slug),
        "token_field": late.FIELD,
        "token": late.token_for(kind=KIND, person=here.person, key=here.programme.slug),
        "was_late": kept and request.method == "GET",
        "late_elsewhere": None
        if kept
        else next((one for one in here.steps if one.slug == here.content.late_step), None),
        "begun": bool(here.content.steps),
        "ends_at": sessions.ends_at(request),
        "can_help": Side.HELPER in participation.sides_of(here.programme),
        **more,
    }
    return render(request, "programmes/joining/step.html", context)


@require_safe
@agent_space
def join_side(request: HttpRequest, slug: str, door: str) -> HttpResponse:
    """The first step, with the door that was chosen already ticked."""
    here = _here(request, slug, "cote")
    if SIDES.get(door) not in participation.sides_of(here.programme):
        raise Http404
    return _page(request, here, here.form("cote", typed={"side": [SIDES[door]]}), side=SIDES[door])


@require_safe
@agent_space
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Where it was left: what came too late, else the first step that is not complete."""
    here = _here(request, slug, "cote")
    steps, content = [step.slug for step in here.steps], here.content
    late_step = content.late_step if content.late_step in steps else ""
    step = late_step or next((step for step in steps if step not in content.done), steps[-1])
    return redirect("programmes:join_step", slug, step)


@require_http_methods(["GET", "POST"])
@agent_space
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    token = late.read(request)
    if token and token.person != request.person.ref:
        return late.answer(request) or redirect("portal:my_space")
    here = _here(request, slug, step)
    if request.method == "POST" and (sent := _sent_already(request, here)):
        return redirect("programmes:my_participation", sent)
    if step != "cote" and here.side in ("", parts.UNSURE):
        return redirect("programmes:join_step", slug, "cote")
    if here.step not in here.steps:
        return redirect("programmes:join_resume", slug)
    if step == "recapitulatif":
        return _summary(request, here)
    if request.method == "POST":
        return _keep(request, here)
    form = here.form(step, typed=here.content.of(step))
    return _page(request, here, form, **_preview(here))


def _sent_already(request: HttpRequest, here: Here) -> str | None:
    """The last page, tapped twice: the first sending's result."""
    form = FORMS["recapitulatif"](request.POST)
    last = here.step.slug == "recapitulatif" and form.is_valid()
    return receipts.earlier(key=form.cleaned_data["receipt"]) if last else None


def _keep(request: HttpRequest, here: Here) -> HttpResponse:
    sessions.prolong(request)
    slug, move = here.step.slug, request.POST.get("move", "next")
    form = here.form(slug, request.POST)
    valid = form.is_valid()
    answers = {name: [value[:LONGEST] for value in request.POST.getlist(name)] for name in form.fields}
    answers = {name: values for name, values in answers.items() if name not in NEVER_KEPT}
    content = service.keep(person=here.person, programme=here.programme, step=slug, answers=answers, done=valid)
    here = replace(here, content=content)  # what was just said decides what is asked next
    if move == "back" and here.number:
        return redirect(_url(request, here.programme, here.steps[here.number - 1].slug))
    if move in ("keep", "preview"):
        if move == "keep":
            messages.success(request, "C’est enregistré. Vous pouvez quitter, et reprendre pendant sept jours.")
        return redirect(_url(request, here.programme, slug))
    if not valid:
        return _page(request, here, form, **_preview(here))
    if slug == "cote" and form.cleaned_data["side"] == parts.UNSURE:
        return redirect("programmes:join_unsure", here.programme.slug)
    return redirect(_url(request, here.programme, here.steps[here.number + 1].slug))


def _preview(here: Here) -> dict:
    """What each will see, as things stand; on its step only."""
    if here.step.slug != "qui-voit-quoi":
        return {}
    return {"readers": visibility.readers(here.profile(), term("binome", here.programme.words))}


def _summary(request: HttpRequest, here: Here) -> HttpResponse:
    """Everything on one page, then sending; what is missing leads back to its step."""
    missing = [step for step in here.steps[:-1] if step.slug not in here.content.done]
    form = here.form("recapitulatif", request.POST or None)
    if request.method == "POST" and request.POST.get("move") == "back":
        return redirect(_url(request, here.programme, here.steps[-2].slug))
    if request.method == "POST" and not missing and form.is_valid():
        wishes = {**here.values(), "information_read": True, "receipt": form.cleaned_data["receipt"]}
        try:
            row = service.send(programme=here.programme, person=here.person, side=here.side, **wishes)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est bien reçu. Vous pouvez changer d’avis à tout moment.")
            return redirect("programmes:my_participation", row.ref)
    told = [(step, parts.in_words(here.kept(step.slug))) for step in here.steps[:-2]]
    return _page(request, here, form, missing=missing, told=told)


@require_safe
@agent_space
def unsure(request: HttpRequest, slug: str) -> HttpResponse:
    """« Je ne sais pas encore »: a voice first, the doors again, nothing lost."""
    here = _here(request, slug, "cote")
    context = {"programme": here.programme, "contacts": team.contacts_of(here.programme)}
    return render(request, "programmes/joining/unsure.html", context)


@require_POST
@agent_space
def drop(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft goes at once; nobody was told anything."""
    programme = get_object_or_404(joinable_by(request.person), slug=slug)
    service.drop(person=request.person, programme=programme)
    messages.success(request, "Votre brouillon est effacé. Rien n’a été envoyé.")
    return redirect("programmes:join", programme.slug)
