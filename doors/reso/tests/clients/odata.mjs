// npm `odata` (o.js) at the RESO door: reads, next links, writes, $batch with and without change sets. `.ci/clients` runs it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import odata from "odata";

const { reso_url: root, write_token: token } = JSON.parse(readFileSync(process.env.DEMO, "utf8"));
const headers = (more = {}) =>
  new Headers({ Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...more });
const service = (more) => odata.o(`${root}/`, { headers: headers(), ...more });

// What the client says is held against what a plain request says.
async function counted(resource, filter) {
  const query = filter ? `?${new URLSearchParams({ $filter: filter })}` : "";
  const answer = await fetch(`${root}/${resource}/$count${query}`, { headers: headers() });
  assert.equal(answer.status, 200);
  return Number(await answer.text());
}

const all = await counted("Property");
assert.equal(await service().get("Property/$count").query(), all);

const filter = "City eq 'Kirkland' and ListPrice ge 800000";
const found = await service()
  .get("Property")
  .query({ $filter: filter, $orderby: "ListPrice desc", $select: "ListingKey,City,ListPrice", $top: 500 });
assert.ok(found.length > 0 && found.length < 500);
assert.equal(found.length, await counted("Property", filter));
assert.ok(found.every(({ City, ListPrice }) => City === "Kirkland" && ListPrice >= 800000));
assert.ok(found.every(({ ListPrice }, at) => at === 0 || found[at - 1].ListPrice >= ListPrice));

// Pages of 500, by their links, to the end.
const members = await counted("Member");
const walked = new Set();
let pages = 0;
for (let next = "Member?$select=MemberKey"; next; pages++) {
  const answer = await service({ headers: headers({ Prefer: "odata.maxpagesize=500" }) }).get(next).fetch();
  assert.equal(answer.status, 200);
  const page = await answer.json();
  for (const { MemberKey } of page.value) walked.add(MemberKey);
  next = page["@odata.nextLink"];
}
assert.equal(walked.size, members);
assert.equal(pages, Math.ceil(members / 500));

const before = await counted("Office");
const office = (key) => ({ OfficeKey: key, OfficeName: "By odata", OfficeStatus: "Active" });
const remove = async (key) => assert.equal((await service().delete(`Office('${key}')`).query()).status, 204);
assert.equal((await service().post("Office", office("CLIENT-4")).query()).OfficeKey, "CLIENT-4");
assert.equal((await service().patch("Office('CLIENT-4')", { OfficeName: "Renamed" }).query()).status, 204);
assert.equal((await service().get("Office('CLIENT-4')").query()).OfficeName, "Renamed");
await remove("CLIENT-4");
await assert.rejects(service().get("Office('CLIENT-4')").query(), ({ status }) => status === 404);
await assert.rejects(service().get("Property").query({ $filter: "NoSuch eq 1" }), ({ status }) => status === 400);

const batching = (more) =>
  service({
    batch: {
      boundaryPrefix: "batch_",
      changsetBoundaryPrefix: "changeset_",
      endpoint: "$batch",
      headers: headers(),
      useChangset: false,
      useRelativeURLs: false,
      ...more,
    },
  });

// Two reads around a write, with whole addresses and with relative ones.
for (const useRelativeURLs of [false, true]) {
  const [read, written, again] = await batching({ useRelativeURLs })
    .get(`Property?$filter=${filter}&$select=ListingKey&$top=500`)
    .post("Office", office("CLIENT-5"))
    .get("Office?$filter=OfficeKey eq 'CLIENT-5'")
    .batch();
  assert.deepEqual([read.status, written.status, again.status], [200, 201, 200]);
  assert.equal(read.body.length, found.length);
  assert.equal(written.body.OfficeKey, "CLIENT-5");
  assert.deepEqual(again.body.map(({ OfficeName }) => OfficeName), ["By odata"]);
  await remove("CLIENT-5");
}

// A change set is done whole or not at all.
const both = await batching({ useChangset: true })
  .post("Office", office("CLIENT-6"))
  .post("Office", office("CLIENT-7"))
  .batch();
assert.deepEqual(both.map(({ status }) => status), [201, 201]);
assert.equal(await counted("Office"), before + 2);
const neither = await batching({ useChangset: true })
  .post("Office", office("CLIENT-8"))
  .post("Office", office("CLIENT-7"))
  .batch();
assert.deepEqual(neither.map(({ status, body }) => [status, body.error.code]), [[409, "key_taken"]]);
assert.equal(await counted("Office"), before + 2);
await remove("CLIENT-6");
await remove("CLIENT-7");
assert.equal(await counted("Office"), before);

console.log(`odata: ${found.length} found, ${walked.size} walked in ${pages} pages, 4 records written, 4 batches`);
