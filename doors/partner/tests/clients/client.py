"""A client of the partner API as a partner writes one in Python, with requests. `.ci/clients` runs it."""

import datetime
import hashlib
import json
import os

import requests

with open(os.environ["DEMO"]) as file:
    PARTNER = json.load(file)["partner"]


def headers(key=PARTNER["systemaccesskey"]):
    client = PARTNER["client"]
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S")
    signature = hashlib.md5(f"{client} {key} x-ml-timestamp:{stamp}".encode()).hexdigest()
    return {
        "ml-auth": f"client={client}&systemaccesskey={key}&signature={signature}",
        "x-ml-timestamp": stamp,
    }


def url(name):
    return f"{PARTNER['url']}/{name}"


def search(**body):
    return requests.post(url("GetListings"), json={"FeedIdList": [PARTNER["feed"]], **body}, headers=headers())


found = search(MinPrice=500000, Beds=3, SortBy="Price", PageSize=50)
assert found.status_code == 200, found.text
assert found.headers["Content-Encoding"] == "gzip"
listings = found.json()
prices = [listing["Price"] for listing in listings]
assert len(listings) == 50 and prices == sorted(prices) and prices[0] >= 500000
assert all(listing["Beds"] >= 3 for listing in listings)

one = listings[0]
detail = requests.get(
    url("GetListingDetail"), params={"FeedId": one["FeedId"], "ListingId": one["ListingId"]}, headers=headers()
)
assert detail.status_code == 200 and detail.json()["ListingId"] == one["ListingId"]

photo = one["Media"]["Photos"][0]
for size in ("NormalSizeUrl", "LargeSizeUrl"):
    shown = requests.get(photo[size])
    assert shown.headers["Content-Type"] == "image/jpeg" and shown.content.startswith(b"\xff\xd8\xff"), photo[size]
    again = requests.get(photo[size], headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304

seen, page = set(), 1
while page and page <= 5:
    answer = requests.get(
        url("SyncListings"),
        params={"FeedIdList": PARTNER["feed"], "FromUpdatedDate": "2000-01-01", "Page": page},
        headers=headers(),
    )
    assert answer.status_code == 200, answer.text
    walked = answer.json()
    ids = [listing["ListingId"] for listing in walked["Results"]]
    assert walked["Count"] == len(ids) == 200 and not seen.intersection(ids)
    seen.update(ids)
    page = walked["NextPage"]
assert len(seen) == 1000

refused = search(PageSize=5000, Beds="three")
assert refused.status_code == 400 and refused.json()["ExceptionType"] == "Validation"
assert set(refused.json()["Data"]["Errors"]) == {"PageSize", "Beds"}
wrong = requests.get(url("GetFeeds"), headers=headers(key="not the key"))
assert wrong.status_code == 403 and wrong.json()["ExceptionType"] == "Forbidden"
print(f"Python: {len(listings)} found, {len(seen)} walked")
