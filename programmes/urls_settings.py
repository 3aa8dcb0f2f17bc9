"""Addresses of the creation, the settings and the framing of a programme."""

from django.urls import path

from programmes.views import creation, framing, settings, sites

urlpatterns = [
    path("pilotage/nouveau/", creation.choose, name="create"),
    path("pilotage/nouveau/<slug:template>/", creation.create_from, name="create_from"),
    path("pilotage/nouveau/reprendre/<slug:previous>/", creation.create_again, name="create_again"),
    path("pilotage/<slug:slug>/reglages/", settings.settings, name="settings"),
    path("pilotage/<slug:slug>/reglages/criteres/", settings.criteria, name="settings_criteria"),
    path("pilotage/<slug:slug>/reglages/mots/", settings.words, name="settings_words"),
    path("pilotage/<slug:slug>/reglages/sites/", sites.sites, name="settings_sites"),
    path("pilotage/<slug:slug>/cadrage/", framing.framing, name="framing"),
    path("pilotage/<slug:slug>/cadrage/fiche/", framing.sheet, name="framing_sheet"),
    path("pilotage/<slug:slug>/cadrage/objectifs/nouveau/", framing.add_objective, name="add_objective"),
    path("pilotage/<slug:slug>/cadrage/objectifs/<uuid:ref>/", framing.change_objective, name="change_objective"),
    path(
        "pilotage/<slug:slug>/cadrage/objectifs/<uuid:ref>/abandonner/", framing.drop_objective, name="drop_objective"
    ),
    path("pilotage/<slug:slug>/cadrage/rattachements/nouveau/", framing.add_anchor, name="add_anchor"),
    path("pilotage/<slug:slug>/cadrage/rattachements/<uuid:ref>/retirer/", framing.remove_anchor, name="remove_anchor"),
    path("pilotage/<slug:slug>/cadrage/relire/<uuid:exercice>/", framing.review, name="review_objectives"),
    path("pilotage/<slug:slug>/maturite/", framing.maturity, name="maturity"),
]
