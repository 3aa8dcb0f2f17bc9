"""Spaces of the portal itself."""

from django.urls import path

from portal.views import agent, employer, news, sessions

urlpatterns = [
    path("mon-espace/", agent.my_space, name="my_space"),
    path("nouvelles/", news.news_list, name="news"),
    path("nouvelles/tout-lu/", news.read_all, name="read_all_news"),
    path("nouvelles/etre-prevenu/", news.preferences, name="news_preferences"),
    path("nouvelles/<uuid:ref>/", news.open_news, name="open_news"),
    path("administration/<slug:slug>/messages/", news.undelivered, name="undelivered"),
    path("administration/<slug:slug>/messages/<uuid:ref>/renvoyer/", news.send_again, name="send_again"),
    path("session/prolonger/", sessions.prolong, name="prolong_session"),
    path("rh/<slug:slug>/", employer.hr_home, name="hr_home"),
    path("espaces/<slug:slug>/<slug:key>/", employer.switch_space, name="switch_space"),
    path("administration/<slug:slug>/", employer.accounts, name="accounts"),
]
