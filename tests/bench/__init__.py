"""How fast promptls is, as ratios to other servers driven in the same run: `make bench`. Not part of any test."""
