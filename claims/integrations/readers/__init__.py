"""Readers: bytes of one kind of document in, ``Found`` out. No Django here, so that a bare child process can
run them (see ``child``)."""
