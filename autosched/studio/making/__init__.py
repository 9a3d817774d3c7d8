"""Making pictures: one interface, several makers, each job in a worker on a queue of its own."""
