"""Addresses: French, stable; every view is listed in docs/access.yml."""

from django.urls import include, path

handler404 = "portal.views.errors.not_found"
handler403 = "portal.views.errors.forbidden"

urlpatterns = [
    path("", include(("portal.urls_public", "portal"))),
    path("compte/", include("allauth.urls")),
]
