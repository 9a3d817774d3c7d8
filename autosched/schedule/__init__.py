"""Posts, targets, the calendar, and the claiming of what is due."""
