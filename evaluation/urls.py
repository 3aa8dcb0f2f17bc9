"""Addresses of evaluation: surveys, reports of a programme, of an employer's RH, and the public sheets."""

from django.urls import path

from evaluation import urls_surveys
from evaluation.views import hr, pilotage, reference, reports, results

app_name = "evaluation"
urlpatterns = [
    *urls_surveys.urlpatterns,
    path("pilotage/<slug:slug>/rapports/", pilotage.reports, name="reports"),
    path("pilotage/<slug:slug>/rapports/<uuid:exercice>/etablir/", pilotage.establish, name="establish"),
    path("pilotage/<slug:slug>/rapports/<uuid:release>/restituer/", pilotage.restitute, name="restitute"),
    path("pilotage/<slug:slug>/rapports/<uuid:release>/participants/", pilotage.share, name="share_release"),
    path("resultats/", results.results, name="results"),
    path("resultats/<uuid:ref>/", results.result, name="result"),
    path("resultats/<uuid:ref>/depliant/", results.leaflet, name="leaflet"),
    path("rh/<slug:slug>/rapports/", hr.reports, name="hr_reports"),
    path("rapports/<uuid:ref>/", reports.page, name="report"),
    path("rapports/<uuid:ref>/document/", reports.progress, name="report_progress"),
    path("rapports/<uuid:ref>/pdf/", reports.pdf, name="report_pdf"),
    path("rapports/<uuid:ref>/ods/", reports.table, {"form": "ods"}, name="report_ods"),
    path("rapports/<uuid:ref>/csv/", reports.table, {"form": "csv"}, name="report_csv"),
    path("reperes/", reference.sheets, name="reference"),
    path("reperes/<slug:slug>/", reference.sheet, name="reference_sheet"),
]
