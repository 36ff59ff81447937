"""Working days, and clocks that stop."""
