"""The web pages: components, state and words; no rule of the domain lives here."""
