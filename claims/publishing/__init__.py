"""Rendering of verdict reports: one document in, page parts, markup, feeds and files out.

Everything that the public or a machine reads is made from a
:class:`~claims.publishing.document.ReportDocument`, so no two surfaces can
say different things. Nothing here knows Django, the database or the network.
"""
