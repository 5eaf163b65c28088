"""Pure rules: which moves there are (table), what must hold (guards), and their picture (diagram)."""
