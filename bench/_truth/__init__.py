"""Videos of known truth: made here from a seed, so that what is measured can be held against it.

Nothing of the product's engine is used to make them, so that a mistake in the one is not repeated
in the other: only its drawn scenes serve as footage, beside four real clips that a test package
carries. `transitions`, `texts`, `music` and `looks` each make one kind of video with its truth.
"""
