"""The verbs: the only writers. Permission, change, audit and message happen together, whoever calls."""
