"""Spaces of the portal itself."""

from django.urls import path

from portal.views import agent, employer, sessions

urlpatterns = [
    path("mon-espace/", agent.my_space, name="my_space"),
    path("session/prolonger/", sessions.prolong, name="prolong_session"),
    path("rh/<slug:slug>/", employer.hr_home, name="hr_home"),
    path("espaces/<slug:slug>/<slug:key>/", employer.switch_space, name="switch_space"),
    path("administration/<slug:slug>/", employer.accounts, name="accounts"),
]
