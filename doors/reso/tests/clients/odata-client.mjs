// npm `@odata/client` at the RESO door: reads, writes, and both forms of $batch. `.ci/clients` runs it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import client from "@odata/client";

const { OData, ODataServerError } = client;
const { reso_url: root, write_token: token } = JSON.parse(readFileSync(process.env.DEMO, "utf8"));
const Authorization = `Bearer ${token}`;
const service = OData.New4({ serviceEndpoint: `${root}/`, commonHeaders: { Authorization } });
const listings = service.getEntitySet("Property");
const offices = service.getEntitySet("Office");

// What the client says is held against what a plain request says.
async function counted(resource, filter) {
  const query = filter ? `?${new URLSearchParams({ $filter: filter })}` : "";
  const answer = await fetch(`${root}/${resource}/$count${query}`, { headers: { Authorization } });
  assert.equal(answer.status, 200);
  return Number(await answer.text());
}

const all = await counted("Property");
assert.ok(all > 20_000);
assert.equal(await listings.count(), all);

// A filter, walked to its end in pages.
const filter = service.newFilter().field("City").eq("Kirkland").field("ListPrice").ge(500000);
const expected = await counted("Property", "City eq 'Kirkland' and ListPrice ge 500000");
assert.ok(expected > 250);
assert.equal(await listings.count(filter), expected);
const found = [];
for (let page = []; found.length === 0 || page.length === 100; found.push(...page)) {
  const options = service.newOptions().filter(filter).orderby("ListPrice", "asc").skip(found.length).top(100);
  page = await listings.query(options.select(["ListingKey", "City", "ListPrice"]));
}
assert.equal(found.length, expected);
assert.equal(new Set(found.map(({ ListingKey }) => ListingKey)).size, expected);
assert.ok(found.every(({ City, ListPrice }) => City === "Kirkland" && ListPrice >= 500000));
assert.ok(found.every(({ ListPrice }, at) => at === 0 || found[at - 1].ListPrice <= ListPrice));

const [one] = await listings.query(service.newOptions().filter("PhotosCount gt 1").expand("Media").top(1));
assert.equal(one.Media.length, one.PhotosCount);
assert.ok(one.Media.every(({ ResourceRecordKey }) => ResourceRecordKey === one.ListingKey));

const cities = await listings.query(service.newOptions().apply("groupby((City),aggregate($count as Listings))"));
assert.equal(cities.reduce((sum, { Listings }) => sum + Listings, 0), all);
assert.equal(cities.find(({ City }) => City === "Kirkland").Listings, await counted("Property", "City eq 'Kirkland'"));

// A record of its own: made, changed, read, removed.
const before = await counted("Office");
const office = { OfficeKey: "CLIENT-1", OfficeName: "By @odata/client", OfficeStatus: "Active" };
const made = await offices.create(office);
assert.equal(made.OfficeName, office.OfficeName);
assert.equal(await counted("Office"), before + 1);
await offices.update("CLIENT-1", { OfficeName: "Renamed" });
assert.equal((await offices.retrieve("CLIENT-1")).OfficeName, "Renamed");
await offices.delete("CLIENT-1");
await assert.rejects(offices.retrieve("CLIENT-1"), ODataServerError);
await assert.rejects(listings.query(service.newFilter().field("NoSuch").eq(1)), /NoSuch/);

// Two reads around a write. In the multipart form the client sends the filter's spaces as they are, and each write in a
// change set of its own.
const batch = (key) => [
  service.newBatchRequest({
    collection: "Property",
    params: service.newOptions().filter("City eq 'Kirkland'").count(true).top(2).select("ListingKey"),
  }),
  service.newBatchRequest({ collection: "Office", method: "POST", entity: { ...office, OfficeKey: key } }),
  service.newBatchRequest({ collection: "Office", id: key }),
];
async function judged(answers, key) {
  assert.deepEqual(answers.map(({ status }) => status), [200, 201, 200]);
  const [read, written, again] = await Promise.all(answers.map((answer) => answer.json()));
  assert.equal(read.value.length, 2);
  assert.equal(read["@odata.count"], await counted("Property", "City eq 'Kirkland'"));
  assert.equal(written.OfficeKey, key);
  assert.equal(again["@odata.etag"], written["@odata.etag"]);
  await offices.delete(key);
}
await judged(await service.execBatchRequests(batch("CLIENT-2")), "CLIENT-2");
await judged(await service.execBatchRequestsJson(batch("CLIENT-3")), "CLIENT-3");
const [refused] = await service.execBatchRequests([
  service.newBatchRequest({ collection: "Office", method: "POST", entity: { ...office, NoSuch: 1 } }),
]);
assert.equal(refused.status, 400);
assert.equal((await refused.json()).error.code, "record_refused");
assert.equal(await counted("Office"), before);

console.log(`@odata/client: ${all} counted, ${found.length} walked, ${cities.length} cities, 3 records written, 3 batches`);
