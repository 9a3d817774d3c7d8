"""Series: one design over many verses, in several languages and formats at once."""
