"""Forms of the desk's frame: a new article, one's own account, people, settings, public pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.enums import Role
from claims.models import ApiToken, DeskSettings, Page, Profile
from claims.web.forms_claim import Day, DeskForm, PageAddress, area

ROLES = [("", _("No role")), *Role.choices]


class ArticleAboutForm(DeskForm):
    """What is known about an article besides its words."""

    title = forms.CharField(label=_("Title"), required=False, max_length=500)
    outlet = forms.CharField(label=_("Outlet"), required=False, max_length=200)
    author = forms.CharField(label=_("Author"), required=False, max_length=300)
    published_on = Day(
        label=_("Published on"), required=False,
        error_messages={"invalid": _("Enter the day as year-month-day, such as 2026-03-01")},
    )  # fmt: skip
    topic = forms.CharField(label=_("Topic"), required=False, max_length=80)

    def details(self) -> dict[str, Any]:
        """What was typed about the article besides the article itself."""
        return {
            name: self.cleaned_data[name] for name in ("title", "outlet", "author", "published_on", "topic")
        }


class ArticleForm(ArticleAboutForm):
    """One article by one of three ways; only the field of the chosen way is read."""

    field_order = ("way", "text", "file", "url")

    way = forms.ChoiceField(
        label=_("How does it come in?"), widget=forms.RadioSelect, required=False, initial="text",
        choices=[("text", _("Paste the text")), ("file", _("Upload a file")), ("url", _("Give its address"))],
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text of the article"), required=False,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto", "class": "long"}),
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("A .txt, .html, .docx or .pdf of up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".txt,.html,.htm,.docx,.pdf"}),
        error_messages={"empty": _("The file is empty. Choose another one, or paste the text.")},
    )  # fmt: skip
    url = PageAddress()


class WorkingLifeForm(DeskForm):
    """Absence and single keys."""

    away_until = Day(label=_("Away until"), required=False,
                     help_text=_("Until that day nobody can assign claims to you. Leave empty when you are here."))  # fmt: skip
    single_keys = forms.BooleanField(label=_("Single keys such as j, k and a"), required=False)

    def clean_away_until(self) -> date | None:
        """A day to come. One that is over means that somebody is here, or it was typed wrong."""
        day: date | None = self.cleaned_data["away_until"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day is over. Choose a later one, or leave it empty."))
        return day

    @classmethod
    def of(cls, profile: Profile) -> WorkingLifeForm:
        """The form as the profile stands; an absence that is over is gone."""
        away = profile.away_until
        return cls(
            initial={
                "away_until": away if away and away >= timezone.localdate() else None,
                "single_keys": profile.single_keys,
            }
        )


class InterestsForm(DeskForm):
    """What a person knows well, and how much lies on their table at a time."""

    topics = forms.CharField(label=_("Topics known well"), required=False, max_length=1000,
                             help_text=_("Separate them by commas. Claims on them are suggested here first."))  # fmt: skip
    most_claims = forms.IntegerField(
        label=_("Claims at a time"), help_text=_("With so many on the table, others are asked first."),
        error_messages={"invalid": _("Enter a number of claims from 1 to 50."),
                        "required": _("Enter a number of claims from 1 to 50.")},
    )  # fmt: skip

    @classmethod
    def of(cls, profile: Profile) -> InterestsForm:
        """The form as the profile stands."""
        return cls(
            initial={"topics": ", ".join(map(str, profile.topics)), "most_claims": profile.most_claims}
        )


class ConflictForm(DeskForm):
    """A conflict of interest: a speaker or a topic."""

    speaker = forms.CharField(label=_("Speaker"), required=False, max_length=300)
    topic = forms.CharField(label=_("Or a topic"), required=False, max_length=200)
    note = forms.CharField(label=_("Why"), required=False, widget=area(2),
                           help_text=_("For yourself and for editors. It is not published."))  # fmt: skip


class SavedViewForm(DeskForm):
    """A name for the list one looks at."""

    name = forms.CharField(label=_("Name of the list"), required=False)
    shared = forms.BooleanField(label=_("Everybody on the desk sees it"), required=False)
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)


class TokenForm(DeskForm):
    """A new key to the API."""

    name = forms.CharField(label=_("What will use it"), required=False, max_length=100)
    scope = forms.ChoiceField(label=_("It may"), choices=ApiToken.Scope.choices, initial=ApiToken.Scope.DESK)
    days = forms.IntegerField(
        label=_("Days until it expires"), initial=90,
        error_messages={"invalid": _("Enter a number of days"), "required": _("Enter a number of days")},
    )  # fmt: skip


class PersonForm(DeskForm):
    """Somebody new on the desk."""

    first_name = forms.CharField(label=_("First name"), required=False, max_length=150)
    last_name = forms.CharField(label=_("Last name"), required=False, max_length=150)
    email = forms.CharField(label=_("E-mail address"), required=False, max_length=254,
                            widget=forms.EmailInput)  # fmt: skip
    username = forms.CharField(
        label=_("User name"), required=False, max_length=150,
        help_text=_("Left empty, it is taken from the address. The person may choose another one."),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.REVIEWER)


class SettingsForm(DeskForm):
    """What readers see of the desk, and its switches."""

    name = forms.CharField(label=_("Name of the desk"), required=False, max_length=120)
    tagline = forms.CharField(label=_("One line about it"), required=False, max_length=200)
    contact = forms.EmailField(
        label=_("Contact for readers"), required=False,
        error_messages={"invalid": _("Enter an e-mail address, such as name@example.org")},
    )  # fmt: skip
    complaint_route = forms.CharField(
        label=_("Where to complain"), required=False, widget=area(3),
        help_text=_("For readers who are not content with your answer: a press council or the code you follow."),
    )  # fmt: skip
    language = forms.CharField(label=_("Language of the reports"), required=False, max_length=12,
                               help_text=_("As a code: en, de, pt-BR."))  # fmt: skip
    blind_second_rating = forms.BooleanField(
        label=_("The second reader rates before seeing the verdict"), required=False
    )
    note_needs_two = forms.BooleanField(
        label=_("A public note needs two people"), required=False,
        help_text=_("The note of a correction or a retraction goes out only in the very words that somebody else than its "
                    "publisher proposed or agreed to."),
    )  # fmt: skip

    @classmethod
    def of(cls, desk: DeskSettings, data: Any = None) -> SettingsForm:
        """The form as the desk stands, or as it was typed."""
        return cls(data, initial={name: getattr(desk, name) for name in cls.base_fields})


class PageForm(DeskForm):
    """The text of a public page."""

    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    body = forms.CharField(
        label=_("Text"), required=False, help_text=_("Markdown: ## for a heading, a blank line for a paragraph."),
        widget=forms.Textarea(attrs={"rows": 20, "dir": "auto", "class": "long"}),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=0)

    @classmethod
    def of(cls, page: Page | None) -> PageForm:
        """The form as the page stands."""
        if page is None:
            return cls(initial={"version": 0})
        return cls(initial={"title": page.title, "body": page.body, "version": page.version})
