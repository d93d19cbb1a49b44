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
  'replicate-TopAndSkip': 'Replication, TopAndSkip',
  'replicate-TimestampAsc': 'Replication, TimestampAsc',
  'replicate-TimestampDesc': 'Replication, TimestampDesc',
  'replicate-NextLink': 'Replication, NextLink',
};

/** The detailed report below a folder, where there is one. */
const detailed = (folder) => {
  const found = readdirSync(folder, { recursive: true }).find((name) => name.endsWith('report-detailed.json'));
  return found && JSON.parse(readFileSync(join(folder, found), 'utf8'));
};

const line = (form, part) => {
  const folder = join(reports, `${form}-${part}`);
  if (!existsSync(join(folder, 'code'))) return undefined;
  const passed = readFileSync(join(folder, 'code'), 'utf8').trim() === '0';
  const output = readFileSync(join(folder, 'output'), 'utf8');
  const counts = { passed: '', failed: '', skipped: '', said: passed ? 'passed' : '**failed**' };
  if (part.startsWith('replicate')) {
    const fetched = [...output.matchAll(/Total records fetched: ([\d,]+)/g)].pop()?.[1];
    const there = /Record count: ([\d,]+)/.exec(output)?.[1];
    counts.said += `: ${fetched} records fetched${there ? ` of ${there}` : ''}`;
  } else if (part.startsWith('dd') || part === 'metadata') {
    const steps = [...output.matchAll(/^(passed|failed|skipped): (.+)$/gm)];
    const of = (what) => steps.filter(([, status]) => status === what).length;
    if (steps.length) Object.assign(counts, { passed: of('passed'), failed: of('failed'), skipped: of('skipped') });
  } else {
    const all = detailed(folder)?.resourceReports ?? [];
    const sum = (name) => all.reduce((total, one) => total + one.scenarios.filter(name).length, 0);
    counts.passed = sum((one) => one.passed && !one.skipped);
    counts.failed = sum((one) => !one.passed && !one.skipped);
    counts.skipped = sum((one) => one.skipped);
  }
  return `| ${NAMES[part]} | ${form} | ${counts.passed} | ${counts.failed} | ${counts.skipped} | ${counts.said} |`;
};

const rows = Object.keys(NAMES).flatMap((part) => ['strings', 'enums', 'flags'].map((form) => line(form, part)));
const table = [
  '| part | `reso.enumerations` | passed | failed | skipped | |',
  '|---|---|---|---|---|---|',
  ...rows.filter(Boolean),
].join('\n');
const text = readFileSync(document, 'utf8');
const [before] = text.split(BEGIN);
const after = text.split(END)[1];
if (after === undefined) throw new Error(`${document} has no place for the counts`);
writeFileSync(document, `${before}${BEGIN}\n${table}\n${END}${after}`);
