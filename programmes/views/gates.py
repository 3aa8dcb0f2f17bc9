"""The frame's conditions by form of support, the programme's settings, and its deviations."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import programme_team, referent_only
from programmes.enums import Form, GateKind, ProgrammeRoleKind
from programmes.forms.gates import GateForm
from programmes.models import GateRule, Programme
from programmes.services import gates as service

TONES = {GateKind.BASE: "done", GateKind.ADJUSTABLE: "wait", GateKind.ADVICE: "neutral"}


def by_form(programme: Programme) -> list[tuple[str, list[dict], str]]:
    """The conditions of each form of support this programme has, and what they warn of."""
    warnings = {Form.PAIR: service.few_helpers(programme)}
    own = dict(programme.gate_settings.values_list("rule_id", "value"))
    lists: dict[str, list[dict]] = {form: [] for form in programme.forms}
    for rule in GateRule.objects.filter(form__in=programme.forms):
        value = own.get(rule.pk, rule.default)
        lists[rule.form].append(
            {
                "rule": rule,
                "tone": TONES[rule.kind],
                "value": "" if value is None else service.in_words(rule, value),
                "own": rule.pk in own,
                "adjustable": rule.kind == GateKind.ADJUSTABLE,
            }
        )
    return [(Form(form).label.capitalize(), rows, warnings.get(form, "")) for form, rows in lists.items() if rows]


@require_safe
@programme_team
def frame(request: HttpRequest, programme: Programme) -> HttpResponse:
    context = {"programme": programme, "lists": by_form(programme), "deviations": programme.deviations.all()}
    context["may_set"] = ProgrammeRoleKind.REFERENT in request.space.roles
    return render(request, "programmes/training_frame.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def setting(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """One adjustable condition; out of bounds is refused, a change is listed in the report."""
    rules = GateRule.objects.filter(form__in=programme.forms, kind=GateKind.ADJUSTABLE)
    rule = get_object_or_404(rules, pk=code)
    form = GateForm(request.POST or None, rule=rule)
    if request.method == "POST" and form.is_valid():
        try:
            service.set_value(programme=programme, rule=rule, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le réglage est enregistré. Il vaut pour ce qui commence à partir d’aujourd’hui.")
            return redirect("programmes:frame", programme.slug)
    current = service.in_words(rule, service.value(programme, rule.pk))
    context = {"programme": programme, "rule": rule, "form": form, "current": current}
    return render(request, "programmes/training_setting.html", context)
