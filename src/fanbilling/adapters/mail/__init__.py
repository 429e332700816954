"""Carriers of mail: one package for each way out."""
