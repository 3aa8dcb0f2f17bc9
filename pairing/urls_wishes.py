"""Addresses of dating sessions and wishes."""

from django.urls import path

from pairing.views import dating, wish_cards, wishes

ROUNDS = "pilotage/<slug:slug>/rencontres-croisees/"
urlpatterns = [
    path("mes-rencontres/<uuid:ref>/", wishes.my_round, name="my_round"),
    path("mes-rencontres/<uuid:ref>/repondre/", wishes.answer, name="answer_round"),
    path("mes-rencontres/<uuid:ref>/voeux/", wishes.my_wishes, name="my_wishes"),
    path("voeux/", wish_cards.write, name="write_with_card"),
    path("voeux/merci/", wish_cards.written, name="written_with_card"),
    path(ROUNDS, dating.rounds, name="wish_rounds"),
    path(f"{ROUNDS}prevoir/<slug:door>/", dating.plan, name="plan_dating"),
    path(f"{ROUNDS}presentations/<slug:door>/", dating.open_presentations, name="open_wishes"),
    path(f"{ROUNDS}<uuid:ref>/", dating.wish_round, name="wish_round"),
    path(f"{ROUNDS}<uuid:ref>/plan/", dating.draw, name="draw_dating"),
    path(f"{ROUNDS}<uuid:ref>/feuilles/", dating.sheets, name="dating_sheets"),
    path(f"{ROUNDS}<uuid:ref>/ecran/<int:turn>/", dating.screen, name="dating_screen"),
    path(f"{ROUNDS}<uuid:ref>/cartes/", wish_cards.cards, name="wish_cards"),
    path(f"{ROUNDS}<uuid:ref>/clore/", dating.close, name="close_wishes"),
    path(f"{ROUNDS}<uuid:ref>/annuler/", dating.cancel, name="cancel_wishes"),
]
