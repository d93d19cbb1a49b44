// Writes what the suite counted into docs/conformance.md: `node counts.mjs REPORTS DOCUMENT`.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [reports, document] = process.argv.slice(2);
const BEGIN = '<!-- counted by .ci/certify -->';
const END = '<!-- until here -->';

const NAMES = {
  metadata: '`$metadata`: XSD and CSDL semantics',
  'core-2.0.0': 'Web API Core 2.0.0, `--full-coverage`',
  'core-2.1.0': 'Web API Core 2.1.0, `--full-coverage`',
  'add-edit': 'Add/Edit 2.0.0',
  'entity-event': 'EntityEvent 1.0.0, `--mode full`',
  'dd-2.0': 'Data Dictionary 2.0, strict',
  'dd-2.1': 'Data Dictionary 2.1, strict',
};
const FORMS = ['strings', 'enums', 'flags'];

/** The detailed report below a folder, where there is one. */
const detailed = (folder) => {
  const found = readdirSync(folder, { recursive: true }).find((name) => name.endsWith('report-detailed.json'));
  return found && JSON.parse(readFileSync(join(folder, found), 'utf8'));
};

const read = (form, part) => {
  const folder = join(reports, `${form}-${part}`);
  if (!existsSync(join(folder, 'code'))) return undefined;
  const code = readFileSync(join(folder, 'code'), 'utf8').trim();
  return { folder, passed: code === '0', output: readFileSync(join(folder, 'output'), 'utf8') };
};

const line = (form, part) => {
  const found = read(form, part);
  if (!found) return undefined;
  const counts = { passed: '', failed: '', skipped: '' };
  if (part.startsWith('dd') || part === 'metadata') {
    const steps = [...found.output.matchAll(/^(passed|failed|skipped): (.+)$/gm)];
    const of = (what) => steps.filter(([, status]) => status === what).length;
    if (steps.length) Object.assign(counts, { passed: of('passed'), failed: of('failed'), skipped: of('skipped') });
  } else {
    const all = detailed(found.folder)?.resourceReports ?? [];
    const sum = (name) => all.reduce((total, one) => total + one.scenarios.filter(name).length, 0);
    counts.passed = sum((one) => one.passed && !one.skipped);
    counts.failed = sum((one) => !one.passed && !one.skipped);
    counts.skipped = sum((one) => one.skipped);
  }
  const said = found.passed ? 'passed' : '**failed**';
  return `| ${NAMES[part]} | ${form} | ${counts.passed} | ${counts.failed} | ${counts.skipped} | ${said} |`;
};

/** What each strategy of replication fetched of each resource. */
const replication = () =>
  readdirSync(reports)
    .map((name) => /^strings-replicate-(\w+)-(\w+)$/.exec(name))
    .filter(Boolean)
    .map(([, strategy, resource]) => {
      const found = read('strings', `replicate-${strategy}-${resource}`);
      const fetched = [...found.output.matchAll(/Total records fetched: ([\d,]+)/g)].pop()?.[1];
      const there = /Record count: ([\d,]+)/.exec(found.output)?.[1];
      return `| ${resource} | ${strategy} | ${there ?? ''} | ${fetched ?? ''} | ${found.passed ? 'passed' : '**failed**'} |`;
    })
    .sort();

/** Scenarios of Core that no form has run: by version, name and why, the resources. */
const notRun = () => {
  const all = new Map();
  for (const version of ['2.0.0', '2.1.0']) {
    for (const form of FORMS) {
      for (const { resource, scenarios } of detailed(join(reports, `${form}-core-${version}`))?.resourceReports ?? []) {
        for (const one of scenarios) {
          const key = `${version}|${resource}|${one.tag ?? one.name}`;
          const known = all.get(key) ?? { version, resource, name: one.tag ?? one.name, why: new Set(), ran: false };
          known.ran ||= !one.skipped;
          // The last says why: what went well before it stands before it.
          if (one.skipped) known.why.add(one.assertions.findLast(({ description }) => description)?.description ?? '');
          all.set(key, known);
        }
      }
    }
  }
  const groups = new Map();
  for (const { version, resource, name, why } of [...all.values()].filter(({ ran }) => !ran)) {
    const reason = [...why].map((text) => text.replace(/^Skipped: /, '').replaceAll('|', '\\|')).join('; ');
    const key = `| ${name} | ${reason} |`;
    const known = groups.get(key) ?? new Map();
    known.set(resource, [...(known.get(resource) ?? []), version]);
    groups.set(key, known);
  }
  const where = (resources) =>
    [...resources].map(([name, versions]) => (versions.length > 1 ? name : `${name} (${versions[0]})`)).join(', ');
  return [...groups].map(([key, resources]) => `${key} ${where(resources)} |`).sort();
};

const rows = Object.keys(NAMES).flatMap((part) => FORMS.map((form) => line(form, part)));
const table = [
  '| part | `reso.enumerations` | passed | failed | skipped | |',
  '|---|---|---|---|---|---|',
  ...rows.filter(Boolean),
  '',
  '| replication of | strategy | there are | fetched | |',
  '|---|---|---|---|---|',
  ...replication(),
  '',
  'What no form of enumerations ran, with what the suite says of it:',
  '',
  '| scenario | why | resources |',
  '|---|---|---|',
  ...notRun(),
].join('\n');
const text = readFileSync(document, 'utf8');
const [before] = text.split(BEGIN);
const after = text.split(END)[1];
if (after === undefined) throw new Error(`${document} has no place for the counts`);
writeFileSync(document, `${before}${BEGIN}\n${table}\n${END}${after}`);
