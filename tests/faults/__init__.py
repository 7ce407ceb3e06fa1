"""What happens when something breaks: real servers, real processes, load, one fault, and the invariant at the end."""
