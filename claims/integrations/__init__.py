"""The world outside: the guarded HTTP client, the document readers, and one file per service.

``http`` is the only module that opens a connection. Nothing here knows the database: what comes in is plain
text and bytes, what goes out is a dataclass.
"""
