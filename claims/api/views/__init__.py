"""The API's views, one file for each kind of thing."""
