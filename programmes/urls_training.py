"""Addresses of training and of the frame's conditions."""

from django.urls import path

from programmes.views import gates, training

urlpatterns = [
    path("mes-formations/", training.my_training, name="my_training"),
    path("mes-formations/<uuid:ref>/attestation/", training.certificate, name="certificate"),
    path("pilotage/<slug:slug>/cadre/", gates.frame, name="frame"),
    path("pilotage/<slug:slug>/cadre/<slug:code>/", gates.setting, name="gate_setting"),
    path("pilotage/<slug:slug>/formations/", training.sessions, name="training"),
    path("pilotage/<slug:slug>/formations/nouvelle/", training.plan, name="plan_training"),
    path("pilotage/<slug:slug>/formations/<uuid:ref>/", training.session, name="training_session"),
    path("pilotage/<slug:slug>/formations/<uuid:ref>/annuler/", training.cancel, name="cancel_training"),
    path("pilotage/<slug:slug>/demandes/<uuid:ref>/decision/", training.decide, name="decide_readiness"),
]
