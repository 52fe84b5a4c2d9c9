"""Dialogs: what the window asks, and what it tells when something goes wrong."""
