// The schema against the last released one: no breaking change without a deprecation before it, and every change told.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { buildSchema } from 'graphql';

import { SCHEMA } from '../documents.js';
import { changes, rewritten, told } from '../schema-changes.js';
import { ROOT } from '../server.js';

const RELEASED = buildSchema(readFileSync(join(ROOT, 'docs/schema/released.graphql'), 'utf8'));
const CHANGELOG = join(ROOT, 'docs/schema-changes.md');

const BEFORE = `
  type Query { a(x: Int, y: Int @deprecated(reason: "-")): Int b: Int @deprecated(reason: "-") c: Lamp d: Thing e(of: In): Int }
  enum Lamp { ON OFF DIM @deprecated(reason: "-") }
  union Thing = One | Two
  type One { n: Int }
  type Two { n: Int! old: Gone @deprecated(reason: "-") }
  type Gone { n: Int }
  input In { p: Int q: Int @deprecated(reason: "-") }
`;

/** One change of the above each: what is replaced, by what, and what is refused. */
const CASES = [
  ['a field goes', 'c: Lamp ', '', ['Query.c']],
  ['a deprecated field goes', 'b: Int @deprecated(reason: "-") ', '', []],
  ['a field comes', 'c: Lamp', 'c: Lamp more: Int', []],
  ['a field changes its type', 'c: Lamp', 'c: Int', ['Query.c']],
  ['a field is never null any more', 'type One { n: Int }', 'type One { n: Int! }', []],
  ['a field may be null now', 'type Two { n: Int!', 'type Two { n: Int', ['Two.n']],
  ['an argument goes', 'x: Int, ', '', ['Query.a.x']],
  ['a deprecated argument goes', ', y: Int @deprecated(reason: "-")', '', []],
  ['an argument comes that must be given', 'x: Int', 'x: Int, z: Int!', ['Query.a.z']],
  ['an argument comes that need not be given', 'x: Int', 'x: Int, z: Int', []],
  ['an argument must be given', 'x: Int', 'x: Int!', ['Query.a.x']],
  ['a value goes', 'OFF ', '', ['Lamp.OFF']],
  ['a deprecated value goes', ' DIM @deprecated(reason: "-")', '', []],
  ['a value comes', 'OFF', 'OFF BLINKING', []],
  ['a member of a union goes', 'One | Two', 'Two', ['Thing']],
  ['a type goes with the deprecated field that led to it', 'old: Gone @deprecated(reason: "-") }\n  type Gone { n: Int }', '}', []],
  ['a type goes by another name', /\bOne\b/g, 'Uno', ['One', 'Thing']],
  ['an input wants more', 'p: Int', 'p: Int r: Int!', ['In.r']],
  ['an input takes less', 'p: Int ', '', ['In.p']],
  ['an input takes a deprecated field no more', ' q: Int @deprecated(reason: "-")', '', []],
  ['a field is deprecated', 'c: Lamp', 'c: Lamp @deprecated(reason: "-")', []],
];

describe('the schema and its last release', () => {
  for (const [what, from, to, expected] of CASES) {
    test(`${what}: ${expected.length > 0 ? 'refused' : 'let through'}`, async () => {
      const after = BEFORE.replace(from, to);
      assert.notEqual(after, BEFORE);
      const found = await changes(buildSchema(BEFORE), buildSchema(after));
      assert.ok(found.length > 0);
      assert.deepEqual(found.filter(({ isRefused }) => isRefused).map(({ path }) => path).sort(), expected);
    });
  }

  test('nothing was taken away that was not deprecated in a release before', async () => {
    const refused = (await changes(RELEASED, SCHEMA)).filter(({ isRefused }) => isRefused);
    assert.deepEqual(refused.map(({ message }) => message), [], 'deprecate it first, and remove it in a later release');
  });

  test('each change is told in docs/schema-changes.md', async () => {
    const found = await changes(RELEASED, SCHEMA);
    const changelog = readFileSync(CHANGELOG, 'utf8');
    if (process.env.UPDATE_SNAPSHOTS) return writeFileSync(CHANGELOG, rewritten(changelog, found));
    const paths = [...new Set(found.map(({ path }) => path))].sort();
    assert.deepEqual([...told(changelog).keys()].sort(), paths, 'UPDATE_SNAPSHOTS=1 npm test writes the missing lines');
  });

  test('a line that somebody wrote stays, a missing one comes, and one about nothing goes', () => {
    const changelog = '# Changes\n\n## Not released yet\n\n- `A.b`: use `c`.\n- `X.y`: gone\n\n## 1\n\n- `A.a`: first\n';
    const found = [{ path: 'A.b', message: '-' }, { path: 'A.c', message: "Field 'c' was added" }];
    const expected = '# Changes\n\n## Not released yet\n\n- `A.b`: use `c`.\n- `A.c`: Field `c` was added\n\n## 1\n\n- `A.a`: first\n';
    assert.equal(rewritten(changelog, found), expected);
    assert.equal(rewritten(expected, found), expected);
    assert.deepEqual([...told(expected).keys()], ['A.b', 'A.c']);
    assert.match(rewritten(expected, []), /yet\n\nNothing\.\n\n## 1/);
  });
});
