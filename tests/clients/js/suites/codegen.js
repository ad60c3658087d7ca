// graphql-codegen over the three apps' documents: what it writes is TypeScript that compiles in strict mode, in which an app
// can read what it asked for and nothing else.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { APPS, definitions } from '../documents.js';

const HERE = fileURLToPath(new URL('..', import.meta.url));

/** An app's own lines. Each `@ts-expect-error` must be an error, or the compiler complains. */
const APP = `
import type { OwnerHomeQuery, CreateTicketMutationVariables } from './owner.js';
import type { ButlerQueueQuery } from './butler.js';
import type { LectureScheduleQueryVariables } from './partner.js';

export function title(data: OwnerHomeQuery): string | undefined {
  return data.viewer?.__typename === 'Owner' ? data.viewer.name + data.viewer.units.nodes.length : undefined;
}
export const dueAt = (data: ButlerQueueQuery): (string | null | undefined)[] => data.tickets.nodes.map((ticket) => ticket.respondDueAt);
export const report: CreateTicketMutationVariables = { input: { unitId: '1', kind: 'REPAIR', title: '漏水' } };
export const week: LectureScheduleQueryVariables = { from: '2026-11-23T00:00:00Z', to: '2026-11-30T00:00:00Z' };
// @ts-expect-error: there is no such kind
export const wrongKind: CreateTicketMutationVariables = { input: { unitId: '1', kind: 'LEAK', title: '漏水' } };
// @ts-expect-error: this was not asked for
export const notAsked = (data: ButlerQueueQuery) => data.tickets.nodes[0]?.description;
`;

function run(script, args, options = {}) {
  const done = spawnSync(process.execPath, [join(HERE, 'node_modules', script), ...args], { cwd: HERE, encoding: 'utf8', ...options });
  assert.equal(done.status, 0, done.stdout + done.stderr);
}

describe('graphql-codegen', () => {
  let out;
  // Inside this folder, so that the generated code finds its imports.
  before(() => { out = mkdtempSync(join(HERE, 'generated-')); });
  after(() => rmSync(out, { recursive: true }));

  test('what it writes for the three apps compiles', () => {
    run('@graphql-codegen/cli/cjs/bin.js', ['--config', 'codegen.js'], { env: { ...process.env, OUT: out } });
    for (const app of APPS) {
      const written = readFileSync(join(out, `${app}.ts`), 'utf8');
      for (const { name } of definitions(app)) assert.match(written, new RegExp(`\\b${name}\\w*Document\\b|\\b${name}Fragment\\b`));
    }
    writeFileSync(join(out, 'app.ts'), APP);
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck'];
    run('typescript/bin/tsc', [...strict, join(out, 'app.ts')]);
  });
});
