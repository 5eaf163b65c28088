"""One class per verification step. ``base`` says how to write the next one."""
