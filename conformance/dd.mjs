// The Data Dictionary part of the suite, as `reso-cert dd --strict --batch-expand` runs it, but without the second that it
// rests between two requests: the server is this machine's own. `node dd.mjs URL TOKEN VERSION LIMIT OUTPUT`

const suite = new URL('node_modules/@reso-standards/reso-certification/dist/', import.meta.url);
const { runDDCompliance } = await import(new URL('sdk/dd.js', suite));

const [url, authToken, version, limit, outputDir] = process.argv.slice(2);
const result = await runDDCompliance(
  {
    server: { url, auth: { mode: 'token', authToken } },
    version,
    strictMode: true,
    batchExpand: true,
    limit: Number(limit),
    requestDelay: 0,
    fromCli: true,
    options: { outputDir },
  },
  ({ step, status, message }) => {
    if (!message?.startsWith('{')) console.log(step, status, message ?? '');
  },
);
for (const step of result.steps) {
  console.log(`${step.status}: ${step.name} — ${step.summary ?? ''}`);
  for (const error of step.errors ?? []) console.log(`  ${error}`);
}
process.exit(result.status === 'passed' ? 0 : 1);
