// A client of the partner API as a partner writes one in Node. `.ci/clients` runs it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const { partner } = JSON.parse(readFileSync(process.env.DEMO, "utf8"));

function headers(key = partner.systemaccesskey) {
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const signature = createHash("md5").update(`${partner.client} ${key} x-ml-timestamp:${stamp}`).digest("hex");
  return {
    "ml-auth": `client=${partner.client}&systemaccesskey=${key}&signature=${signature}`,
    "x-ml-timestamp": stamp,
  };
}

const get = (name, query = {}) =>
  fetch(`${partner.url}/${name}?${new URLSearchParams(query)}`, { headers: headers() });
const post = (name, body) =>
  fetch(`${partner.url}/${name}`, {
    method: "POST",
    headers: { ...headers(), "Content-Type": "application/json" },
    body: JSON.stringify({ FeedIdList: [partner.feed], ...body }),
  });

const around = await post("GetListingsByLocation", { WktLocation: "POINT(-122.33 47.61)", Distance: 2, PageSize: 100 });
assert.equal(around.status, 200);
assert.equal(around.headers.get("content-encoding"), "gzip");
const listings = await around.json();
assert.ok(listings.length > 0 && listings.every(({ FeedId }) => FeedId === partner.feed));

const near = await post("GetListingsByAddress", { Address: "1 Pike St", City: "Seattle", State: "WA", Zip: "98101" });
assert.equal(near.status, 200);
assert.match(near.headers.get("x-geocode-accuracy"), /^(address|street|zip)$/);

const { FeedId, ListingId } = listings[0];
const detail = await (await get("GetListingDetail", { FeedId, ListingId })).json();
assert.equal(detail.ListingId, ListingId);
assert.ok(Object.keys(detail).length === 317);

const seen = new Set();
for (let page = 1; page && page <= 3;) {
  const walked = await (await get("SyncListings", { FeedIdList: FeedId, FromUpdatedDate: "2000-01-01", Page: page })).json();
  for (const listing of walked.Results) seen.add(listing.ListingId);
  page = walked.NextPage;
}
assert.equal(seen.size, 600);

const missing = await get("GetListingDetail", { FeedId, ListingId: "no such" });
assert.equal(missing.status, 404);
assert.equal((await missing.json()).ExceptionType, "NotFound");
console.log(`Node: ${listings.length} around a point, ${seen.size} walked`);
