"""The queue's face: thin actors and the dispatcher."""
