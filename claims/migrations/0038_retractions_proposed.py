"""The few claims whose retraction is proposed are found without a look at all that is published."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0037_language_of_the_site"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("retraction_proposed_by__isnull", False)),
                fields=["retraction_proposed_by"],
                name="claim_retractions_proposed",
            ),
        ),
    ]
