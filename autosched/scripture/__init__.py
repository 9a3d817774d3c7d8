"""The text of the Quran, its translations, references and search."""
