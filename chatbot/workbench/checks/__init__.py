"""The checks of `lint`: each a function from the ground to findings, grouped by what it looks at."""
