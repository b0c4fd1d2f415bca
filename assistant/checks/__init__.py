"""What of a statement can be refuted by rule: one kind of claim a module, all pure functions.

A rule compares what a statement claims with what the cited text says, and can only refute. The
rules are in :mod:`assistant.support`.
"""
