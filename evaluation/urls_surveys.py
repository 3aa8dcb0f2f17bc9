"""Addresses of surveys, included from evaluation/urls.py. Those under `r/` are where nobody is known."""

from django.urls import path

from evaluation.views import surveys

urlpatterns = [
    path("pilotage/<slug:slug>/enquetes/", surveys.surveys, name="surveys"),
    path("pilotage/<slug:slug>/enquetes/<uuid:cycle>/<slug:moment>/ouvrir/", surveys.open_survey, name="open_survey"),
    path("pilotage/<slug:slug>/enquetes/<uuid:cycle>/<slug:moment>/temps-collectif/", surveys.talk, name="talk"),
    path("pilotage/<slug:slug>/enquetes/<uuid:cycle>/precedente/", surveys.lean_on_previous, name="lean_on_previous"),
    path("pilotage/<slug:slug>/enquetes/<uuid:wave>/rappel/", surveys.remind, name="remind_survey"),
    path("pilotage/<slug:slug>/enquetes/<uuid:wave>/clore/", surveys.close, name="close_survey"),
    path("mes-enquetes/", surveys.mine, name="my_surveys"),
    path("mes-enquetes/<uuid:ref>/lien/", surveys.send_again, name="send_survey_again"),
    path("r/merci/", surveys.thanks, name="survey_thanks"),
    path("r/<str:token>/", surveys.answer, name="survey"),
]
