// What docs/clients gives the makers of phone apps: their own generators run on their own machines, so here it is only
// looked at whether the files name what is there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isScalarType, isSpecifiedScalarType, parse, validate } from 'graphql';

import { APPS, SCHEMA, text } from '../documents.js';
import { ROOT } from '../server.js';

const read = (name) => readFileSync(join(ROOT, 'docs/clients', name), 'utf8');
const scalars = Object.values(SCHEMA.getTypeMap()).filter((type) => isScalarType(type) && !isSpecifiedScalarType(type)).map(({ name }) => name);

describe('docs/clients', () => {
  test('each app\'s documents are valid as one file, as generators read them', () => {
    for (const app of APPS) assert.deepEqual(validate(SCHEMA, parse(text(app))), []);
  });

  test('every scalar of the schema has its type in Kotlin, Swift and TypeScript', () => {
    assert.deepEqual(scalars.sort(), ['Date', 'DateTime', 'Month']);
    const kotlin = read('apollo-kotlin.build.gradle.kts');
    for (const name of scalars) {
      assert.match(kotlin, new RegExp(`mapScalar\\w*\\("${name}"`));
      assert.match(read('README.md'), new RegExp(`\\| \`${name}\` \\|`));
    }
  });

  test('the configuration for iOS names its files', () => {
    const { input, output, schemaNamespace } = JSON.parse(read('apollo-codegen-config.json'));
    assert.deepEqual([input.schemaSearchPaths, input.operationSearchPaths], [['graphql/schema.graphqls'], ['graphql/owner.graphql']]);
    assert.ok(output.schemaTypes.path.endsWith(schemaNamespace));
    // A namespace that is also a type of the schema would hide it.
    assert.equal(SCHEMA.getType(schemaNamespace), undefined);
  });
});
