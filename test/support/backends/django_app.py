"""Django: what request.POST and request.FILES say."""
from hashlib import sha256
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="test",
    DATA_UPLOAD_MAX_NUMBER_FIELDS=None,
    DATA_UPLOAD_MAX_NUMBER_FILES=None,
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
)


def pairs(multi):
    return [(name, value) for name, values in multi.lists() for value in values]


def read_file(field, file):
    content = file.read()
    return {
        "field": field,
        "filename": file.name,
        "type": file.content_type,
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def alive(_request):
    return HttpResponse("ok")


def upload(request):
    files = [read_file(field, file) for field, file in pairs(request.FILES)]
    return JsonResponse({"fields": pairs(request.POST), "files": files})


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


urlpatterns = [path("", alive), path("upload", upload)]
server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
