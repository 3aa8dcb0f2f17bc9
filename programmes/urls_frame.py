"""Addresses of the charter, the letters and the visa's page."""

from django.urls import path

from programmes.views import charter, hr_letters, letter_files, letters, my_letters, visas

urlpatterns = [
    path("ma-charte/<slug:slug>/", charter.my_charter, name="my_charter"),
    path("pilotage/<slug:slug>/charte/", charter.versions, name="charter"),
    path("pilotage/<slug:slug>/charte/<uuid:ref>/", charter.version, name="charter_version"),
    path("pilotage/<slug:slug>/charte/<uuid:ref>/en-vigueur/", charter.put_in_force, name="charter_in_force"),
    path("pilotage/<slug:slug>/charte/<uuid:ref>/abandonner/", charter.drop, name="charter_drop"),
    path("pilotage/<slug:slug>/lettres/", letters.letters, name="letters"),
    path("pilotage/<slug:slug>/lettres/preparer/<uuid:ref>/", letters.prepare, name="letter_prepare"),
    path("pilotage/<slug:slug>/lettres/<uuid:ref>/", letters.letter, name="letter"),
    path("pilotage/<slug:slug>/lettres/<uuid:ref>/modifier/", letters.change, name="letter_change"),
    path("pilotage/<slug:slug>/lettres/<uuid:ref>/papier/", letters.deposit_paper, name="letter_paper"),
    path("pilotage/<slug:slug>/lettres/<uuid:ref>/deposer/", letters.deposit, name="letter_deposit"),
    path("pilotage/<slug:slug>/lettres/<uuid:ref>/abandonner/", letters.cancel, name="letter_cancel"),
    path("pilotage/<slug:slug>/lettres/<uuid:ref>/<slug:move>/", letters.move, name="letter_move"),
    path("mes-lettres/<uuid:ref>/", my_letters.my_letter, name="my_letter"),
    path("mes-lettres/<uuid:ref>/intitule/", my_letters.retitle, name="my_letter_title"),
    path("mes-lettres/<uuid:ref>/modifications/", my_letters.ask_changes, name="my_letter_changes"),
    path("mes-lettres/<uuid:ref>/temps/", my_letters.choose_other, name="my_letter_time"),
    path("mon-engagement/<uuid:ref>/", my_letters.my_engagement, name="my_engagement"),
    path("lettres/<uuid:ref>/document/<slug:which>/", letter_files.progress, name="letter_document"),
    path("lettres/<uuid:ref>/fichier/<slug:which>/", letter_files.file, name="letter_file"),
    path("rh/<slug:slug>/lettres/", hr_letters.letters, name="hr_letters"),
    path("rh/<slug:slug>/lettres/valider/", hr_letters.validate, name="hr_validate"),
    path("rh/<slug:slug>/lettres/<uuid:ref>/", hr_letters.letter, name="hr_letter"),
    path("rh/<slug:slug>/lettres/<uuid:ref>/deposer/", hr_letters.deposit, name="hr_deposit"),
    path("rh/<slug:slug>/lettres/<uuid:ref>/renvoyer/", hr_letters.hand_back, name="hr_hand_back"),
    path("visa/<str:token>/", visas.visa, name="visa"),
]
