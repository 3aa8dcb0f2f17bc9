"""How allauth meets this house: mails as rows, sign-up rules, own-host redirects, sealed second factors."""

import io
import uuid

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme
from qrcode.image.svg import SvgPathFillImage

from portal import registry
from portal.crypto import seal, unseal
from portal.errors import DomainError
from portal.models import Employer, Person, User
from portal.services import accounts, invitations, mail

# Kept in a session: the sign-up under way, the invitation or the way in it came with.
PENDING, INVITATION, ENTRANCE = "resonance_pending", "resonance_invitation", "resonance_entrance"
MFA_CONTEXT = "mfa.Authenticator.data"
TOO_MANY = "Trop d’essais. Attendez quelques minutes, puis recommencez."


def safe_url(request: HttpRequest, url: str | None) -> str:
    """`url` when it stays on this very host, else nothing."""
    own = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if own else ""


def finish_sign_up(request: HttpRequest, user: User) -> Person | None:
    """Make the agent out of what the sign-up form kept in this session, once the address is verified.

    None when this session holds no sign-up of `user` (another browser, another way in), or when the invitation was
    used meanwhile: the page « sans profil » then says what to do.
    """
    kept = request.session.pop(PENDING, None)
    if not kept or kept["user"] != user.pk:
        return None
    invitation = invitations.find_by_ref(kept["invitation"]) if kept["invitation"] else None
    employer = Employer.objects.filter(ref=kept["employer"]).first() if kept["employer"] else None
    try:
        person = accounts.join(
            user=user,
            given=kept["given"],
            family=kept["family"],
            employer=employer,
            invitation=invitation,
            entrance=entrance_of(request),
        )
    except DomainError:
        return None
    request.session.pop(INVITATION, None)
    request.session.pop(ENTRANCE, None)
    return person


def entrance_of(request: HttpRequest) -> registry.Entrance | None:
    """The way in this session came with, while it may still be used."""
    ref = request.session.get(ENTRANCE)
    return next(iter(registry.gather(registry.ENTRANCE, ref)), None) if ref else None


class AccountAdapter(DefaultAccountAdapter):
    """Our answers to allauth's questions about accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est fermé.",
        "duplicate_email": "C’est déjà l’adresse de votre compte.",
        "email_password_mismatch": "L’adresse ou le mot de passe ne correspond pas.",
        "email_taken": "Cette adresse ne peut pas être utilisée.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": "Ce code n’est pas le bon. Vérifiez-le dans le message le plus récent.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Every mail of allauth is a row: rendered here, sealed, sent by the worker, then wiped."""
        app, _, name = template_prefix.replace("/email/", "/").partition("/")
        content = {"email": email, **context}
        mail.post(
            kind=f"account/{name}",
            key=f"{app}:{name}:{uuid.uuid4()}",
            address=email,
            secret={
                "subject": " ".join(_text(f"{template_prefix}_subject.txt", content).split()),
                "body": _text(f"{template_prefix}_message.txt", content).strip() + "\n",
            },
        )

    def is_safe_url(self, url: str) -> bool:
        return bool(safe_url(allauth_context.request, url))

    def confirm_email(self, request: HttpRequest, email_address) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            finish_sign_up(request, email_address.user)
        return confirmed

    def pre_login(self, request: HttpRequest, user: User, **kwargs):
        """An address verified by a code alone, outside its sign-up, drops the password an unknown hand typed."""
        records = get_authentication_records(request, user)
        by_code = bool(records) and records[-1]["method"] == "code"
        if by_code and user.has_usable_password() and not Person.objects.filter(user=user).exists():
            accounts.forget_password(user=user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        person = Person.objects.filter(user=user).first()
        if person:
            accounts.signed_in(person=person)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n’est pas le bon. Attendez le suivant, puis recommencez.",
        "unverified_email": "Vérifiez d’abord l’adresse de votre compte.",
    }

    def build_totp_svg(self, url: str) -> str:
        """The drawing on a white ground of its own: readable by a camera in dark mode too."""
        drawing = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawing)
        return drawing.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return "Ma clé"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A key belongs to the host of this portal, and says Résonance on the device."""
        return super().get_public_key_credential_rp_entity() | {"name": "Résonance"}

    def encrypt(self, text: str) -> str:
        return seal(text.encode(), MFA_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, MFA_CONTEXT).decode()


def _text(name: str, content: dict) -> str:
    """Plain text: nothing is escaped as HTML."""
    return get_template(name).template.render(Context(content, autoescape=False))
