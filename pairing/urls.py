"""Addresses of the pairs' life."""

from django.urls import path

from pairing import urls_runs, urls_supervision, urls_support, urls_takeover, urls_wishes
from pairing.views import agent, dates, fit, follow, frame, monthly, pilotage, returns, reviews

app_name = "pairing"
urlpatterns = [
    *urls_runs.urlpatterns,
    *urls_supervision.urlpatterns,
    *urls_support.urlpatterns,
    *urls_takeover.urlpatterns,
    *urls_wishes.urlpatterns,
    path("mon-binome/<uuid:ref>/", agent.pair, name="pair"),
    path("mon-binome/<uuid:ref>/repondre/", agent.answer, name="answer"),
    path("mon-binome/<uuid:ref>/suite/", agent.search_again, name="search_again"),
    path("mon-binome/<uuid:ref>/vus/", agent.tap, name="tap"),
    path("mon-binome/<uuid:ref>/rencontre/", agent.log_meeting, name="log_meeting"),
    path("mon-binome/<uuid:ref>/tout-va-bien/", agent.alive, name="alive"),
    path("mon-binome/<uuid:ref>/pause/", agent.pause, name="pause"),
    path("mon-binome/<uuid:ref>/cadre/", frame.propose, name="frame"),
    path("mon-binome/<uuid:ref>/cadre/repondre/", frame.answer, name="answer_frame"),
    path("mon-binome/<uuid:ref>/dates/", dates.propose, name="dates"),
    path("mon-binome/<uuid:ref>/dates/repondre/", dates.answer, name="answer_dates"),
    path("rendez-vous/<uuid:ref>/annuler/", dates.cancel, name="cancel_appointment"),
    path("rendez-vous/<uuid:ref>/agenda.ics", dates.diary, name="appointment_diary"),
    path("mon-binome/<uuid:ref>/ouverture/", follow.prefer, name="prefer_opening"),
    path("mon-binome/<uuid:ref>/ouverture.ics", follow.opening_diary, name="opening_diary"),
    path("suivi/<uuid:ref>/ouverture/", follow.opening, name="opening"),
    path("suivi/<uuid:ref>/ouverture/tenue/", follow.hold_opening, name="hold_opening"),
    path("mon-binome/carnet/", monthly.notebook, name="notebook"),
    path("mon-binome/releve/", monthly.sheet, name="month_sheet"),
    path("mon-binome/<uuid:ref>/mois/", monthly.give, name="month"),
    path("mon-binome/<uuid:ref>/bilan/<str:moment>/", reviews.review, name="review"),
    path("mon-binome/<uuid:ref>/bilan/<str:moment>/effacer/", reviews.forget, name="forget_review"),
    path("suivi/<uuid:ref>/releve/", monthly.paper, name="paper"),
    path("suivi/<uuid:ref>/point/", follow.hold_point, name="hold_point"),
    path("mon-binome/<uuid:ref>/premiere-rencontre/", fit.answer, name="fit"),
    path("mon-binome/<uuid:ref>/retour/", returns.plan, name="return_plan"),
    path("mon-binome/<uuid:ref>/retour/retirer/", returns.withdraw, name="withdraw_return"),
    path("reprendre/<slug:branch>/", returns.whom_to_ask, name="whom_to_ask"),
    path("mon-binome/<uuid:ref>/changer/", fit.change, name="change"),
    path("mon-binome/<uuid:ref>/terminer/", agent.end, name="end"),
    path("rencontres/<uuid:ref>/", agent.meeting, name="meeting"),
    path("rencontres/<uuid:ref>/effacer/", agent.remove_meeting, name="remove_meeting"),
    path("pilotage/mes-binomes/", pilotage.refereed, name="refereed"),
    path("pilotage/mes-binomes/<uuid:ref>/", pilotage.refereed_pair, name="refereed_pair"),
    path("pilotage/<slug:slug>/binomes/", pilotage.pairs, name="pairs"),
    path("pilotage/<slug:slug>/binomes/proposer/", pilotage.propose, name="propose"),
    path("pilotage/<slug:slug>/binomes/<uuid:ref>/", pilotage.pair, name="pilot_pair"),
    path("pilotage/<slug:slug>/binomes/<uuid:ref>/reprendre/", pilotage.withdraw, name="withdraw_proposal"),
]
