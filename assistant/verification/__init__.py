"""Verification: markers become citations, facts are compared, a judge is asked, what fails is
repaired."""
