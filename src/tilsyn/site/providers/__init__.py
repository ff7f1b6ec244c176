"""Signing in by an organisation's own provider: OpenID Connect and SAML, and what its claims give."""
