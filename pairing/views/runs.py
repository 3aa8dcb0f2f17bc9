"""The référent's bench. Nothing staged is shown to anybody else; one's own proposal is not shown either (decision 17)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing import bench_pages
from pairing.enums import CandidateState, RunState
from pairing.forms.runs import CompareForm, LaunchForm, TogetherForm, WeightsForm
from pairing.models import Candidate, Run
from pairing.services import bench, weights
from pairing.services.matching_input import weights_of
from portal.dates import moment_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal
from programmes.access import referent_only
from programmes.models import Programme

SECONDS = "3"
COMPARABLE = (RunState.STAGED, RunState.PUBLISHED)


@require_http_methods(["GET", "POST"])
@referent_only
def runs(request: HttpRequest, programme: Programme) -> HttpResponse:
    """How things stand in one sentence, a run to launch, and those made before."""
    form = LaunchForm(request.POST or None, programme=programme, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        try:
            run = bench.launch(programme=programme, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            return redirect("pairing:run", programme.slug, run.ref)
    rows = programme.runs.exclude(state=RunState.DISCARDED).exclude(about__person=request.person)
    context = {
        "programme": programme,
        "form": form,
        "runs": list(rows.select_related("about__person")[:30]),
        "standing": bench_pages.standing(programme),
    }
    return render(request, "pairing/runs.html", context)


def _run(programme: Programme, ref: UUID) -> Run:
    return get_object_or_404(
        programme.runs.select_related("programme__lead_employer", "about__person", "replays"), ref=ref
    )


@require_safe
@referent_only
def run(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = _run(programme, ref)
    return _page(request, row, TogetherForm(run=row, viewer=request.person, use_required_attribute=False))


def _page(request: HttpRequest, row: Run, form: TogetherForm) -> HttpResponse:
    programme = row.programme
    context = bench_pages.of_run(row, request.person)
    if context["people"]:
        employer = programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=row, employer=employer, count=context["people"])
    others = programme.runs.filter(state__in=COMPARABLE).exclude(pk=row.pk)
    context |= {"programme": programme, "run": row, "form": form, "staged": row.state == RunState.STAGED}
    context["computed_here"] = row.mode in bench.COMPUTED_HERE
    context["compare"] = CompareForm(runs=others) if row.state in COMPARABLE and others else None
    response = render(request, "pairing/run.html", context)
    if row.state == RunState.COMPUTING:
        response.headers["Refresh"] = SECONDS
    return response


def _candidate(request: HttpRequest, row: Run) -> Candidate:
    mine = row.candidates.filter(state=CandidateState.STAGED, members__participation__person=request.person)
    try:
        ref = UUID(request.POST.get("proposition", ""))
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(row.candidates.exclude(pk__in=mine.values("pk")).select_related("run"), ref=ref)


def _lock(request: HttpRequest, row: Run) -> Run:
    locked = request.POST["geste"] == "garder"
    bench.lock(candidate=_candidate(request, row), locked=locked, by=request.person)
    return row


def _undo(request: HttpRequest, row: Run) -> Run:
    bench.undo(candidate=_candidate(request, row), by=request.person)
    messages.success(request, "Ces personnes attendent de nouveau. Personne d’autre ne l’a su.")
    return row


def _relaunch(request: HttpRequest, row: Run) -> Run:
    asked = {"form": row.form, "mode": row.mode, "cycle": row.cycle, "about": row.about}
    return bench.launch(programme=row.programme, keeping=row, by=request.person, **asked)


def _replay(request: HttpRequest, row: Run) -> Run:
    return bench.replay(run=row, by=request.person)


def _discard(request: HttpRequest, row: Run) -> None:
    bench.discard(run=row, by=request.person)
    messages.success(request, "Ce rapprochement est écarté. Personne d’autre ne l’a su.")


def _trio(request: HttpRequest, row: Run) -> Run:
    try:
        ref = UUID(request.POST.get("personne", ""))
    except ValueError as error:
        raise Http404 from error
    rows = row.unpaired.exclude(participation__person=request.person).select_related("participation__programme")
    out = get_object_or_404(rows, participation__ref=ref, participation__person__isnull=False).participation
    bench.make_trio(run=row, out=out, by=request.person)
    messages.success(request, "C’est fait : ce trio est gardé. Vous pouvez encore le séparer.")
    return row


# What each button does, and the run to show next; none: back to the list.
GESTURES = {
    "garder": _lock,
    "liberer": _lock,
    "separer": _undo,
    "trio": _trio,
    "relancer": _relaunch,
    "rejouer": _replay,
    "ecarter": _discard,
}


@require_POST
@referent_only
def act(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """One button of the bench: keep, let go, take apart, run the rest, replay, discard."""
    row = shown = _run(programme, ref)
    gesture = GESTURES.get(request.POST.get("geste"))
    try:
        if gesture:
            shown = gesture(request, row)
        else:
            messages.error(request, "Choisissez un des boutons de la page.")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("pairing:run", programme.slug, shown.ref) if shown else redirect("pairing:runs", programme.slug)


@require_POST
@referent_only
def put_together(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """By hand, two people or three: one sentence for every broken rule."""
    row = _run(programme, ref)
    form = TogetherForm(request.POST, run=row, viewer=request.person, use_required_attribute=False)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        bench.put_together(run=row, people=form.people, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est fait : cette proposition est gardée.")
    return redirect("pairing:run", programme.slug, row.ref)


@require_http_methods(["GET", "POST"])
@referent_only
def publish(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A page that says what will happen, then every staged pair becomes a proposal."""
    row = _run(programme, ref)
    if request.method == "POST":
        try:
            sent, conflicts = bench.publish(run=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            if sent:
                messages.success(request, bench_pages.sent_in_words(sent))
            for candidate, sentence in conflicts:
                messages.warning(request, f"{bench_pages.names_of(candidate, request.person)} : {sentence}")
        return redirect("pairing:run", programme.slug, row.ref)
    context = bench_pages.of_run(row, request.person) | {"programme": programme, "run": row}
    context |= {"what": bench_pages.PUBLISHING, "who": bench_pages.WHO_WILL_KNOW}
    return render(request, "pairing/run_publish.html", context)


@require_safe
@referent_only
def discard(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Asked before it is done, by a button of the bench."""
    row = _run(programme, ref)
    context = {"programme": programme, "run": row, "fields": [("geste", "ecarter")]}
    context |= {"what": bench_pages.DISCARDING, "who": bench_pages.WHO_KNEW}
    return render(request, "pairing/run_discard.html", context)


@require_safe
@referent_only
def compare(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = _run(programme, ref)
    others = programme.runs.filter(state__in=COMPARABLE).exclude(pk=row.pk)
    form = CompareForm(request.GET or None, runs=others)
    other = form.cleaned_data["avec"] if form.is_valid() else None
    table = bench_pages.side_by_side(row, other, request.person) if other else []
    context = {"programme": programme, "run": row, "other": other, "form": form, "table": table}
    zone = programme.time_zone
    ways = {"Celle-ci": row, "L’autre": other} if other else {}
    titles = [f"{which} : {moment_in_words(one.at, zone)}" for which, one in ways.items()]
    context["columns"] = ["Personne", *titles, "Résultat"]
    return render(request, "pairing/run_compare.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def criteria(request: HttpRequest, programme: Programme) -> HttpResponse:
    """How much each criterion counts: public."""
    form = WeightsForm(request.POST or None, weights=weights_of(programme), use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        try:
            weights.set_weights(programme=programme, weights=form.weights, by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(
                request, "Les poids sont enregistrés et publics. Ils valent pour les prochains rapprochements."
            )
            return redirect("pairing:criteria", programme.slug)
    return render(request, "pairing/criteria.html", {"programme": programme, "form": form})
