"""PyPI `python-odata` at the RESO door: classes made of $metadata, reads, next links, writes. `.ci/clients` runs it."""

import json
import os
from datetime import datetime
from decimal import Decimal

import requests
from odata import ODataService
from odata.exceptions import ODataError, NoResultsFound

with open(os.environ["DEMO"]) as file:
    DEMO = json.load(file)
ROOT = DEMO["reso_url"]
session = requests.Session()
session.headers["Authorization"] = f"Bearer {DEMO['write_token']}"


def counted(resource, where=None):
    """What a plain request says; what the client says is held against it."""
    answer = session.get(f"{ROOT}/{resource}/$count", params={"$filter": where} if where else None)
    assert answer.status_code == 200, answer.text
    return int(answer.text)


service = ODataService(ROOT, reflect_entities=True, session=session, quiet_progress=True)
told = {one["name"] for one in session.get(f"{ROOT}/").json()["value"]}
assert set(service.entities) == told and "Property" in told, set(service.entities) ^ told
Property, Member, Office = (service.entities[name] for name in ("Property", "Member", "Office"))

every = counted("Property")
listings = service.query(Property)
assert listings.count() == every > 20_000

found = (
    listings.filter(Property.City == "Kirkland").filter(Property.ListPrice >= 500000)
    .order_by(Property.ListPrice.desc()).all()
)
assert len(found) == counted("Property", "City eq 'Kirkland' and ListPrice ge 500000")
prices = [listing.ListPrice for listing in found]
assert prices == sorted(prices, reverse=True) and prices[-1] >= 500000
assert all(listing.City == "Kirkland" for listing in found)
first = found[0]
assert isinstance(first.ListPrice, Decimal) and isinstance(first.ModificationTimestamp, datetime)
assert first.ModificationTimestamp.tzinfo is not None and isinstance(first.Appliances, list)

either = listings.filter((Property.City == "Kent") | Property.City.startswith("Bell"))
assert either.count() == counted("Property", "City eq 'Kent' or startswith(City,'Bell')") > 0

# Pages of 500, by their links, to the end.
pages = []
session.headers["Prefer"] = "odata.maxpagesize=500"
session.hooks["response"].append(lambda answer, **_: pages.append(answer.url))
members = [member.MemberKey for member in service.query(Member)]
session.hooks["response"].clear()
del session.headers["Prefer"]
assert len(members) == len(set(members)) == counted("Member")
assert len(pages) == -(-len(members) // 500) > 1, pages

one = listings.filter(Property.PhotosCount > 1).expand(Property.ListOffice, Property.Media).first()
assert one.ListOffice.OfficeKey == one.ListOfficeKey and len(one.Media) == one.PhotosCount
rows = listings.apply("groupby((City),aggregate($count as Listings))")
cities = rows.connection.execute_get(rows._get_url(), rows._get_options())["value"]
assert sum(city["Listings"] for city in cities) == every

before = counted("Office")
office = Office()
office.OfficeKey, office.OfficeName, office.OfficeStatus = "CLIENT-9", "By python-odata", "Active"
# The client sends null for every field that nothing was said about.
service.save(office)
assert counted("Office") == before + 1 and office.ModificationTimestamp is not None
office.OfficeName = "Renamed"
service.save(office)
assert service.query(Office).get("CLIENT-9").OfficeName == "Renamed"
service.delete(office)
assert counted("Office") == before
try:
    service.query(Office).get("CLIENT-9")
    raise AssertionError("the office was not removed")
except NoResultsFound:
    pass
try:
    listings.raw({"$filter": "NoSuch eq 1"})
    raise AssertionError("an unknown field was not refused")
except ODataError as error:
    assert error.code == "unknown_field", error

print(f"python-odata: {len(service.entities)} classes, {len(found)} found, {len(members)} walked in {len(pages)} pages, 1 record written")
