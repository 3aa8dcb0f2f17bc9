"""Addresses of a letter's life after it is in force, and of neutral certificates of time."""

from django.urls import path

from programmes.views import letter_life, time_certificates

urlpatterns = [
    path("pilotage/<slug:slug>/lettres/<uuid:ref>/avenant/", letter_life.amend, name="letter_amend"),
    path("pilotage/<slug:slug>/lettres/<uuid:ref>/organisme/", letter_life.outside, name="letter_outside"),
    path("mes-lettres/", letter_life.mine, name="my_letters"),
    path("mes-lettres/<uuid:ref>/refuser/", letter_life.refuse, name="my_letter_refuse"),
    path("mes-lettres/<uuid:ref>/pause/", letter_life.suspend, name="my_letter_pause"),
    path("mes-lettres/<uuid:ref>/reprendre/", letter_life.resume, name="my_letter_resume"),
    path("mes-lettres/<uuid:ref>/terminer/", letter_life.end, name="my_letter_end"),
    path("mon-temps/", time_certificates.mine, name="my_time"),
    path("mon-temps/<uuid:ref>/", time_certificates.certificate, name="time_certificate"),
    path("mon-temps/<uuid:ref>/fichier/", time_certificates.file, name="time_certificate_file"),
    path("mon-temps/<uuid:ref>/effacer/", time_certificates.erase, name="time_certificate_erase"),
]
