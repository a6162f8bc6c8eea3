"""FastAPI on Starlette and python-multipart, served by uvicorn: what request.form() says."""
import socket
from hashlib import sha256

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

app = FastAPI()


@app.get("/", response_class=PlainTextResponse)
def alive():
    return "ok"


@app.post("/upload")
async def upload(request: Request):
    fields, files = [], []
    async with request.form(max_files=10_000, max_fields=10_000) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                fields.append((name, value))
                continue
            content = await value.read()
            files.append(
                {
                    "field": name,
                    "filename": value.filename,
                    "type": value.content_type,
                    "size": len(content),
                    "sha256": sha256(content).hexdigest(),
                }
            )
    return {"fields": fields, "files": files}


listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
