"""Posts a file with http.client or requests and prints status and body: early.py LIBRARY FRAMING URL BOUNDARY PATH."""
import http.client
import sys
from urllib.parse import urlsplit

library, framing, url, boundary, path = sys.argv[1:]
headers = {"Content-Type": "multipart/form-data; boundary=" + boundary}


def pieces():
    with open(path, "rb") as file:
        while chunk := file.read(65536):
            yield chunk


def whole():
    with open(path, "rb") as file:
        return file.read()


# Both libraries send an iterator in chunks, and bytes with their length.
body = pieces() if framing == "in chunks" else whole()
if library == "requests":
    import requests

    session = requests.Session()
    session.trust_env = False
    answer = session.post(url, data=body, headers=headers, timeout=60)
    status, body = answer.status_code, answer.content
else:
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
    connection.request("POST", target.path, body, headers)
    response = connection.getresponse()
    status, body = response.status, response.read()

sys.stdout.write(f"{status}\n{body.decode()}")
