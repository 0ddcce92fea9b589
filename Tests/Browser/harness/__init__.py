"""What the cases stand on: a browser, a service, and things between them that break."""
