"""A client of the API for other programs. ``plumbline.py`` stands alone: copy it to where it is used."""
