"""What the page promises, each promise in a real browser."""
