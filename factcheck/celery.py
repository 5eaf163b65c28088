"""The Celery application. Messages are doorbells; the step rows in the database are the ledger."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery's Django fixup closes the connection around every task unless this key is in the configuration.
# It is read from the app's own mapping under this very name, so the namespace above does not reach it.
app.conf["CELERY_DB_REUSE_MAX"] = 1000
