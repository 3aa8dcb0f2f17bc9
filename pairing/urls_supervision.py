"""Addresses of supervision."""

from django.urls import path

from pairing.views import hours, intervision, supervision

urlpatterns = [
    path("ma-supervision/", supervision.my_supervision, name="my_supervision"),
    path("ma-supervision/besoins/<uuid:ref>/", supervision.say_of_need, name="say_of_need"),
    path("mes-heures/<uuid:ref>/", hours.mine, name="my_hours"),
    path("ma-supervision/<slug:slug>/intervision/", intervision.announce, name="announce_intervision"),
    path("ma-supervision/intervisions/<uuid:ref>/", intervision.answer, name="answer_intervision"),
    path("seance/<str:token>/", supervision.sheet_by_link, name="sheet_by_link"),
    path("supervision/", supervision.my_sessions, name="my_sessions"),
    path("supervision/<uuid:ref>/", supervision.sheet, name="supervision_sheet"),
    path("pilotage/<slug:slug>/supervision/", supervision.overview, name="supervision"),
    path("pilotage/<slug:slug>/supervision/prevoir/", supervision.plan, name="plan_supervision"),
    path("pilotage/<slug:slug>/temps/", hours.bands, name="hours"),
    path("pilotage/<slug:slug>/supervision/rythme/", supervision.setting, name="supervision_setting"),
    path("pilotage/<slug:slug>/supervision/besoins/<uuid:ref>/", supervision.take_up_need, name="take_up_need"),
    path("pilotage/<slug:slug>/supervision/<uuid:ref>/cout/", supervision.cost, name="supervision_cost"),
    path("pilotage/<slug:slug>/supervision/<uuid:ref>/lien/", supervision.send_link, name="send_sheet_link"),
    path("pilotage/<slug:slug>/supervision/<uuid:ref>/annuler/", supervision.cancel, name="cancel_supervision"),
    path("pilotage/<slug:slug>/supervision/<uuid:ref>/fin/", supervision.end_engagement, name="end_supervisor"),
]
