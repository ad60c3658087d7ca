// graphql-transport-ws as the npm client speaks it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { operation } from '../documents.js';
import { missAndFollow, owner, report, server } from './world.js';

function connect(token, options = {}) {
  const connectionParams = token ? { authorization: `Bearer ${token}` } : undefined;
  return createClient({ url: server().socketUrl, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0, ...options });
}

/** The one answer of an operation. */
async function ask(client, query, variables) {
  for await (const answer of client.iterate({ query, variables })) return answer;
  throw new Error('no answer');
}

/** What an operation fails with: an array of errors, or the close of the socket. */
async function failure(client, query, variables) {
  const outcome = await ask(client, query, variables).then((answer) => ({ answer }), (error) => ({ error }));
  assert.ok(outcome.error, JSON.stringify(outcome.answer));
  return outcome.error;
}

describe('graphql-ws', () => {
  test('queries and mutations run on the socket', async () => {
    const client = connect(await owner());
    const { data } = await ask(client, operation('owner', 'OwnerHome'));
    assert.equal(data.viewer.name, '陈静怡');
    const made = await ask(client, operation('owner', 'CreateTicket'), { input: await report('插座没有电') });
    assert.equal(made.data.createTicket.ticket.status, 'SUBMITTED');
    const input = { ticketId: made.data.createTicket.ticket.id, satisfied: true };
    const refused = await ask(client, operation('owner', 'ConfirmTicket'), { input });
    assert.equal(refused.data.confirmTicket.userErrors[0].code, 'ILLEGAL_TRANSITION');
    await client.dispose();
  });

  test('a subscription begins with what was missed', async () => {
    const client = connect(await owner());
    await missAndFollow((variables, heard) => {
      const payload = { query: operation('owner', 'TicketStatusChanged'), variables };
      return client.subscribe(payload, { next: ({ data }) => heard(data), error: (error) => heard({ error }), complete() {} });
    });
    await client.dispose();
  });

  test('after a broken connection the app asks on from the last cursor, and gets nothing twice', async () => {
    let socket;
    const client = connect(await owner(), { on: { opened: (opened) => { socket = opened; } } });
    const closes = [];
    await missAndFollow((variables, heard) => {
      let { after } = variables;
      let end;
      const listen = () => {
        const payload = { query: operation('owner', 'TicketStatusChanged'), variables: { ...variables, after } };
        end = client.subscribe(payload, {
          next({ data }) {
            after = data.ticketStatusChanged.cursor;
            heard(data);
            if (closes.length === 0) socket.terminate();
          },
          error(closed) {
            closes.push(closed.code);
            listen();
          },
          complete() {},
        });
      };
      listen();
      return () => end();
    });
    assert.deepEqual(closes, [1006]);
    await client.dispose();
  });

  test('what the schema does not know is refused with an array of coded errors', async () => {
    const client = connect(await owner());
    for (const [query, code] of [['{ viewr { __typename } }', 'GRAPHQL_VALIDATION_FAILED'], ['{', 'GRAPHQL_PARSE_FAILED']]) {
      const errors = await failure(client, query);
      assert.equal(errors[0].extensions.code, code);
    }
    await client.dispose();
  });

  test('a bad token closes the socket with 4403, and no token is nobody', async () => {
    const closed = await failure(connect('nonsense'), '{ __typename }');
    assert.equal(closed.code, 4403);
    const client = connect();
    const { errors } = await ask(client, operation('owner', 'OwnerHome')).catch((refused) => ({ errors: refused }));
    assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED');
    await client.dispose();
  });
});
