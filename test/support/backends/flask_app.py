"""Flask (Werkzeug): what request.form and request.files say."""
from hashlib import sha256

from flask import Flask, jsonify, request
from werkzeug.serving import make_server

app = Flask(__name__)
app.request_class.max_form_parts = None
app.request_class.max_form_memory_size = None


def read_file(field, file):
    content = file.read()
    return {
        "field": field,
        "filename": file.filename,
        "type": file.content_type,
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }


@app.get("/")
def alive():
    return "ok"


@app.post("/upload")
def upload():
    fields = list(request.form.items(multi=True))
    files = [read_file(name, file) for name, file in request.files.items(multi=True)]
    return jsonify(fields=fields, files=files)


server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
