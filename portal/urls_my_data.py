"""« Mes données », inside the namespace `portal`."""

from django.urls import path

from portal.views import employer, my_data

urlpatterns = [
    path("mes-donnees/", my_data.my_data, name="my_data"),
    path("mes-donnees/corriger/", my_data.correct, name="correct_my_data"),
    path("mes-donnees/emporter/", my_data.export, name="export_my_data"),
    path("mes-donnees/effacer/", my_data.erase, name="erase_my_data"),
    path("mes-donnees/effacer/renoncer/", my_data.keep, name="keep_my_data"),
    path("administration/<slug:slug>/conservation/", employer.retention, name="retention"),
]
