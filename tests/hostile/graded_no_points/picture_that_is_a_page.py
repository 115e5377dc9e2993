"""Shows a picture that goes on as a page: whoever saves and opens it runs its script."""

import io

from IPython.display import display
from matplotlib.figure import Figure

figure, file = Figure(figsize=(0.1, 0.1)), io.BytesIO()
figure.savefig(file, format="png", metadata={"Comment": "<script>document.title='PWNED-COMMENT'</script>"})
content = file.getvalue()
for more in (b"<html><script>document.title='PWNED-TAIL'</script>", content, b"\0" * 1000):
    display({"image/png": content + more}, raw=True)
display({"image/png": b"\x89PNG\r\n\x1a\n<html><script>document.title='PWNED-HEAD'</script>"}, raw=True)
