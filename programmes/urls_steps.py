"""Addresses of a step's lines, their documents, and the timeline."""

from django.urls import path

from programmes.views import step_items, timeline

STEP = "pilotage/<slug:slug>/etapes/<int:number>/"
ITEM = STEP + "actions/<uuid:ref>/"
urlpatterns = [
    path(STEP + "dates/", step_items.plan, name="step_dates"),
    path(STEP + "actions/nouvelle/", step_items.add, name="add_action"),
    path(ITEM, step_items.item, name="step_item"),
    path(ITEM + "pieces/", step_items.deposit, name="deposit_evidence"),
    path(ITEM + "pieces/<uuid:piece>/", step_items.evidence, name="evidence"),
    path(ITEM + "pieces/<uuid:piece>/retirer/", step_items.remove, name="remove_evidence"),
    path("pilotage/<slug:slug>/frise/", timeline.timeline, name="timeline"),
    path("pilotage/<slug:slug>/frise/agenda/<slug:move>/", timeline.agenda, name="agenda"),
    path("agenda/<str:token>.ics", timeline.feed, name="calendar_feed"),
]
