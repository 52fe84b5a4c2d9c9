"""The panels of the window: each shows a part of the workspace and sends commands to the controller."""
