"""An OpenID provider that plays its part: discovery, authorisation, tokens, keys and the user's information.

It checks what a careful provider checks (client, redirect address, PKCE), and what it tells can be bent.
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class PlayedOpenId:
    """The provider, on a port of this machine.

    Attributes:
        person: the claims of whoever signs in.
        claims: what of the ID token is replaced; a value of None leaves the claim out.
        information: what of the user's information is replaced.
        signs_with, algorithm, key_name: how the ID token is signed.
        down: paths that answer 503.
        asked: what the site asked for when it sent the user here.
    """

    client_id, secret = "tilsyn", "a-secret-of-the-tests"

    def __init__(self):
        self.key = self.signs_with = new_key()
        self.algorithm, self.key_name = "RS256", "first"
        self.person = {
            "sub": "1001",
            "email": "ny@styrelsen.example",
            "name": "Sagsbehandler, AMK Øst",
        }
        self.claims, self.information, self.down, self.asked = {}, {}, set(), {}
        self._codes, self._tokens = {}, {}
        played = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                played.answer(self, dict(parse_qsl(urlsplit(self.path).query)))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                played.answer(self, dict(parse_qsl(body)))

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request, given):
        path = urlsplit(request.path).path
        known = {
            "/.well-known/openid-configuration": self._configuration,
            "/authorize": self._authorize,
            "/token": self._token,
            "/keys": self._keys,
            "/userinfo": self._userinfo,
        }
        if path in self.down:
            status, content, location = 503, {"error": "down"}, None
        else:
            status, content, location = known[path](request, given)
        request.send_response(status)
        if location:
            request.send_header("Location", location)
        request.send_header("Content-Type", "application/json")
        request.end_headers()
        request.wfile.write(json.dumps(content).encode())

    def _configuration(self, request, given):
        return (
            200,
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            None,
        )

    def _authorize(self, request, given):
        self.asked = given
        assert given["client_id"] == self.client_id and given["response_type"] == "code"
        assert given["code_challenge_method"] == "S256" and "openid" in given["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = given
        there = f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"
        return 302, {}, there

    def _token(self, request, given):
        asked = self._codes.pop(given["code"], None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or given["client_secret"] != self.secret
            or given["redirect_uri"] != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}, None
        access = secrets.token_urlsafe(16)
        self._tokens[access] = dict(self.person)
        return (
            200,
            {
                "access_token": access,
                "token_type": "Bearer",
                "id_token": self.id_token(asked["nonce"]),
            },
            None,
        )

    def id_token(self, nonce):
        now = int(time.time())
        claims = {
            **self.person,
            "iss": self.url,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.claims,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(
            told, self.signs_with, algorithm=self.algorithm, headers={"kid": self.key_name}
        )

    def _keys(self, request, given):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return 200, {"keys": [{**public, "kid": "first", "use": "sig", "alg": "RS256"}]}, None

    def _userinfo(self, request, given):
        access = request.headers["Authorization"].removeprefix("Bearer ")
        return 200, {**self._tokens[access], **self.information}, None
