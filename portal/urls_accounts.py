"""Account pages of ours, inside the namespace `portal`."""

from django.urls import path

from portal.views import accounts, demo

urlpatterns = [
    path("compte/", accounts.account, name="account"),
    path("compte/securite/", accounts.second_factor, name="second_factor"),
    path("compte/sans-profil/", accounts.no_person, name="no_person"),
    path("apres-connexion/", accounts.after_login, name="after_login"),
    path("invitation/<str:token>/", accounts.invitation, name="invitation"),
    path("demo/entrer/", demo.enter, name="demo_enter"),
    path("demo/courrier/", demo.mails, name="demo_mails"),
]
