// Everything that app developers use, against one running server. `npm test` runs it.

import { after, before } from 'node:test';

import { start, stop } from './suites/world.js';

before(start);
after(stop);

await import('./suites/http.js');
await import('./suites/graphql-ws.js');
await import('./suites/graphql-sse.js');
await import('./suites/apollo.js');
await import('./suites/urql.js');
await import('./suites/relay.js');
await import('./suites/codegen.js');
await import('./suites/lint.js');
await import('./suites/schema-changes.js');
await import('./suites/configurations.js');
await import('./suites/guide.js');
await import('./suites/explorer.js');
await import('./suites/tours.js');
