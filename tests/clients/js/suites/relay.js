// Relay's compiler over the three apps' documents. Relay wants each definition in a module of its name and the kind of the
// operation at the end of it; beside that the documents are compiled as they stand.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse, validate } from 'graphql';
import compiler from 'relay-compiler';

import { APPS, definitions, SCHEMA } from '../documents.js';
import { ROOT } from '../server.js';
import { owner, server } from './world.js';

const SUFFIX = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription', fragment: '' };

/** A list as Relay pages through it, which no app has yet. */
const PAGED = [
  'query TicketHistoryQuery { ...TicketHistory_query }',
  `fragment TicketHistory_query on Query
    @refetchable(queryName: "TicketHistoryPageQuery")
    @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
    tickets(first: $count, after: $cursor) @connection(key: "TicketHistory_tickets") { edges { node { id number } } }
  }`,
];

let folder;

function write(name, module, sources) {
  const tags = sources.map((source) => `graphql\`${source}\`;\n`);
  writeFileSync(join(folder, name, 'src', `${module}.js`), tags.join(''));
}

function prepare(name) {
  mkdirSync(join(folder, name, 'src'), { recursive: true });
  cpSync(join(ROOT, 'schema.graphql'), join(folder, name, 'schema.graphql'));
  const config = { src: 'src', schema: 'schema.graphql', language: 'javascript', eagerEsModules: false, noSourceControl: true };
  writeFileSync(join(folder, name, 'relay.config.json'), JSON.stringify(config));
}

/** Compiles one app's folder and answers the text of each operation that came out. */
function compile(name) {
  const done = spawnSync(compiler, [], { cwd: join(folder, name), encoding: 'utf8' });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  const generated = join(folder, name, 'src', '__generated__');
  const load = createRequire(join(generated, 'index.js'));
  const artifacts = readdirSync(generated).map((file) => load(`./${file}`));
  const operations = artifacts.filter((artifact) => artifact.kind === 'Request');
  return Object.fromEntries(operations.map(({ params }) => [params.name, params.text]));
}

describe('relay-compiler', () => {
  before(() => { folder = mkdtempSync(join(tmpdir(), 'anju-relay-')); });
  after(() => rmSync(folder, { recursive: true }));

  for (const app of APPS) {
    test(`the ${app} app's documents compile, and the server knows what comes out`, async () => {
      prepare(app);
      for (const { name, kind, source } of definitions(app)) {
        const module = name + (name.endsWith(SUFFIX[kind]) ? '' : SUFFIX[kind]);
        write(app, module, [source.replace(name, module)]);
      }
      const compiled = compile(app);
      const operations = definitions(app).filter(({ kind }) => kind !== 'fragment');
      assert.equal(Object.keys(compiled).length, operations.length);
      for (const text of Object.values(compiled)) assert.deepEqual(validate(SCHEMA, parse(text)), []);
      if (app === 'owner') {
        const data = await server().call(compiled.OwnerHomeQuery, {}, await owner());
        assert.equal(data.viewer.name, '陈静怡');
      }
    });
  }

  test('a list is paged through as Relay does it', async () => {
    prepare('paged');
    write('paged', 'TicketHistory', PAGED);
    const compiled = compile('paged');
    const first = await server().call(compiled.TicketHistoryQuery, {}, await owner());
    const { edges, pageInfo } = first.tickets;
    assert.deepEqual([edges.length, pageInfo.hasNextPage], [2, true]);
    const next = await server().call(compiled.TicketHistoryPageQuery, { count: 2, cursor: pageInfo.endCursor }, await owner());
    const numbers = new Set([...edges, ...next.tickets.edges].map((edge) => edge.node.number));
    assert.equal(numbers.size, 4);
  });
});
