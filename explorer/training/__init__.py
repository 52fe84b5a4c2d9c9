"""The one training loop, devices, checkpoints, history. It knows a protocol, not the models."""
