"""The parts of the overview: the first run, and a card for each view."""
