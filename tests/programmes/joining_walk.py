"""The inscription, page by page, as a browser sends it."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from programmes.joining_steps import steps_for
from programmes.models import Programme

ANSWERS = {
    "cote": {"side": "helped"},
    "besoins": {},
    "moi": {},
    "disponibilites": {"channels": ["in_person"], "slots": ["1"]},
    "pas-avec": {},
    "qui-voit-quoi": {},
    "information": {"information_read": "on"},
}


def url_of(programme: Programme, step: str) -> str:
    return reverse("programmes:join_step", args=[programme.slug, step])


def fields_of(page: HttpResponse) -> dict:
    """What the page carries hidden: token, receipt."""
    context, form = page.context, page.context["form"]
    hidden = {field.html_name: field.value() for field in form.hidden_fields()}
    return {context["token_field"]: context["token"], **hidden}


def send(client: Client, programme: Programme, step: str, move: str = "next", **typed) -> HttpResponse:
    page = client.get(url_of(programme, step))
    return client.post(url_of(programme, step), {**fields_of(page), "move": move, **typed})


def walk(client: Client, programme: Programme, *, upto: str = "", **changes) -> HttpResponse:
    """Every step in order, that of the sites where there are some; `changes` goes to the step that has such a field.

    Stops before `upto`.
    """
    homes = {"side": "cote", "themes": "besoins", "exchange_needs": "besoins", "experience": "information"}
    homes |= dict.fromkeys(("setting", "seniority", "lived", "free_text", "presentation"), "moi")
    homes |= dict.fromkeys(("readers", "presentation_published", "lived_used"), "qui-voit-quoi")
    homes |= dict.fromkeys(("sites", "any_site", "travels"), "lieux")
    homes |= dict.fromkeys(("people", "units"), "pas-avec")
    answer = None
    met = "in_person" in changes.get("channels", ["in_person"])
    for step in steps_for(places=programme.sites.exists() and met):
        if step.slug == upto:
            break
        own = {name: value for name, value in changes.items() if homes.get(name, "disponibilites") == step.slug}
        answer = send(client, programme, step.slug, **{**ANSWERS.get(step.slug, {}), **own})
        assert answer.status_code == 302, (step.slug, answer.context and answer.context["form"].errors)
    return answer
