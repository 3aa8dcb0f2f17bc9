"""Pages open to everybody, imported by portal/urls.py under the namespace `portal`."""

from django.urls import path, re_path

from portal.views import gallery, public, theme

urlpatterns = [
    path("", public.home, name="home"),
    path("la-pair-aidance/", public.about, name="about"),
    path("qui-voit-quoi/", public.who_sees, name="who_sees"),
    path("urgence/", public.emergency, name="emergency"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("donnees-personnelles/", public.privacy, name="privacy"),
    path("mentions-legales/", public.legal, name="legal"),
    path("plan-du-site/", public.sitemap, name="sitemap"),
    path("aide/", public.help_page, name="help"),
    path("demo/composants/", gallery.components, name="gallery"),
    re_path(r"^theme/(?P<slug>[-a-z0-9_]+)-(?P<digest>[0-9a-f]{12})\.css$", theme.stylesheet, name="theme"),
]
