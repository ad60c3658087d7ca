// @graphql-eslint over schema.graphql.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ESLint } from 'eslint';
import { getNamedType, isCompositeType, parse } from 'graphql';

import { SCHEMA, SDL } from '../documents.js';
import { ALLOWING, EDGES_OF_VALUES, SHORT_LISTS, STRICT, VALUES } from '../lint-rules.js';
import { ROOT } from '../server.js';

async function lint(overrideConfig) {
  const eslint = new ESLint({ cwd: ROOT, overrideConfigFile: true, overrideConfig });
  const [{ messages }] = await eslint.lintFiles('schema.graphql');
  return messages.map(({ ruleId, line, message }) => ({ rule: ruleId?.split('/').pop(), at: place(line), message }));
}

const definitions = parse(SDL).definitions;

/** What stands in a line: `Type` or `Type.field`. */
function place(line) {
  const holds = ({ loc }) => loc.startToken.line <= line && line <= loc.endToken.line;
  const type = definitions.find(holds);
  const field = type?.fields?.find(holds);
  return [type?.name.value, field?.name.value].filter(Boolean).join('.');
}

/** An allowance covers exactly what it lists. */
function assertCovers(found, listed, what) {
  const sorted = (names) => [...new Set(names)].sort();
  assert.deepEqual(sorted(found), sorted(listed), `${what}: list it in lint-rules.js with its reason, or strike what is not needed any more`);
}

describe('@graphql-eslint', () => {
  test('schema-recommended and schema-relay report nothing', async () => {
    assert.deepEqual(await lint(ALLOWING), []);
  });

  test('the rules are at work', async () => {
    const eslint = new ESLint({ cwd: ROOT, overrideConfigFile: true, overrideConfig: ALLOWING });
    const broken = `${SDL}\ntype Lost { a_b: Int }\ntype LostConnection { edges: [Int!]! }\n`;
    const [{ messages }] = await eslint.lintText(broken, { filePath: `${ROOT}/schema.graphql` });
    const rules = new Set(messages.map(({ ruleId }) => ruleId.split('/').pop()));
    for (const rule of ['naming-convention', 'require-description', 'strict-id-in-types', 'no-unreachable-types', 'relay-connection-types']) {
      assert.ok(rules.has(rule), `${rule} is silent: ${[...rules]}`);
    }
  });

  test('each allowance covers what it lists, and nothing else', async () => {
    const found = await lint(STRICT);
    assert.deepEqual([...new Set(found.map(({ rule }) => rule))].sort(), ['relay-edge-types', 'strict-id-in-types']);
    const values = found.filter(({ rule, at }) => rule === 'strict-id-in-types' && !/(Payload|Connection|Edge)$/.test(at));
    assertCovers(values.map(({ at }) => at), Object.values(VALUES).flat(), 'types without an id');
    const edges = found.filter(({ message }) => message.includes('must implement `Node`'));
    assertCovers(edges.map(({ at }) => at), EDGES_OF_VALUES, 'edges of what is no node');
    const lists = found.filter(({ message }) => message.includes('list type should only wrap an edge')).map(({ at }) => at);
    assert.equal(lists.length + edges.length, found.filter(({ rule }) => rule === 'relay-edge-types').length);
    assertCovers(lists.filter(isListOfObjects), Object.values(SHORT_LISTS).flat(), 'lists that are no connections');
  });
});

/** Not the `nodes` beside `edges`, not a payload's `userErrors`, and not a list of an enum's values or texts. */
function isListOfObjects(at) {
  const [type, name] = at.split('.');
  if (name === 'userErrors' || (name === 'nodes' && type.endsWith('Connection'))) return false;
  const field = SCHEMA.getType(type).getFields()[name];
  return isCompositeType(getNamedType(field.type));
}
