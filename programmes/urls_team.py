"""Addresses of the team, the impact assessments, the deputy's relay and the handover."""

from django.urls import path

from programmes.views import assessments, handover, team

urlpatterns = [
    path("pilotage/<slug:slug>/equipe/", team.page, name="team"),
    path("pilotage/<slug:slug>/equipe/role/", team.give_role, name="give_role"),
    path("pilotage/<slug:slug>/equipe/role/<uuid:ref>/", team.end_role, name="end_role"),
    path("pilotage/<slug:slug>/equipe/absence/", team.declare_absence, name="declare_absence"),
    path("pilotage/<slug:slug>/equipe/absence/<uuid:ref>/", team.come_back, name="come_back"),
    path("pilotage/<slug:slug>/equipe/siege/", team.add_seat, name="add_seat"),
    path("pilotage/<slug:slug>/equipe/siege/<uuid:ref>/", team.remove_seat, name="remove_seat"),
    path("pilotage/<slug:slug>/equipe/contact/", team.add_contact, name="add_contact"),
    path("pilotage/<slug:slug>/equipe/contact/<uuid:ref>/", team.contact, name="contact"),
    path("pilotage/<slug:slug>/equipe/contact/<uuid:ref>/retirer/", team.remove_contact, name="remove_contact"),
    path("pilotage/<slug:slug>/relais/", team.take_over, name="take_over"),
    path("pilotage/<slug:slug>/aipd/", assessments.assessments, name="assessments"),
    path("pilotage/<slug:slug>/aipd/<uuid:ref>/", assessments.validate, name="assessment_validate"),
    path("pilotage/<slug:slug>/aipd/<uuid:ref>/fichier/", assessments.file, name="assessment_file"),
    path("pilotage/<slug:slug>/passation/", handover.page, name="handover"),
    path("pilotage/<slug:slug>/passation/liste/", handover.checklist, name="handover_checklist"),
    path("pilotage/<slug:slug>/passation/annoncer/", handover.announce, name="handover_announce"),
    path("pilotage/<slug:slug>/passation/abandonner/", handover.cancel, name="handover_cancel"),
    path("pilotage/<slug:slug>/passation/dossier/", handover.dossier, name="continuity"),
    path("pilotage/<slug:slug>/passation/dossier/fichier/", handover.file, name="continuity_file"),
    path("mes-demandes/<uuid:ref>/effacer-mon-texte/", handover.erase_text, name="erase_text"),
]
