"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from claims.web.views import downloads, feeds, public, reader_messages, sharing

urlpatterns = [
    path("", public.home, name="home"),
    path("reports/", public.reports, name="reports"),
    path("reports/<slug:slug>/", public.report, name="report"),
    path("reports/<slug:slug>/v/<int:number>/", public.version, name="report-version"),
    path("reports/<slug:slug>/history/", public.history, name="report-history"),
    path("reports/<slug:slug>/claimreview.jsonld", sharing.claimreview_file, name="report-jsonld"),
    path("reports/<slug:slug>/card.png", sharing.card, name="report-card"),
    path("reports/<slug:slug>/<str:file>", downloads.report_file, name="report-file"),
    path("exports/reports/<slug:form>", downloads.reports, name="reports-export"),
    path("reports/<slug:slug>/report-an-error/", reader_messages.report_error, name="report-error"),
    path("messages/<slug:token>/", reader_messages.receipt, name="message-receipt"),
    path("embed/<slug:slug>/", sharing.embed, name="embed"),
    path("oembed", sharing.oembed, name="oembed"),
    path("articles/", public.articles, name="articles-public"),
    path("articles/<slug:slug>/", public.article, name="article-public"),
    path(
        "articles/<slug:slug>/annotations.jsonld", downloads.article_annotations, name="article-annotations"
    ),
    path("topics/", public.topics, name="topics"),
    path("speakers/", public.names, {"kind": "speaker"}, name="speakers"),
    path("speakers/<str:slug>/", public.record, {"kind": "speaker"}, name="speaker"),
    path("outlets/", public.names, {"kind": "outlet"}, name="outlets"),
    path("outlets/<str:slug>/", public.record, {"kind": "outlet"}, name="outlet"),
    path("about/<slug:kind>/", public.page, name="page"),
    path("corrections/", public.corrections, name="corrections"),
    path("feeds/verdicts.atom", feeds.verdicts_atom, name="feed-atom"),
    path("feeds/verdicts.rss", feeds.verdicts_rss, name="feed-rss"),
    path("feeds/verdicts.json", feeds.verdicts_json, name="feed-json"),
    path("feeds/corrections.atom", feeds.corrections_atom, name="feed-corrections"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-pages.xml", feeds.sitemap_pages, name="sitemap-pages"),
    path("sitemap-reports-<int:number>.xml", feeds.sitemap_reports, name="sitemap-reports"),
    path("news-sitemap.xml", feeds.news_sitemap, name="news-sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
]
