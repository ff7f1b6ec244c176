"""A SAML provider that plays its part: metadata and single sign-on, whose answers can be bent."""

import base64
import datetime as dt
import html
import secrets
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from xml.etree import ElementTree

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tests.site.providers.openid import new_key

SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ATTRIBUTES = {
    "urn:oid:0.9.2342.19200300.100.1.3": "ny@kommune.example",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname": "Jobkonsulent",
    "urn:oid:2.5.4.4": "Hedensted",
}


def certificate(key, days=30):
    """A certificate of one's own, as PEM, that ends in so many days."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "played")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=10))
        .not_valid_after(now + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


class PlayedSaml:
    """The provider, on a port of this machine.

    Attributes:
        name_id, attributes: who signs in.
        bend: what is done to the answer's XML after it is signed.
        audience: whom the assertion is for; None for nobody in particular, empty for the site.
        age: how many minutes ago the assertion was made.
        signs_with: the key; None leaves the answer unsigned.
        solicited: whether the answer names the request.
    """

    def __init__(self):
        self.key = self.signs_with = new_key()
        self.certificate = certificate(self.key)
        self.name_id, self.attributes = "user-1001", dict(ATTRIBUTES)
        self.bend, self.audience, self.age, self.solicited = (lambda text: text), "", 0, True
        self.down, self.answers = False, []
        played = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                played.answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.entity_id = f"{self.url}/metadata"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request):
        asked = dict(parse_qsl(urlsplit(request.path).query))
        if self.down:
            kind, content = "text/plain", "down"
        elif request.path.startswith("/metadata"):
            kind, content = "text/xml", self._metadata()
        elif request.path.startswith("/sso"):
            kind, content = "text/html; charset=utf-8", self._sign_in(asked)
        else:
            kind, content = "text/html; charset=utf-8", "<h1>Played</h1>"
        request.send_response(503 if self.down else 200)
        request.send_header("Content-Type", kind)
        request.end_headers()
        request.wfile.write(content.encode())

    def _metadata(self):
        bare = "".join(self.certificate.strip().splitlines()[1:-1])
        redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
 xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{self.entity_id}"><md:IDPSSODescriptor
 protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo>
<ds:X509Data><ds:X509Certificate>{bare}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleLogoutService Binding="{redirect}" Location="{self.url}/slo"/>
<md:SingleSignOnService Binding="{redirect}" Location="{self.url}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>"""

    def _sign_in(self, asked):
        request = ElementTree.fromstring(
            zlib.decompress(base64.b64decode(asked["SAMLRequest"]), -15).decode()
        )
        issuer = request.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer").text
        there = request.get("AssertionConsumerServiceURL")
        answer = base64.b64encode(self.response(request.get("ID"), there, issuer).encode()).decode()
        self.answers.append((there, answer))
        return (
            f'<form method="post" action="{html.escape(there)}"><input type="hidden" name="SAMLResponse" '
            f'value="{answer}"><button>Videre</button></form>'
        )

    def response(self, request_id, there, site):
        def moment(minutes):
            at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes - self.age)
            return at.strftime("%Y-%m-%dT%H:%M:%SZ")

        answers = f'InResponseTo="{request_id}"' if self.solicited else ""
        audience = site if self.audience == "" else self.audience
        restriction = (
            f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
            if audience
            else ""
        )
        told = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{html.escape(value)}</saml:AttributeValue>'
            "</saml:Attribute>"
            for name, value in self.attributes.items()
        )
        name = f"_{secrets.token_hex(16)}"
        assertion = f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{name}" Version="2.0" IssueInstant="{moment(0)}"><saml:Issuer>{self.entity_id}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{self.name_id}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{moment(5)}" Recipient="{there}" {answers}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{moment(-5)}" NotOnOrAfter="{moment(5)}">{restriction}</saml:Conditions><saml:AuthnStatement AuthnInstant="{moment(0)}" SessionIndex="{name}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{told}</saml:AttributeStatement></saml:Assertion>"""
        if self.signs_with is not None:
            signed = OneLogin_Saml2_Utils.add_sign(
                assertion, pem(self.signs_with), certificate(self.signs_with)
            )
            assertion = signed.decode() if isinstance(signed, bytes) else signed
        return self.bend(
            f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{moment(0)}" Destination="{there}" {answers}><saml:Issuer>{self.entity_id}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""
        )

    def sign_out(self, there, *, signed):
        """The address that asks the site to sign the user out."""
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = f"""<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{secrets.token_hex(16)}" Version="2.0" IssueInstant="{now}" Destination="{there}"><saml:Issuer>{self.entity_id}</saml:Issuer><saml:NameID>{self.name_id}</saml:NameID></samlp:LogoutRequest>"""
        squeezed = zlib.compress(text.encode())[2:-4]
        asked = {"SAMLRequest": base64.b64encode(squeezed).decode()}
        if signed:
            asked["SigAlg"] = SHA256
            over = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
            made = self.key.sign(over.encode(), padding.PKCS1v15(), hashes.SHA256())
            asked["Signature"] = base64.b64encode(made).decode()
        return f"{there}?{urlencode(asked)}"
