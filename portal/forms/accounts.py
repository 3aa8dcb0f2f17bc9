"""Forms of the account pages: allauth's rules, our words, no placeholder standing for a label."""

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from portal.accounts import INVITATION, PENDING
from portal.models import Employer, Invitation, User
from portal.registry import Entrance
from portal.services import accounts, invitations

PASSWORD_HINT = "12 caractères au moins. Une phrase facile à retenir convient très bien."  # noqa: S105  a hint
CODE_HINT = "Le code du message que nous venons d’envoyer, par exemple BCDF-GHJK."
WORDS = {
    "login": ("Adresse électronique", ""),
    "email": ("Adresse électronique", ""),
    "password": ("Mot de passe", ""),
    "oldpassword": ("Mot de passe actuel", ""),
    "password1": ("Nouveau mot de passe", PASSWORD_HINT),
    "password2": ("Nouveau mot de passe, encore une fois", ""),
    "code": ("Code à usage unique", CODE_HINT),
}


class PlainWords(forms.Form):
    """Our label and hint on every field allauth brings; nothing written inside the boxes."""

    words: dict[str, tuple[str, str]] = {}
    code_attrs = {"autocapitalize": "characters", "spellcheck": "false"}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in WORDS or name in self.words:
                field.label, field.help_text = self.words.get(name) or WORDS[name]
            if isinstance(field, forms.EmailField):
                field.widget.attrs["autocomplete"] = "email"
            if name == "code":
                field.widget.attrs |= self.code_attrs


class LoginForm(PlainWords, account_forms.LoginForm):
    pass


class RequestLoginCodeForm(PlainWords, account_forms.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(PlainWords, account_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailCodeForm(PlainWords, account_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmResetCodeForm(PlainWords, account_forms.ConfirmPasswordResetCodeForm):
    pass


class ResetPasswordForm(PlainWords, account_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainWords, account_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(PlainWords, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(PlainWords, account_forms.SetPasswordForm):
    pass


class PasswordAgainForm(PlainWords, account_forms.ReauthenticateForm):
    pass


class ChangeEmailForm(PlainWords, account_forms.AddEmailForm):
    """A new address: on a domain of the employer, or the same domain as today (people who came by invitation)."""

    words = {"email": ("Nouvelle adresse", "Votre adresse professionnelle. Nous y enverrons un code à usage unique.")}

    def clean_email(self) -> str:
        email = super().clean_email()
        same = accounts.domain_of(email) == accounts.domain_of(self.user.email)
        if not same and not accounts.employers_of(email).filter(affiliations__person__user=self.user).exists():
            raise forms.ValidationError("Cette adresse n’est pas sur un domaine de messagerie de votre employeur.")
        return email


class SecondFactorForm(PlainWords, mfa_forms.AuthenticateForm):
    code_attrs = {"inputmode": "numeric"}
    words = {"code": ("Code de vérification", "Le code de votre application, ou l’un de vos codes de secours.")}


class SecondFactorAgainForm(PlainWords, mfa_forms.ReauthenticateForm):
    code_attrs, words = SecondFactorForm.code_attrs, SecondFactorForm.words


class ActivateAppForm(PlainWords, totp_forms.ActivateTOTPForm):
    code_attrs = SecondFactorForm.code_attrs
    words = {"code": ("Code de vérification", "Les 6 chiffres que l’application affiche en ce moment.")}


class NameFields(forms.Form):
    """Who the agent is."""

    given = forms.CharField(label="Prénom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    family = forms.CharField(label="Nom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))


def employer_field(employers) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        employers,
        to_field_name="slug",
        label="Votre employeur",
        help_text="Plusieurs employeurs partagent ce domaine de messagerie : choisissez le vôtre.",
        empty_label="Choisissez",
        error_messages={"required": "Choisissez votre employeur dans la liste."},
    )


class SignupForm(PlainWords, NameFields, account_forms.SignupForm):
    """Sign-up: names, professional address, employer only when several share its domain, password if wanted.

    What it answers depends on the domain, never on whether an account exists.
    """

    field_order = ["given", "family", "email", "employer", "password1"]
    words = {
        "email": ("Adresse électronique professionnelle", "Nous y enverrons un code à usage unique."),
        "password1": ("Mot de passe (facultatif)", f"Sans mot de passe, vous recevrez un code. {PASSWORD_HINT}"),
    }

    def __init__(self, *args, invitation: Invitation | None = None, entrance: Entrance | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.invitation, self.entrance = invitation, None if invitation else entrance
        if invitation:
            self.fields["email"].disabled = True
            self.initial["email"] = invitation.email.open(invitation.ref)
            self.fields["email"].help_text = "L’adresse qui a reçu l’invitation. Nous y enverrons un code."
        elif self.entrance:
            email = self.fields["email"]
            email.label = "Adresse électronique"
            email.help_text = "Une adresse personnelle convient. Nous y enverrons un code à usage unique."
        elif self.is_bound:
            employers = accounts.employers_of(self.data.get("email", ""))
            if len(employers) > 1:
                self.fields["employer"] = employer_field(employers)
        self.order_fields(self.field_order)

    def clean_email(self) -> str:
        email = super().clean_email()
        if not self.invitation and not self.entrance and not accounts.employers_of(email).exists():
            raise forms.ValidationError(accounts.OUTSIDE)
        return email

    def try_save(self, request: HttpRequest):
        """The same work whether the address has an account or not: the password is hashed either way."""
        if self.account_already_exists and self.cleaned_data.get("password1"):
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        employer: Employer | None = self.cleaned_data.get("employer")
        request.session[PENDING] = {
            "user": user.pk,
            "given": self.cleaned_data["given"],
            "family": self.cleaned_data["family"],
            "employer": str(employer.ref) if employer else "",
            "invitation": str(self.invitation.ref) if self.invitation else "",
        }
        super().custom_signup(request, user)


class ProfileForm(NameFields):
    """The end of a sign-up begun in another browser: the names, and the employer when there is a choice."""

    def __init__(self, *args, email: str, invited: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        employers = accounts.employers_of(email)
        if not invited and len(employers) > 1:
            self.fields["employer"] = employer_field(employers)


def invitation_of(request: HttpRequest) -> Invitation | None:
    """The invitation this session came with, while it may still be used."""
    ref = request.session.get(INVITATION)
    return invitations.find_by_ref(ref) if ref else None
