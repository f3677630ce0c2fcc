"""Signatures and time stamps: wacz-auth 0.1.0, RFC 3161, OpenSSH's; cryptography's only home.

Functions take bytes and give values; no clock, no network and no disk is touched here.
"""
