"""What Schemathesis cannot read in the document: how the partner API signs, and what WKT looks like."""

import datetime
import hashlib
import json
import os

import schemathesis
from hypothesis import strategies as st

with open(os.environ["DEMO"]) as file:
    DEMO = json.load(file)

longitude = st.floats(-122.6, -121.0).map(lambda x: round(x, 4))
latitude = st.floats(47.0, 48.0).map(lambda y: round(y, 4))


def box(x, y, wide):
    corners = [(x, y), (x + wide, y), (x + wide, y + wide), (x, y + wide), (x, y)]
    return "POLYGON((" + ", ".join(f"{a:.4f} {b:.4f}" for a, b in corners) + "))"


schemathesis.openapi.format(
    "wkt",
    st.one_of(
        st.builds("POINT({} {})".format, longitude, latitude),
        st.builds(box, longitude, latitude, st.floats(0.01, 0.5)),
    ),
)


@schemathesis.auth()
class Signed:
    """Both schemes: each route takes the one that it knows."""

    def get(self, case, context):
        return DEMO

    def set(self, case, data, context):
        wanted = {name for one in case.operation.definition.raw.get("security", []) for name in one}
        if "bearer" in wanted:
            token = data["operator_token"] if case.path.startswith("/admin") else data["token"]
            case.headers["Authorization"] = f"Bearer {token}"
        if "mlAuth" in wanted:
            partner = data["partner"]
            stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S")
            client, key = partner["client"], partner["systemaccesskey"]
            signature = hashlib.md5(f"{client} {key} x-ml-timestamp:{stamp}".encode()).hexdigest()
            case.headers["ml-auth"] = f"client={client}&systemaccesskey={key}&signature={signature}"
            case.headers["x-ml-timestamp"] = stamp
