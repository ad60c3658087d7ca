// urql with its normalised cache, made aware of the schema, and subscriptions over both transports.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { introspectionFromSchema, isObjectType } from 'graphql';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createSockets } from 'graphql-ws';
import WebSocket from 'ws';

import { document, SCHEMA } from '../documents.js';
import { bearer } from '../server.js';
import { missAndFollow, owner, report, server } from './world.js';

/** Lists, payloads and values are kept with the object that holds them. */
function keys() {
  const types = Object.values(SCHEMA.getTypeMap()).filter((type) => isObjectType(type) && !('id' in type.getFields()));
  return Object.fromEntries(types.map(({ name }) => [name, () => null]));
}

function connect(token, transport) {
  const warnings = [];
  const cache = cacheExchange({ schema: introspectionFromSchema(SCHEMA), keys: keys(), logger: (_, message) => warnings.push(message) });
  const forwardSubscription = ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: transport.subscribe({ query, variables }, sink) }),
  });
  const exchanges = [cache, fetchExchange, ...transport ? [subscriptionExchange({ forwardSubscription })] : []];
  const client = new Client({ url: server().url, exchanges, fetchOptions: { headers: bearer(token) }, preferGetMethod: false });
  return { client, warnings };
}

function sockets(token) {
  return createSockets({ url: server().socketUrl, webSocketImpl: WebSocket, connectionParams: bearer(token), retryAttempts: 0 });
}

describe('urql', () => {
  test('a mutation changes what the cache shows of the ticket', async () => {
    const { client, warnings } = connect(await owner());
    const made = await client.mutation(document('owner', 'CreateTicket'), { input: await report('漏风') }).toPromise();
    assert.equal(made.error, undefined);
    const { ticket } = made.data.createTicket;
    const query = () => client.query(document('owner', 'TicketById'), { id: ticket.id }).toPromise();
    assert.equal((await query()).data.node.status, 'SUBMITTED');
    await client.mutation(document('owner', 'CancelTicket'), { input: { ticketId: ticket.id, reason: '误报' } }).toPromise();
    const kept = client.readQuery(document('owner', 'TicketById'), { id: ticket.id });
    assert.equal(kept.data.node.status, 'CANCELLED');
    assert.deepEqual(warnings, []);
  });

  for (const [name, open] of [['graphql-ws', sockets], ['graphql-sse', (token) => createSse({ url: server().url, headers: bearer(token), retryAttempts: 0 })]]) {
    test(`a subscription over ${name} begins with what was missed`, async () => {
      const transport = open(await owner());
      const { client } = connect(await owner(), transport);
      await missAndFollow((variables, heard) => {
        const stream = client.subscription(document('owner', 'TicketStatusChanged'), variables);
        const { unsubscribe } = stream.subscribe(({ data, error }) => heard(data ?? { error }));
        return unsubscribe;
      });
      await transport.dispose();
    });
  }

  test('a refused input is data, and an error has its code', async () => {
    const { client } = connect(await owner());
    const input = { ...await report('x'), title: '' };
    const made = await client.mutation(document('owner', 'CreateTicket'), { input }).toPromise();
    assert.equal(made.data.createTicket.userErrors[0].code, 'REQUIRED');
    const refused = await client.query(document('butler', 'Households'), {}).toPromise();
    assert.equal(refused.error, undefined, 'an owner has no households, and that is no error');
    const nobody = await connect().client.query(document('owner', 'OwnerHome'), {}).toPromise();
    assert.equal(nobody.error.graphQLErrors[0].extensions.code, 'UNAUTHENTICATED');
  });
});
