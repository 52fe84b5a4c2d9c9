"""Parts that recipes are composed of: encoders, codes, decoders, objective terms. torch is imported here.

What a part learns or must remember is a parameter or a persistent buffer: models are copied and saved by their
``state_dict``.
"""
