// RESO's Variations Service on this machine, for the Data Dictionary part of the suite: the suite's own matcher over its
// own reference metadata. RESO's service adds what people have suggested before; nothing of that is needed where every
// name is standard. `node variations.mjs` prints its address.

import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { gunzipSync, gzipSync } from 'node:zlib';

const suite = new URL('node_modules/@reso-standards/reso-certification/dist/', import.meta.url);
const { computeVariationsV2 } = await import(new URL('variations-v2/compute.js', suite));
const { getReferenceMetadata } = createRequire(import.meta.url)(new URL('etl/index.cjs', suite).pathname);

const whole = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};

const server = createServer(async (request, answer) => {
  if (request.url.startsWith('/token')) {
    answer.end(JSON.stringify({ token: 'local' }));
    return;
  }
  const asked = JSON.parse(gunzipSync(Buffer.from(await whole(request), 'base64')));
  const told = computeVariationsV2({ ...asked, referenceMetadata: getReferenceMetadata(asked.version) });
  answer.end(gzipSync(JSON.stringify(told)).toString('base64'));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
