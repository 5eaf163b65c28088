"""Every address of the web side. The reader's and the public site's own lists stand beside this one."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from claims.web import urls_public, urls_reader
from claims.web.views import (
    account,
    articles,
    assigning,
    board,
    bulk,
    downloads,
    editors,
    health,
    house,
    keys,
    library,
    lists,
    login,
    notices,
    reader_messages,
    receivers,
    table,
    work,
)
from claims.web.views import queue as queue_views

urlpatterns: list[URLPattern | URLResolver] = [
    # Coming in.
    path("log-in/", login.LogIn.as_view(), name="login"),
    path("log-out/", login.LogOut.as_view(), name="logout"),
    path("password/forgotten/", login.Forgotten.as_view(), name="password_reset"),
    path("password/sent/", login.LinkSent.as_view(), name="password_reset_done"),
    path("password/new/<uidb64>/<token>/", login.NewPassword.as_view(), name="password_reset_confirm"),
    path("password/done/", login.PasswordSet.as_view(), name="password_reset_complete"),
    path("theme/", account.theme, name="theme"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # The desk.
    path("desk/", work.my_work, name="my-work"),
    path("desk/claims/", table.claims, name="claims"),
    path("desk/claims/together/", bulk.together, name="claims-together"),
    path("desk/claims/lists/", lists.saved, name="saved-lists"),
    path("desk/claims/lists/<int:pk>/remove/", lists.remove, name="saved-list-remove"),
    path("desk/claims/download/<slug:form>", downloads.claims, name="claims-download"),
    path("desk/board/", board.board, name="board"),
    path("desk/articles/", articles.articles, name="articles"),
    path("desk/articles/new/", articles.new, name="article-new"),
    path("desk/library/", library.documents, name="library"),
    path("desk/library/new/", library.new, name="document-new"),
    path("desk/library/<int:pk>/", library.document, name="document"),
    path("desk/library/<int:pk>/file/", library.file, name="document-file"),
    path("desk/library/<int:pk>/decide/", library.decide, name="document-decide"),
    path("desk/notices/", notices.notices, name="notices"),
    path("desk/readers/", reader_messages.listed, name="reader-messages"),
    path("desk/readers/<int:pk>/", reader_messages.one, name="reader-message"),
    path("desk/readers/<int:pk>/correct/", reader_messages.correct, name="reader-correct"),
    path("desk/keys/", keys.keys, name="keys"),
    path("desk/steps/", queue_views.overview, name="steps-overview"),
    path("desk/steps/<int:pk>/dead/", queue_views.decide, name="step-dead"),
    path("desk/steps/failed/again/", queue_views.all_again, name="steps-failed-again"),
    path("desk/steps/services/<slug:kind>/", queue_views.limit, name="service-limit"),
    # One's own account.
    path("desk/account/", account.account, name="account"),
    path("desk/account/checking/", assigning.checking, name="checking"),
    path("desk/account/checking/conflicts/", assigning.declare, name="conflict-declare"),
    path("desk/account/checking/conflicts/<int:pk>/", assigning.withdraw, name="conflict-withdraw"),
    path("desk/account/password/", account.ChangePassword.as_view(), name="password_change"),
    path("desk/account/tokens/", account.make_token, name="token-new"),
    path("desk/account/tokens/<int:pk>/revoke/", account.revoke_token, name="token-revoke"),
    # What editors look after.
    path("desk/people/", editors.everybody, name="people"),
    path("desk/people/<int:pk>/", editors.change_person, name="person-change"),
    path("desk/settings/", editors.settings, name="settings"),
    path("desk/settings/receivers/", receivers.receivers, name="receivers"),
    path("desk/settings/receivers/<int:pk>/", receivers.receiver, name="receiver"),
    path("desk/settings/receivers/<int:pk>/change/", receivers.change, name="receiver-change"),
    path("desk/settings/deliveries/<int:pk>/again/", receivers.replay, name="delivery-replay"),
    path("desk/settings/pages/<slug:kind>/", editors.page, name="settings-page"),
    path("desk/settings/scale/", house.scale, name="settings-scale"),
    path("desk/settings/checklists/", house.checklists, name="settings-checklists"),
    path("desk/settings/checklists/<int:pk>/", house.checklist, name="settings-checklist"),
    path("desk/settings/reasons/", house.reasons, name="settings-reasons"),
    path("desk/settings/due-dates/", house.due_dates, name="settings-due"),
    *urls_reader.urlpatterns,
    *urls_public.urlpatterns,
]
