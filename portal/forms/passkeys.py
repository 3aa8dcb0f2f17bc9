"""Keys as a second factor: allauth's ceremonies, our words."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError

from portal.forms.accounts import PlainWords

UNKNOWN_KEY = "Cette clé n’a pas été reconnue. Recommencez, ou choisissez une autre vérification."
NAME_LENGTH = 40


@contextmanager
def _in_our_words() -> Iterator[None]:
    """One sentence for an answer that does not fit, and for one made up by hand, on which the library stumbles."""
    try:
        yield
    except ValidationError as error:
        raise (ValidationError(UNKNOWN_KEY) if error.code == "incorrect_code" else error) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValidationError(UNKNOWN_KEY) from error


class _Named(PlainWords):
    """The name a person gives to a key, to tell it from another."""

    words = {"name": ("Nom de la clé", "Pour vous seulement, par exemple « téléphone » ou « clé du bureau ».")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = NAME_LENGTH
        self.fields["name"].validators = [forms.CharField(max_length=NAME_LENGTH).validators[0]]
        self.fields["name"].widget.attrs |= {"maxlength": NAME_LENGTH, "autocomplete": "off"}


class _Answered(forms.Form):
    """What the key answered, in a hidden field that a script fills."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        messages = {"required": "La clé n’a pas répondu. Recommencez.", "invalid": UNKNOWN_KEY}
        self.fields["credential"].error_messages |= messages


class AddKeyForm(_Named, _Answered, webauthn_forms.AddWebAuthnForm):
    def clean(self) -> dict:
        with _in_our_words():
            return super().clean()


class KeyNameForm(_Named, webauthn_forms.EditWebAuthnForm):
    pass


class KeyForm(_Answered, webauthn_forms.AuthenticateWebAuthnForm):
    def clean_credential(self):
        with _in_our_words():
            return super().clean_credential()


class KeyAgainForm(KeyForm, webauthn_forms.ReauthenticateWebAuthnForm):
    reauthenticated = True
