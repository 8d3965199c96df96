"""Worlds with known truth, run through the same build as a real night: what can the numbers be trusted for?"""
