"""The Celery application. Tasks carry row ids only; the truth is in the rows (see portal/jobs.py)."""

import os

from celery import Celery

from portal import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

broker.take_the_place_of_kombus()
app = Celery("resonance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
