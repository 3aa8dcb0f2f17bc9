"""Addresses of the frame."""

from django.urls import path

from programmes import (
    urls_community,
    urls_entry,
    urls_frame,
    urls_letters,
    urls_library,
    urls_outreach,
    urls_settings,
    urls_shared,
    urls_steps,
    urls_team,
    urls_training,
)
from programmes.views import agent, joining, opening, pilotage, requests, steps, visibility

app_name = "programmes"
urlpatterns = [
    *urls_community.urlpatterns,
    *urls_entry.urlpatterns,
    *urls_letters.urlpatterns,
    *urls_frame.urlpatterns,
    *urls_library.urlpatterns,
    *urls_outreach.urlpatterns,
    *urls_settings.urlpatterns,
    *urls_steps.urlpatterns,
    *urls_team.urlpatterns,
    *urls_shared.urlpatterns,
    *urls_training.urlpatterns,
    path("participer/<slug:slug>/", agent.join, name="join"),
    path("participer/<slug:slug>/inscription/", joining.resume, name="join_resume"),
    path("participer/<slug:slug>/inscription/hesiter/", joining.unsure, name="join_unsure"),
    path("participer/<slug:slug>/inscription/effacer/", joining.drop, name="join_drop"),
    path("participer/<slug:slug>/inscription/<slug:step>/", joining.step, name="join_step"),
    path("participer/<slug:slug>/<slug:door>/", joining.join_side, name="join_side"),
    path("mes-demandes/<uuid:ref>/", agent.my_participation, name="my_participation"),
    path("mes-demandes/<uuid:ref>/modifier/", agent.change, name="change"),
    path("mes-demandes/<uuid:ref>/qui-voit-quoi/", visibility.visibility, name="visibility"),
    path("mon-espace/qui-voit-quoi/", visibility.visibilities, name="visibilities"),
    path("mon-espace/pas-avec/", visibility.avoided, name="avoided"),
    path("mon-espace/pas-avec/<uuid:ref>/oter/", visibility.avoid_no_more, name="avoid_no_more"),
    path("mes-demandes/<uuid:ref>/pause/", agent.pause, name="pause"),
    path("mes-demandes/<uuid:ref>/chercher/", agent.seek_again, name="seek_again"),
    path("mes-demandes/<uuid:ref>/retirer/", agent.withdraw, name="withdraw"),
    path("pilotage/", pilotage.mine, name="mine"),
    path("pilotage/<slug:slug>/", pilotage.home, name="home"),
    path("pilotage/<slug:slug>/ouvrir/", opening.open_enrolment, name="open"),
    path("pilotage/<slug:slug>/etapes/", steps.steps, name="steps"),
    path("pilotage/<slug:slug>/etapes/<int:number>/", steps.step, name="step"),
    path("pilotage/<slug:slug>/etapes/<int:number>/<slug:move>/", steps.move_step, name="move_step"),
    path("pilotage/<slug:slug>/calendrier/", pilotage.calendar, name="calendar"),
    path("pilotage/<slug:slug>/demandes/", requests.requests, name="requests"),
    path("pilotage/<slug:slug>/demandes/<uuid:ref>/", requests.participation, name="participation"),
    path("pilotage/<slug:slug>/demandes/<uuid:ref>/repondre/", requests.answer, name="answer"),
]
