"""What the bench shows, a page a file."""
