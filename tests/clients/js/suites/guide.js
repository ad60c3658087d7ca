// docs/guide.md: every example runs and answers what the page says.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { assertSays, examples, run } from '../page.js';
import { ROOT } from '../server.js';
import { server } from './world.js';

const MODULES = fileURLToPath(new URL('..', import.meta.url));

describe('docs/guide.md', () => {
  test('every example answers what the page says', () => {
    const list = examples(readFileSync(join(ROOT, 'docs/guide.md'), 'utf8'));
    const printed = run(list, server(), MODULES);
    assert.equal(printed.length, list.length);
    assert.ok(list.filter(({ said }) => said).length >= 15, 'the page says too little');
    for (const [at, { said, source }] of list.entries()) {
      if (!said) continue;
      try {
        assertSays(printed[at], said);
      } catch (error) {
        error.message = `${source}\nprinted\n${printed[at]}\n${error.message}`;
        throw error;
      }
    }
  });
});
