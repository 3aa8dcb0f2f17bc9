"""Keys as a second factor: add, name, use, remove. Passkeys of a device and keys to plug in are one thing here."""

import ipaddress
import json

from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn_views
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.views.generic.edit import FormMixin

from portal.accounts import safe_url
from portal.views.accounts import count_as_second_factor, with_next


def _ceremony(context: dict) -> dict:
    """allauth's data for its scripts, as one attribute of a button: no page holds a script."""
    return context | {"ceremony": json.dumps(context["js_data"], cls=DjangoJSONEncoder)}


def _other_address(request: HttpRequest) -> str:
    """On an address made of figures no browser binds a key: where the demonstration also answers, else nothing."""
    host, _, port = request.get_host().rpartition(":")
    try:
        ipaddress.ip_address((host or port).strip("[]"))
    except ValueError:
        return ""
    return f"http://localhost:{port}{reverse('portal:home')}" if settings.DEMO and host else ""


class AddView(webauthn_views.AddWebAuthnView):
    """The key just added counts as the second factor of this session."""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        return _ceremony(context | kwargs) | {"other_address": _other_address(self.request)}

    def form_valid(self, form) -> HttpResponse:
        answer = super().form_valid(form)
        count_as_second_factor(self.request, Authenticator.Type.WEBAUTHN)
        return answer

    def get_success_url(self) -> str:
        after = safe_url(self.request, self.request.GET.get("next"))
        if self.did_generate_recovery_codes:
            return with_next("mfa_view_recovery_codes", after)
        return after or reverse("mfa_index")


class AuthenticateView(mfa_views.AuthenticateView):
    """At sign-in: the key is called for only when there is one."""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        keys = Authenticator.objects.filter(user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN)
        return _ceremony(context) if keys.exists() else context | {"ceremony": ""}


class ReauthenticateView(webauthn_views.ReauthenticateWebAuthnView):
    """A refusal stays on the page, where it can be tried again."""

    def form_invalid(self, form) -> HttpResponse:
        return FormMixin.form_invalid(self, form)

    def get_context_data(self, **kwargs) -> dict:
        return _ceremony(super().get_context_data(**kwargs) | kwargs)


class RenameView(webauthn_views.EditWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class RemoveView(webauthn_views.RemoveWebAuthnView):
    http_method_names = ["get", "head", "post"]
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs) -> dict:
        others = Authenticator.objects.filter(user=self.request.user).exclude(pk=self.object.pk)
        last = not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return super().get_context_data(**kwargs) | {"last": last}


add = AddView.as_view()
authenticate = AuthenticateView.as_view()
reauthenticate = ReauthenticateView.as_view()
rename = RenameView.as_view()
remove = RemoveView.as_view()
