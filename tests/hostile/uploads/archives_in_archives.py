"""Archives within archives within archives: the stock extractor unpacks them without end."""

import io
import zipfile

KEPT = {"fine.ipynb", "layer.zip"}


def upload(path, notebook):
    inner = notebook.encode()
    for _ in range(6):
        layer = io.BytesIO()
        with zipfile.ZipFile(layer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("fine.ipynb", notebook)
            archive.writestr("layer.zip", inner)
        inner = layer.getvalue()
    path.write_bytes(inner)
