// The tours of the README and of docs, as a reader pastes them into a shell, in the order in which the README names them:
// every line answers, and what is refused is what the page wants to show.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { examples, run } from '../page.js';
import { ROOT, Server } from '../server.js';

const TOURS = [
  ['README.md', ['NOT_FOUND']],
  ['docs/owner-app.md', [...Array(4).fill('REQUIRED'), 'FORBIDDEN']],
  ['docs/butler-app.md', ['FORBIDDEN', ...Array(7).fill('REQUIRED')]],
  ['docs/management.md', ['FORBIDDEN', 'INCOMPLETE', 'INCOMPLETE']],
  ['docs/partner.md', ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']],
];

/** An answer, and not one that the page cuts off because it is long. */
function isWhole(line) {
  return line.startsWith('{') && line.endsWith('}');
}

/** What was refused on the way, in order: codes of errors and of user errors. */
function refusals(printed) {
  const found = [];
  for (const line of printed.flatMap((text) => text.split('\n')).filter(isWhole)) {
    const { data, errors = [] } = JSON.parse(line);
    const payloads = Object.values(data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
    found.push(...errors.map(({ extensions }) => extensions.code), ...payloads.map(({ code, message }) => code ?? message));
  }
  return found;
}

describe('the tours', () => {
  let server;
  before(async () => { server = await Server.start(); });
  after(() => server.stop());

  for (const [page, expected] of TOURS) {
    test(`${page} can be followed`, () => {
      const text = readFileSync(join(ROOT, page), 'utf8');
      const list = examples(text).filter(({ source }) => source.includes('gql') || source.includes('{API'));
      assert.ok(list.length > 0);
      const printed = run(list, server);
      assert.deepEqual(refusals(printed), expected, printed.join('\n'));
    });
  }
});
