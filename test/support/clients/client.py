"""Sends the forms of standard input by one of Python's HTTP libraries; see protocol.ts."""
import asyncio
import base64
import sys


def text(encoded):
    return base64.b64decode(encoded).decode()


def read_forms():
    forms = []
    for line in sys.stdin:
        kind, *words = line.rstrip("\n").split(" ")
        if kind == "form":
            forms.append((words[0], [], []))
        elif kind == "field":
            forms[-1][1].append((text(words[0]), text(words[1])))
        else:
            field, name, mime, path = words
            forms[-1][2].append((text(field), text(name), mime, path))
    return forms


def answer(status, body):
    print(status, base64.b64encode(body).decode())


def parts(fields, files):
    for name, value in fields:
        yield name, (None, value)
    for field, name, mime, path in files:
        with open(path, "rb") as content:
            yield field, (name, content.read(), mime)


def send_requests(url, fields, files):
    import requests

    response = requests.post(url, files=list(parts(fields, files)))
    return response.status_code, response.content


def send_httpx(url, fields, files):
    import httpx

    response = httpx.post(url, files=list(parts(fields, files)), timeout=30)
    return response.status_code, response.content


def send_aiohttp(url, fields, files):
    import aiohttp

    async def post():
        form = aiohttp.FormData(quote_fields=False)
        for name, (filename, *rest) in parts(fields, files):
            if filename is None:
                form.add_field(name, rest[0], content_type="text/plain; charset=utf-8")
            else:
                form.add_field(name, rest[0], filename=filename, content_type=rest[1])
        async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
            return response.status, await response.read()

    return asyncio.run(post())


send = {"requests": send_requests, "httpx": send_httpx, "aiohttp": send_aiohttp}[sys.argv[1]]
for form in read_forms():
    answer(*send(*form))
