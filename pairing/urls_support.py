"""Addresses of support, of what worries, and of problems of the organisation."""

from django.urls import path

from pairing.views import alerts, problems, support

urlpatterns = [
    path("appui/", support.mine, name="my_support"),
    path("appui/demandes/<uuid:ref>/retirer/", support.cancel, name="cancel_support"),
    path("appui/messages/<uuid:ref>/", alerts.my_alert, name="my_alert"),
    path("appui/<slug:slug>/demander/", support.ask, name="ask_support"),
    path("appui/<slug:slug>/seance/", support.ask_session, name="ask_session"),
    path("appui/<slug:slug>/inquietude/", alerts.worry, name="worry"),
    path("appui/<slug:slug>/inquietude/<int:level>/", alerts.worry_level, name="worry_level"),
    path("rappel/<str:token>/", support.by_link, name="support_by_link"),
    path("supervision/appuis/", support.of_supervisor, name="support_of_supervisor"),
    path("supervision/appuis/<uuid:ref>/", support.supervisor_request, name="supervisor_request"),
    path("pilotage/<slug:slug>/appuis/", alerts.register, name="register"),
    path("pilotage/<slug:slug>/appuis/relecture/", alerts.review, name="review_alerts"),
    path("pilotage/<slug:slug>/appuis/<uuid:ref>/", support.pilot_request, name="pilot_support"),
    path("pilotage/<slug:slug>/appuis/messages/<uuid:ref>/", alerts.alert, name="alert"),
    path("pilotage/<slug:slug>/problemes/", problems.problems, name="problems"),
    path("pilotage/<slug:slug>/problemes/<uuid:ref>/", problems.problem, name="problem"),
    path("rh/<slug:slug>/problemes/", problems.hr_problems, name="hr_problems"),
    path("rh/<slug:slug>/problemes/<uuid:ref>/", problems.hr_problem, name="hr_problem"),
]
