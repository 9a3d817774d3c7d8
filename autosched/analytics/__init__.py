"""What became of what was published: figures as the platforms give them."""
