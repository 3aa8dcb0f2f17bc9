"""Addresses of surveys, included from evaluation/urls.py. Those under `r/` are where nobody is known."""

from django.urls import path

from evaluation.views import answering, survey_roles, surveys

PILOT = "pilotage/<slug:slug>/enquetes/"
urlpatterns = [
    path(PILOT, surveys.surveys, name="surveys"),
    path(PILOT + "questions/", surveys.questions, name="questions"),
    path(PILOT + "questions/<slug:public>/<slug:moment>/", surveys.preview, name="preview_survey"),
    path(PILOT + "<uuid:cycle>/<slug:moment>/ouvrir/", surveys.open_survey, name="open_survey"),
    path(PILOT + "<uuid:cycle>/<slug:moment>/encadrants/", surveys.open_managers, name="open_managers_survey"),
    path(PILOT + "<uuid:cycle>/<slug:moment>/temps-collectif/", surveys.talk, name="talk"),
    path(PILOT + "<uuid:cycle>/precedente/", surveys.lean_on_previous, name="lean_on_previous"),
    path(PILOT + "a-chaud/<uuid:session>/", surveys.open_hot, name="open_hot_survey"),
    path(PILOT + "<uuid:wave>/rappel/", surveys.remind, name="remind_survey"),
    path(PILOT + "<uuid:wave>/clore/", surveys.close, name="close_survey"),
    path(PILOT + "<uuid:wave>/saisie/", survey_roles.name_typist, name="name_typist"),
    path(PILOT + "<uuid:wave>/papier/<slug:side>/", survey_roles.paper_sheet, name="paper_survey"),
    path("mes-enquetes/", answering.mine, name="my_surveys"),
    path("mes-enquetes/suite/", answering.what_next, name="survey_next"),
    path("mes-enquetes/<uuid:ref>/lien/", answering.send_again, name="send_survey_again"),
    path("mes-enquetes/saisie/<uuid:ref>/", survey_roles.typing, name="type_answers"),
    path("mes-enquetes/saisie/<uuid:ref>/<slug:side>/", survey_roles.sheet, name="type_sheet"),
    path("mes-enquetes/lecture/<uuid:ref>/", survey_roles.reading, name="read_texts"),
    path("r/<str:token>/", answering.answer, name="survey"),
]
