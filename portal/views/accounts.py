"""Signing up, the second factor, invitations, and where a sign-in leads."""

from allauth.account import views as account_views
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import has_second_factor
from portal.accounts import ENTRANCE, INVITATION, TOO_MANY, entrance_of, safe_url
from portal.errors import DomainError
from portal.forms.accounts import ProfileForm, invitation_of
from portal.forms.base import show
from portal.registry import SPACES, gather
from portal.services import accounts, invitations


def with_next(name: str, url: str) -> str:
    """The address called `name`, carrying where to go afterwards."""
    return f"{reverse(name)}?{urlencode({'next': url})}" if url else reverse(name)


def count_as_second_factor(request: HttpRequest, kind: str) -> None:
    """What has just been added is the second factor of this session: it is not asked twice."""
    used = Authenticator.objects.filter(user=request.user, type=kind).latest("pk")
    record_authentication(request, request.user, "mfa", id=used.pk, type=used.type)


class SignupView(account_views.SignupView):
    """Sign-up knows the invitation this session came with."""

    def get_form_kwargs(self) -> dict:
        ways = {"invitation": invitation_of(self.request), "entrance": entrance_of(self.request)}
        return super().get_form_kwargs() | ways


class ActivateTOTPView(totp_views.ActivateTOTPView):
    """The code that activates the application counts as the second factor of this session: it is not asked twice."""

    def form_valid(self, form) -> HttpResponse:
        answer = super().form_valid(form)
        count_as_second_factor(self.request, Authenticator.Type.TOTP)
        return answer

    def get_success_url(self) -> str:
        return with_next("mfa_view_recovery_codes", safe_url(self.request, self.request.GET.get("next")))


class RecoveryCodesView(recovery_views.ViewRecoveryCodesView):
    """The codes to print, then the way back to the page that asked for a second factor."""

    def get_context_data(self, **kwargs) -> dict:
        after = safe_url(self.request, self.request.GET.get("next"))
        return super().get_context_data(**kwargs) | {"next_url": after or reverse("mfa_index"), "has_next": bool(after)}


signup = SignupView.as_view()
activate_totp = ActivateTOTPView.as_view()
view_recovery_codes = RecoveryCodesView.as_view()


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own login: address, password, second factor."""
    context = {"active": is_mfa_enabled(request.user), "has_password": request.user.has_usable_password()}
    return render(request, "portal/account.html", context)


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why this role needs a second check, and the one thing to do now."""
    after = safe_url(request, request.GET.get("next"))
    if has_second_factor(request):
        return redirect(after or "mfa_index")
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    ways = ("mfa_reauthenticate_webauthn", "mfa_reauthenticate") if kinds else ("mfa_add_webauthn", "mfa_activate_totp")
    key_way, code_way = (with_next(name, after) for name in ways)
    has_key = not kinds or Authenticator.Type.WEBAUTHN in kinds
    context = {"active": bool(kinds), "key_way": key_way if has_key else "", "code_way": code_way}
    return render(request, "portal/second_factor.html", context)


@require_safe
def after_login(request: HttpRequest) -> HttpResponse:
    """The first space of this person, else the agent's own."""
    if not request.person:
        return redirect("portal:no_person")
    spaces = sorted(gather(SPACES, request.person), key=lambda link: link.rank)
    return redirect(spaces[0].url if spaces else "portal:my_space")


@require_http_methods(["GET", "HEAD", "POST"])
def no_person(request: HttpRequest) -> HttpResponse:
    """Signed in without being an agent yet: end the sign-up if the address allows it, else say whom to ask."""
    if request.person:
        return redirect("portal:after_login")
    email, invited = request.user.email, invitation_of(request)
    if invited and not invitations.is_for(invited, email):
        invited = None
    entrance = None if invited else entrance_of(request)
    if not invited and not entrance and not accounts.employers_of(email).exists():
        return render(request, "portal/no_person.html", {"form": None})
    form = ProfileForm(request.POST or None, email=email, invited=bool(invited or entrance))
    if request.method == "POST" and form.is_valid():
        try:
            # The name typed is what a card entered for somebody is checked against: not to be guessed.
            if entrance and not ratelimit.consume(request, action="entry_code"):
                raise DomainError(TOO_MANY)
            accounts.join(user=request.user, invitation=invited, entrance=entrance, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            for key in (INVITATION, ENTRANCE):
                request.session.pop(key, None)
            return redirect("portal:after_login")
    return render(request, "portal/no_person.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation link. Reading it uses nothing up."""
    found = invitations.find(token)
    if found is None:
        return render(request, "portal/invitation_gone.html", status=410)
    signed_in = request.user.is_authenticated
    fits = signed_in and invitations.is_for(found, request.user.email)
    if request.method == "POST" and (fits or not signed_in):
        return _take(request, found)
    context = {"employer": found.employer, "signed_in": signed_in, "fits": fits, "here": request.path}
    return render(request, "portal/invitation.html", context)


def _take(request: HttpRequest, found) -> HttpResponse:
    """Go on with the invitation: straight in for an agent, through the sign-up for the others."""
    if not request.person:
        request.session[INVITATION] = str(found.ref)
        return redirect("portal:no_person" if request.user.is_authenticated else "account_signup")
    try:
        invitations.accept(invitation=found, person=request.person)
    except DomainError:
        return render(request, "portal/invitation_gone.html", status=410)
    messages.success(request, "L’invitation est acceptée.")
    return redirect("portal:after_login")
