"""Parts that recipes are composed of: encoders, codes, decoders, objective terms. torch is imported here."""
