"""Addresses of sensibilisation."""

from django.urls import path

from programmes.views import outreach

urlpatterns = [
    path("pilotage/<slug:slug>/sensibilisation/", outreach.outreach, name="outreach"),
    path("pilotage/<slug:slug>/sensibilisation/nouvelle/", outreach.plan, name="outreach_plan"),
    path("pilotage/<slug:slug>/sensibilisation/<uuid:ref>/", outreach.action, name="outreach_action"),
    path("pilotage/<slug:slug>/sensibilisation/<uuid:ref>/modifier/", outreach.change, name="outreach_change"),
    path("pilotage/<slug:slug>/sensibilisation/<uuid:ref>/annuler/", outreach.cancel, name="outreach_cancel"),
    path("pilotage/<slug:slug>/sensibilisation/<uuid:ref>/supports/", outreach.add_material, name="outreach_material"),
    path(
        "pilotage/<slug:slug>/sensibilisation/<uuid:ref>/supports/<uuid:file>/",
        outreach.material,
        name="outreach_file",
    ),
    path("pilotage/<slug:slug>/sensibilisation/<uuid:ref>/temoignage/", outreach.ask, name="outreach_ask"),
    path(
        "pilotage/<slug:slug>/sensibilisation/<uuid:ref>/temoignage/oublier/", outreach.forget, name="outreach_forget"
    ),
    path(
        "pilotage/<slug:slug>/sensibilisation/<uuid:ref>/temoignage/<uuid:testimony>/masquer/",
        outreach.hide,
        name="outreach_hide",
    ),
    path("mes-temoignages/<uuid:ref>/", outreach.my_testimony, name="my_testimony"),
]
