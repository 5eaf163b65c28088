"""Reports in the forms in which others take them: tables, citations, annotations, files."""
