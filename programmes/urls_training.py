"""Addresses of training and of the frame's conditions."""

from django.urls import path

from programmes.views import gates, my_training, training

urlpatterns = [
    path("mes-formations/", my_training.my_training, name="my_training"),
    path("mes-formations/<uuid:ref>/attestation/", my_training.certificate, name="certificate"),
    path("mes-formations/<uuid:ref>/reperes/effacer/", my_training.erase_positioning, name="erase_positioning"),
    path("mes-formations/<uuid:ref>/reperes/<slug:moment>/", my_training.positioning, name="positioning"),
    path("mes-formations/seances/<uuid:ref>/agenda/", my_training.diary, name="training_diary"),
    path("mes-formations/seances/<uuid:ref>/inscription/", my_training.register, name="register_training"),
    path("mes-formations/seances/<uuid:ref>/renoncer/", my_training.give_back, name="give_back_training"),
    path("pilotage/<slug:slug>/cadre/", gates.frame, name="frame"),
    path("pilotage/<slug:slug>/cadre/<slug:code>/", gates.setting, name="gate_setting"),
    path("pilotage/<slug:slug>/formations/", training.sessions, name="training"),
    path("pilotage/<slug:slug>/formations/nouvelle/", training.plan, name="plan_training"),
    path("pilotage/<slug:slug>/formations/<uuid:ref>/", training.session, name="training_session"),
    path("pilotage/<slug:slug>/formations/<uuid:ref>/feuille/", training.sheet, name="training_sheet"),
    path("pilotage/<slug:slug>/formations/<uuid:ref>/nombres/", training.counts, name="training_counts"),
    path("pilotage/<slug:slug>/formations/<uuid:ref>/date/", training.put_off, name="put_off_training"),
    path("pilotage/<slug:slug>/formations/<uuid:ref>/annuler/", training.cancel, name="cancel_training"),
    path("pilotage/<slug:slug>/demandes/<uuid:ref>/decision/", training.decide, name="decide_readiness"),
]
