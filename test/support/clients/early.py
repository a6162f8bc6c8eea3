"""Posts a file with http.client or requests and prints status and body: early.py MODE URL BOUNDARY PATH."""
import http.client
import sys
from urllib.parse import urlsplit

mode, url, boundary, path = sys.argv[1:]
headers = {"Content-Type": "multipart/form-data; boundary=" + boundary}


def chunks():
    with open(path, "rb") as file:
        while chunk := file.read(65536):
            yield chunk


def whole():
    with open(path, "rb") as file:
        return file.read()


if mode.startswith("requests"):
    import requests

    session = requests.Session()
    session.trust_env = False
    answer = session.post(url, data=chunks() if mode == "requests-chunked" else whole(), headers=headers, timeout=60)
    status, body = answer.status_code, answer.content
else:
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
    chunked = mode == "http-client-chunked"
    connection.request("POST", target.path, chunks() if chunked else whole(), headers)
    response = connection.getresponse()
    status, body = response.status, response.read()

sys.stdout.write(f"{status}\n{body.decode()}")
