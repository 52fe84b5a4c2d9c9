"""The subcommands, a file for each kind of work; what is heavy is imported when one runs."""
