// The three apps' documents, as they are kept beside this folder, and what a request for one operation carries.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, Kind, parse, print, separateOperations } from 'graphql';

import { ROOT } from './server.js';

export const APPS = ['owner', 'butler', 'partner'];

export const SDL = readFileSync(join(ROOT, 'schema.graphql'), 'utf8');
export const SCHEMA = buildSchema(SDL);

export function text(app) {
  return readFileSync(join(ROOT, 'tests/clients', `${app}.graphql`), 'utf8');
}

function operations(app) {
  return separateOperations(parse(text(app)));
}

/** The operation and its fragments, as a document. */
export function document(app, name) {
  const found = operations(app)[name];
  if (!found) throw new Error(`the ${app} app has no operation ${name}`);
  return found;
}

/** The same as text. */
export function operation(app, name) {
  return print(document(app, name));
}

/** Every definition of an app, as it stands in the file. */
export function definitions(app) {
  return parse(text(app)).definitions.map((definition) => ({
    name: definition.name.value,
    kind: definition.kind === Kind.FRAGMENT_DEFINITION ? 'fragment' : definition.operation,
    source: print(definition),
  }));
}
