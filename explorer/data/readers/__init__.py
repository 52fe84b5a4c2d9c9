"""File formats: a file here is a format, found by its name. See `explorer.data.reader.Reader`."""
