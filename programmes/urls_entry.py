"""Addresses of the entry without a mailbox: cards, entry pages, calls, entry on behalf."""

from django.urls import path

from programmes.views import entry, entry_cards, on_behalf

ENTER = "pilotage/<slug:slug>/saisir/"
urlpatterns = [
    path("entree/", entry.entry, name="entry"),
    path("entree/bienvenue/", entry.welcome, name="entry_welcome"),
    path("programmes/<slug:slug>/", entry.programme_page, name="public"),
    path("programmes/<slug:slug>/parler/", entry.talk, name="talk"),
    path("programmes/<slug:slug>/parler/merci/", entry.talk_thanks, name="talk_thanks"),
    path("pilotage/<slug:slug>/cartes/", entry_cards.cards, name="entry_cards"),
    path("pilotage/<slug:slug>/cartes/<uuid:ref>/reprendre/", entry_cards.revoke, name="revoke_card"),
    path("pilotage/<slug:slug>/rappels/", entry_cards.calls, name="calls"),
    path("pilotage/<slug:slug>/rappels/<uuid:ref>/", entry_cards.called, name="called"),
    path(ENTER, on_behalf.choose, name="on_behalf"),
    path(ENTER + "feuille/", on_behalf.sheet, name="on_behalf_sheet"),
    path(ENTER + "<slug:door>/", on_behalf.enter, name="on_behalf_form"),
    path("pilotage/<slug:slug>/demandes/<uuid:ref>/papier/", on_behalf.on_paper, name="on_paper"),
    path("pilotage/<slug:slug>/demandes/<uuid:ref>/papier/remis/", on_behalf.handed_paper, name="handed_paper"),
    path("pilotage/<slug:slug>/demandes/<uuid:ref>/papier/<slug:move>/", on_behalf.said_by_voice, name="said_by_voice"),
    path("pilotage/<slug:slug>/demandes/<uuid:ref>/carte/", on_behalf.new_card, name="new_card"),
]
