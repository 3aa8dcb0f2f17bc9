"""Addresses of « reprise de l’existant »."""

from django.urls import path

from pairing.views import takeover

urlpatterns = [
    path("pilotage/<slug:slug>/reprise/", takeover.takeover, name="takeover"),
    path("pilotage/<slug:slug>/reprise/confirmer/", takeover.confirm, name="confirm_takeover"),
    path("pilotage/<slug:slug>/binomes/<uuid:ref>/defaire/", takeover.undo, name="undo_takeover"),
    path("pilotage/<slug:slug>/reprise/modele/", takeover.model, name="takeover_model"),
]
