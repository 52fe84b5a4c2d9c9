"""Built-in data sets: a file here is a set, found by its name. See `explorer.data.generated.GeneratedSet`."""
