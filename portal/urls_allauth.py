"""The sign-in pages of allauth that this portal uses, at French addresses, under allauth's own names.

An explicit list: what is not here does not exist.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from portal.views import accounts, passkeys

urlpatterns = [
    path("connexion/", account.login, name="account_login"),
    path("connexion/code/", account.request_login_code, name="account_request_login_code"),
    path("connexion/code/saisie/", account.confirm_login_code, name="account_confirm_login_code"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inscription/", accounts.signup, name="account_signup"),
    path("adresse/verification/", account.email_verification_sent, name="account_email_verification_sent"),
    path("adresse/", account.email, name="account_email"),
    path("ferme/", account.account_inactive, name="account_inactive"),
    path("confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/code/", account.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("mot-de-passe/oublie/nouveau/", account.complete_password_reset, name="account_complete_password_reset"),
    path("mot-de-passe/oublie/fait/", account.password_reset_from_key_done, name="account_password_reset_completed"),
    path("double-verification/", mfa.index, name="mfa_index"),
    path("double-verification/code/", passkeys.authenticate, name="mfa_authenticate"),
    path("double-verification/confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("double-verification/application/", accounts.activate_totp, name="mfa_activate_totp"),
    path("double-verification/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("double-verification/cle/", passkeys.add, name="mfa_add_webauthn"),
    path("double-verification/cle/confirmer/", passkeys.reauthenticate, name="mfa_reauthenticate_webauthn"),
    path("double-verification/cle/<int:pk>/", passkeys.rename, name="mfa_edit_webauthn"),
    path("double-verification/cle/<int:pk>/retirer/", passkeys.remove, name="mfa_remove_webauthn"),
    path("double-verification/codes/", accounts.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("double-verification/codes/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("double-verification/codes/fichier/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]
