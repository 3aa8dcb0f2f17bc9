"""Addresses of the référent’s bench, and of the page that says how pairs are proposed."""

from django.urls import path

from pairing.views import how, runs

BENCH = "pilotage/<slug:slug>/rapprochements/"
urlpatterns = [
    path("programmes/<slug:slug>/binomes/", how.how, name="how"),
    path(BENCH, runs.runs, name="runs"),
    path(BENCH + "criteres/", runs.criteria, name="criteria"),
    path(BENCH + "<uuid:ref>/", runs.run, name="run"),
    path(BENCH + "<uuid:ref>/agir/", runs.act, name="act"),
    path(BENCH + "<uuid:ref>/rapprocher/", runs.put_together, name="put_together"),
    path(BENCH + "<uuid:ref>/comparer/", runs.compare, name="compare"),
    path(BENCH + "<uuid:ref>/ecarter/", runs.discard, name="discard_run"),
    path(BENCH + "<uuid:ref>/publier/", runs.publish, name="publish"),
]
