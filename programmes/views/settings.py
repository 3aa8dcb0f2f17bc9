"""A programme's settings, its public criteria and its words: the team reads, the référent changes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal import terms
from portal.dates import count_in_words, day_in_words
from portal.errors import Conflict, DomainError
from portal.forms.base import show
from programmes import public_criteria
from programmes.access import programme_team, referent_only
from programmes.enums import Form, PeerOrigin, Perimeter, ProgrammeRoleKind
from programmes.forms.settings import ChangeSettingsForm, CriteriaForm, WordsForm
from programmes.models import Programme
from programmes.services import settings as service


def take_new_version(form, programme: Programme) -> None:
    """After a conflict, what was typed stays and is compared with what is stored now."""
    form.data = form.data.copy()
    form.data["seen"] = Programme.objects.values_list("version", flat=True).get(pk=programme.pk)


@require_http_methods(["GET", "POST"])
@programme_team
def settings(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The référent's form; the deputy reads the same lines."""
    may_change = ProgrammeRoleKind.REFERENT in request.space.roles
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = ChangeSettingsForm(request.POST or None, initial=ChangeSettingsForm.initial_of(programme))
    if request.method == "POST" and form.is_valid():
        fields = {"seen": form.cleaned_data["seen"], "reason": form.cleaned_data["reason"], **form.settings()}
        try:
            service.change(programme=programme, by=request.person, **fields)
        except DomainError as error:
            show(error, form)
            if isinstance(error, Conflict):
                take_new_version(form, programme)
        else:
            messages.success(request, "Les réglages sont enregistrés.")
            return redirect("programmes:settings", programme.slug)
    stored = Programme.objects.select_related("lead_employer").get(pk=programme.pk)
    context = {"programme": stored, "form": form if may_change else None, "facts": facts(stored)}
    context["sites"] = stored.sites.all()
    context["criteria"] = [
        ("Pour accompagner", public_criteria.shown(stored.criteria, public_criteria.HELPER)),
        ("Pour être accompagné·e", public_criteria.shown(stored.criteria, public_criteria.HELPED)),
    ]
    context["own_words"] = [
        (one, terms.term(key, stored.words)) for key, (one, _) in terms.TERMS.items() if key in stored.words
    ]
    return render(request, "programmes/settings.html", context)


def facts(programme: Programme) -> list[tuple[str, str]]:
    """The settings as lines to read."""

    def labels(kind, values) -> str:
        return " · ".join(str(kind(value).label) for value in values)

    return [
        ("Employeur", programme.lead_employer.name),
        ("Nom", programme.name),
        ("Pour qui", labels(Perimeter, programme.perimeters)),
        ("Formes de soutien", labels(Form, programme.forms)),
        ("Pairs", labels(PeerOrigin, programme.peers)),
        ("Début", day_in_words(programme.starts, weekday=False)),
        ("Durée d’un cycle", f"{programme.cycle_months} mois"),
        ("Pairs-aidants visés", programme.target_helpers or "non précisé"),
        ("Binômes visés", programme.target_pairs or "non précisé"),
        ("Questionnaires", programme.get_questionnaires_display()),
        ("Par pair-aidant·e", f"{count_in_words(programme.places_per_helper, 'place')} au plus"),
        ("Vœux sur présentations", "oui" if programme.wishes_on_presentations else "non"),
        ("Même équipe", "jamais dans un binôme" if programme.exclude_same_team else "possible dans un binôme"),
    ]


@require_http_methods(["GET", "POST"])
@referent_only
def criteria(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Ticks among two fixed lists, read by agents before they join."""
    initial = {**programme.criteria, "seen": programme.version}
    form = CriteriaForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.set_criteria(programme=programme, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
            if isinstance(error, Conflict):
                take_new_version(form, programme)
        else:
            messages.success(request, "Les critères sont enregistrés. Les agents les lisent avant de s’inscrire.")
            return redirect("programmes:settings", programme.slug)
    return render(request, "programmes/settings_criteria.html", {"programme": programme, "form": form})


@require_http_methods(["GET", "POST"])
@referent_only
def words(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The adaptable words: a preview first, if asked, then they are everywhere agents read them."""
    form = WordsForm(request.POST or None, initial=WordsForm.initial_of(programme))
    preview = programme.words
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                preview = service.checked_words(form.words())
            else:
                seen = form.cleaned_data["seen"]
                service.set_words(programme=programme, seen=seen, words=form.words(), by=request.person)
                messages.success(request, "Vos mots sont enregistrés.")
                return redirect("programmes:settings", programme.slug)
        except DomainError as error:
            show(error, form)
            if isinstance(error, Conflict):
                take_new_version(form, programme)
    context = {
        "programme": programme,
        "form": form,
        "preview": _sentences(preview),
        "previewed": "preview" in request.POST,
    }
    return render(request, "programmes/settings_words.html", context)


def _sentences(own: dict) -> list[str]:
    """A few sentences as an agent will read them."""

    def word(key: str, *, plural: bool = False) -> str:
        return terms.term(key, own, plural=plural)

    return [
        f"Votre {word('binome')} : prénom, thèmes choisis, prochaine {word('rencontre')}.",
        f"Devenir {word('pair_aidant')} : une {word('charte')}, une {word('lettre_de_mission')}, une formation.",
        f"Les {word('pair_aidant', plural=True)} et les {word('pair_aide', plural=True)} ont leurs "
        f"{word('temps_collectif', plural=True)}.",
        f"Le ou la {word('referent')} organise la {word('supervision')} et répond à toute demande "
        f"d’{word('accompagnement')}.",
    ]
