"""Tags and filters of the house, loaded in every template."""

from django import template

register = template.Library()
