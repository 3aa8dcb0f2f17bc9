"""Addresses of the open community, of groups and of dated collective times."""

from django.urls import path

from programmes.views import community, gatherings

urlpatterns = [
    path("participer/<slug:slug>/rejoindre/<slug:door>/", community.join, name="join_group"),
    path("mes-groupes/<uuid:ref>/", community.membership, name="membership"),
    path("mes-groupes/<uuid:ref>/quitter/", community.leave, name="leave_group"),
    path("mes-temps-collectifs/", gatherings.my_gatherings, name="my_gatherings"),
    path("mes-temps-collectifs/<uuid:ref>/", gatherings.register, name="register_gathering"),
    path("mes-temps-collectifs/<uuid:ref>/nombre/", gatherings.count, name="count_gathering"),
    path("pilotage/<slug:slug>/temps-collectifs/", gatherings.gatherings, name="gatherings"),
    path("pilotage/<slug:slug>/temps-collectifs/nouveau/", gatherings.plan, name="plan_gathering"),
    path("pilotage/<slug:slug>/temps-collectifs/<uuid:ref>/", gatherings.gathering, name="gathering"),
    path("pilotage/<slug:slug>/temps-collectifs/<uuid:ref>/modifier/", gatherings.change, name="change_gathering"),
    path("pilotage/<slug:slug>/temps-collectifs/<uuid:ref>/annuler/", gatherings.cancel, name="cancel_gathering"),
]
