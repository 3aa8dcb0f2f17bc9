"""What our forms share."""

import uuid

from django import forms

from portal.errors import DomainError


class ReceiptMixin(forms.Form):
    """A hidden key drawn when the form is shown: the same form sent twice is taken once."""

    receipt = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class VersionMixin(forms.Form):
    """The version the form was filled from (optimistic locking)."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


def show(error: DomainError, form: forms.Form) -> None:
    """Put a domain error on the form: on its field when it names one that exists, in the summary otherwise."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
