"""Addresses of the library."""

from django.urls import path

from programmes.views import library

urlpatterns = [
    path("pilotage/<slug:slug>/bibliotheque/", library.library, name="library"),
    path("pilotage/<slug:slug>/bibliotheque/<slug:code>/", library.document, name="library_document"),
    path("pilotage/<slug:slug>/bibliotheque/<slug:code>/adapter/", library.adapt, name="library_adapt"),
    path("pilotage/<slug:slug>/bibliotheque/<slug:code>/utiliser/", library.use, name="library_use"),
    path("pilotage/<slug:slug>/bibliotheque/<slug:code>/abandonner/", library.drop, name="library_drop"),
    path("pilotage/<slug:slug>/bibliotheque/<slug:code>/pdf/", library.pdf, name="library_pdf"),
    path("pilotage/<slug:slug>/bibliotheque/<slug:code>/joindre/", library.attach, name="library_attach"),
    path("pilotage/<slug:slug>/bibliotheque/<slug:code>/fichier/<slug:ending>/", library.file, name="library_file"),
]
