"""HTTP routes for programs and for files."""
