"""« Nouvelles », how to be told, and what did not leave."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import administrator_space, agent_space
from portal.errors import DomainError
from portal.forms.base import show
from portal.forms.news import PreferencesForm
from portal.models import Employer
from portal.services import mail, news


@require_safe
@agent_space
def news_list(request: HttpRequest) -> HttpResponse:
    rows = news.listed(request.person)
    unread = sum(row["row"].read_at is None for row in rows)
    return render(request, "portal/news.html", {"rows": rows, "unread": unread, "days": news.NEWS_DAYS})


@require_POST
@agent_space
def open_news(request: HttpRequest, ref: UUID) -> HttpResponse:
    path = news.open_one(person=request.person, ref=ref)
    if path is None:
        raise Http404
    return redirect(path)


@require_POST
@agent_space
def read_all(request: HttpRequest) -> HttpResponse:
    news.read_all(person=request.person)
    messages.success(request, "Tout est marqué comme lu.")
    return redirect("portal:news")


@require_http_methods(["GET", "POST"])
@agent_space
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, initial=news.preferences(request.person))
    if request.method == "POST" and form.is_valid():
        try:
            news.prefer(person=request.person, ways=form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté.")
            return redirect("portal:news")
    context = {"form": form, "reached": mail.reaches(request.person)}
    return render(request, "portal/news_preferences.html", context)


@require_safe
@administrator_space
def undelivered(request: HttpRequest, employer: Employer) -> HttpResponse:
    return render(request, "portal/undelivered.html", {"employer": employer, "rows": news.undelivered(employer)})


@require_POST
@administrator_space
def send_again(request: HttpRequest, employer: Employer, ref: UUID) -> HttpResponse:
    if not news.send_again(employer=employer, ref=ref):
        raise Http404
    messages.success(request, "Le message va repartir. S’il échoue encore, il reviendra dans cette liste.")
    return redirect("portal:undelivered", employer.slug)
