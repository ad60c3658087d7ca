// graphql-sse in its distinct connections mode, which is the one for networks that break sockets.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from 'graphql-sse';

import { operation } from '../documents.js';
import { bearer } from '../server.js';
import { missAndFollow, owner, report, server } from './world.js';

function connect(token) {
  return createClient({ url: server().url, headers: bearer(token), retryAttempts: 0 });
}

async function ask(client, query, variables) {
  for await (const answer of client.iterate({ query, variables })) return answer;
  throw new Error('no answer');
}

describe('graphql-sse', () => {
  test('queries and mutations are streams of one answer', async () => {
    const client = connect(await owner());
    const { data } = await ask(client, operation('owner', 'MyTickets'), { first: 2 });
    assert.equal(data.tickets.edges.length, 2);
    const made = await ask(client, operation('owner', 'CreateTicket'), { input: await report('灯不亮') });
    assert.equal(made.data.createTicket.ticket.title, '灯不亮');
    const again = await ask(client, operation('owner', 'CreateTicket'), { input: { ...await report(' '), title: '' } });
    assert.deepEqual(again.data.createTicket.userErrors.map(({ code, field }) => [code, field]), [['REQUIRED', 'title']]);
  });

  test('a subscription begins with what was missed', async () => {
    const client = connect(await owner());
    await missAndFollow((variables, heard) => {
      const payload = { query: operation('owner', 'TicketStatusChanged'), variables };
      return client.subscribe(payload, { next: ({ data }) => heard(data), error: (error) => heard({ error }), complete() {} });
    });
    client.dispose();
  });

  test('what can not start is refused with a status', async () => {
    for (const [token, query, status] of [
      [await owner(), 'subscription { ticketStatusChangd { cursor } }', 400],
      ['nonsense', operation('owner', 'BulletinPublished'), 401],
    ]) {
      const refused = await ask(connect(token), query).then(() => undefined, (error) => error);
      assert.equal(refused?.response?.status, status, String(refused));
    }
  });
});
