"""Each file is one result that anyone can reproduce."""
