"""What an agent is asked, and the page where nobody is known (portal.middleware.nobody)."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.forms.personal_code import LinkedForm
from evaluation.models import WaveInvitation
from evaluation.services import answers, linking, parts, questionnaires, waves
from evaluation.services.batches import lived_pairs
from pairing.access import takes_part_in
from pairing.hooks import others
from pairing.services import supervision
from portal.access import agent_space
from portal.errors import DomainError


@require_safe
@agent_space
def mine(request: HttpRequest) -> HttpResponse:
    """What this person is asked now, and what they do for a wave. Nothing here knows whether they answered."""
    context = {"invitations": waves.open_invitations(request.person), "parts": parts.of(request.person)}
    return render(request, "evaluation/survey_mine.html", context)


@require_POST
@agent_space
def send_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    rows = WaveInvitation.objects.filter(person=request.person).select_related("wave__programme__lead_employer")
    invitation = get_object_or_404(rows, ref=ref)
    try:
        waves.send_again(invitation=invitation)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Votre lien repart à votre adresse. C’est le même que la première fois.")
    return redirect("evaluation:my_surveys")


@require_safe
@agent_space
def what_next(request: HttpRequest) -> HttpResponse:
    """What one wishes for the rest (SUITE, BES of domain.md i.3) is never an answer: here are the acts themselves."""
    person = request.person
    context = {
        "participations": person.participations.open().select_related("programme"),
        "programmes": takes_part_in(person),
        "supervised": supervision.programmes_of(person),
        "pairs": [(pair, others(pair, person)) for pair in lived_pairs(person)],
    }
    return render(request, "evaluation/survey_next.html", context)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions behind a link. The link is the only right, so no cookie, no session, no forgery mark is needed.

    The copy of one's own answers stands in the answer to the form itself: shown once, kept nowhere.
    """
    ticket = answers.ticket_of(token)
    if ticket is None:
        raise Http404
    if not answers.usable(ticket):
        return render(request, "evaluation/survey_gone.html", {"used": ticket.used}, status=410)
    # A form sent back empty is still a form sent.
    posted = request.POST if request.method == "POST" else None
    form = LinkedForm(posted, items=answers.items_for(ticket), asks=linking.asks(ticket.wave))
    context = {"wave": ticket.wave, "title": ticket.wave.questionnaire.title, "form": form}
    context["portal_url"] = settings.BASE_URL if settings.SURVEY_HOST else ""
    if request.method == "POST" and form.is_valid():
        try:
            answers.submit(token=token, answers=form.cleaned_data, code=form.code)
        except answers.Gone:
            return render(request, "evaluation/survey_gone.html", {"used": True}, status=410)
        return render(request, "evaluation/survey_thanks.html", context)
    return render(request, "evaluation/survey_answer.html", context | {"band": questionnaires.band()})
