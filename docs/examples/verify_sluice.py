"""Verifies that a request comes from Sluice, with this body and this verdict.

Python 3.8 or newer and its standard library; Ed25519 keys need the package `cryptography`.
It accepts the one form of HTTP Message Signatures (RFC 9421) that Sluice writes, and nothing else.
"""

import base64
import hashlib
import hmac
import re
import time

REQUIRED = {
    "@method", "@authority", "@path", "@query",
    "content-digest", "content-type", "content-length", "sluice-verdict",
}
INPUT = re.compile(r'sluice=(\(("[a-z0-9@-]+"(?: "[a-z0-9@-]+")*)\)((?:;[a-z]+=(?:[0-9]{1,15}|"[^"\\]*"))*))')
PARAMETER = re.compile(r';([a-z]+)=(?:([0-9]+)|"([^"]*)")')
SIGNATURE = re.compile(r"sluice=:([A-Za-z0-9+/]+={0,2}):")
DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


class Refused(Exception):
    """The request is not proven to come from Sluice as it is; the message is the reason, in one word."""


def verify(method, authority, path, query, headers, body, keys, scheme="http", now=None, max_age=300, skew=30):
    """Returns the proven fields by name (lower case), `sluice-verdict` among them. Raises Refused.

    method, authority: as received; `authority` is the Host field.
    path, query: of the request target as received, not decoded; `query` without its "?", None where there is none.
    headers: (name, value) pairs, all that were received; bytes above 0x7F as latin-1, as in WSGI.
    body: bytes, or an iterable of bytes.
    keys: key id -> ("hmac-sha256", the secret) or ("ed25519", the public key in PEM), both as bytes.
    scheme: by which the backend is addressed. max_age, skew: seconds.
    """
    fields = gather(headers)
    match = INPUT.fullmatch(fields.get("signature-input", ""))
    signature = SIGNATURE.fullmatch(fields.get("signature", ""))
    if not match or not signature:
        raise Refused("form")
    names = [name.strip('"') for name in match[2].split(" ")]
    check_covered(names, fields)
    algorithm, key = check_parameters(match[3], keys, time.time() if now is None else now, max_age, skew)
    derived = {
        "@method": method,
        "@authority": re.sub(":443$" if scheme == "https" else ":80$", "", authority.lower()),
        "@path": path,
        "@query": "?" + (query or ""),
    }
    values = {**fields, **derived}
    # A line of its own, or a character that is no byte, is of no request.
    if any(re.search("[^\\x00-\\x09\\x0b-\\xff]", values[name]) for name in names):
        raise Refused("form")
    base = "".join('"%s": %s\n' % (name, values[name]) for name in names)
    base += '"@signature-params": ' + match[1]
    check_signature(algorithm, key, decode(signature[1]), base.encode("latin-1"))
    check_body(body, fields)
    return {name: fields[name] for name in names if name in fields}


def gather(headers):
    fields = {}
    for name, value in headers:
        name, value = name.lower().replace("_", "-"), value.strip(" \t")
        fields[name] = fields[name] + ", " + value if name in fields else value
    return fields


def check_covered(names, fields):
    if len(set(names)) != len(names):
        raise Refused("duplicate")
    missing = [name for name in names if not name.startswith("@") and name not in fields]
    unknown = [name for name in names if name.startswith("@") and name not in REQUIRED]
    if missing or unknown:
        raise Refused("missing")
    # What Sluice did not write must not be taken for its own.
    ours = {name for name in fields if name.startswith("sluice-")}
    if not (REQUIRED | ours) <= set(names):
        raise Refused("uncovered")


def check_parameters(text, keys, now, max_age, skew):
    found = [(name, int(number) if number else string) for name, number, string in PARAMETER.findall(text)]
    parameters = dict(found)
    if len(parameters) != len(found):
        raise Refused("duplicate")
    if parameters.get("tag") != "sluice":
        raise Refused("tag")
    created, expires = parameters.get("created"), parameters.get("expires")
    if not isinstance(created, int) or not isinstance(expires, int):
        raise Refused("form")
    if created > now + skew:
        raise Refused("future")
    if now > min(expires, created + max_age) + skew:
        raise Refused("expired")
    if parameters.get("keyid") not in keys:
        raise Refused("key")
    # The key says how it is to be used; the message can only agree.
    algorithm, key = keys[parameters["keyid"]]
    if parameters.get("alg") != algorithm:
        raise Refused("algorithm")
    return algorithm, key


def check_signature(algorithm, key, signature, base):
    if algorithm == "hmac-sha256":
        good = hmac.compare_digest(hmac.new(key, base, hashlib.sha256).digest(), signature)
    else:
        good = algorithm == "ed25519" and verify_ed25519(key, signature, base)
    if not good:
        raise Refused("signature")


def verify_ed25519(pem, signature, base):
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("the key is not an Ed25519 public key")
    try:
        key.verify(signature, base)
        return True
    except InvalidSignature:
        return False


def check_body(body, fields):
    digest, length = hashlib.sha256(), 0
    for chunk in [body] if isinstance(body, (bytes, bytearray)) else body:
        digest.update(chunk)
        length += len(chunk)
    stated = DIGEST.fullmatch(fields["content-digest"])
    if not stated or not hmac.compare_digest(decode(stated[1]), digest.digest()):
        raise Refused("digest")
    if fields["content-length"] != str(length):
        raise Refused("length")


def decode(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("form") from None
