"""Addresses: French, stable; every view is listed in docs/access.yml."""

from django.urls import include, path

from portal import urls_accounts, urls_my_data, urls_public, urls_spaces

handler404 = "portal.views.errors.not_found"
handler403 = "portal.views.errors.forbidden"

portal_urls = [
    *urls_public.urlpatterns,
    *urls_accounts.urlpatterns,
    *urls_spaces.urlpatterns,
    *urls_my_data.urlpatterns,
]
urlpatterns = [
    path("", include((portal_urls, "portal"))),
    path("compte/", include("portal.urls_allauth")),
    path("", include("pairing.urls")),
    path("", include("evaluation.urls")),
    path("", include("programmes.urls")),
]
