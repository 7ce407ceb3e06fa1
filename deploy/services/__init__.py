"""The real servers on loopback, without containers or an init system: python -m deploy.services start|stop|status.

For tests, for the demo and for development. Whoever has containers uses deploy/compose; an operator uses the
system's own packages and deploy/systemd.
"""
