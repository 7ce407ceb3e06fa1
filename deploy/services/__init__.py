"""Run the real servers on loopback, without containers or an init system: python -m deploy.services
start|stop|status.

For tests, the demo and development. With containers, use deploy/compose; in production, use the system's packages and
deploy/systemd.
"""
