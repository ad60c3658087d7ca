// Apollo Client as a mobile web app sets it up: automatic persisted queries over HTTP, subscriptions over a socket, a
// normalised cache.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { getIntrospectionQuery, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { document } from '../documents.js';
import { bearer } from '../server.js';
import { home, missAndFollow, owner, report, server } from './world.js';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Which objects an interface or union can be, read from the server as Apollo's documentation has it. */
async function possibleTypes() {
  const { __schema } = await server().call(getIntrospectionQuery());
  const abstract = __schema.types.filter((type) => type.possibleTypes);
  return Object.fromEntries(abstract.map((type) => [type.name, type.possibleTypes.map(({ name }) => name)]));
}

/** A client, and the bodies it has sent over HTTP. */
async function connect(token, { persisted = true } = {}) {
  const sent = [];
  const fetcher = (url, options) => {
    sent.push(JSON.parse(options.body));
    return fetch(url, options);
  };
  const plain = new HttpLink({ uri: server().url, headers: bearer(token), fetch: fetcher });
  const http = persisted ? new PersistedQueryLink({ sha256 }).concat(plain) : plain;
  const sockets = createClient({ url: server().socketUrl, webSocketImpl: WebSocket, connectionParams: bearer(token), retryAttempts: 0 });
  const isLive = ({ query }) => getMainDefinition(query).operation === 'subscription';
  const link = ApolloLink.split(isLive, new GraphQLWsLink(sockets), http);
  const cache = new InMemoryCache({ possibleTypes: await possibleTypes() });
  return { client: new ApolloClient({ link, cache }), sent, sockets };
}

describe('Apollo Client', () => {
  test('a document is sent whole once, and by its hash from then on', async () => {
    // A document of its own, which no other suite has told the server.
    const query = parse('query ApolloHome { viewer { __typename ... on Owner { id name units(first: 2) { nodes { id code } } } } }');
    const first = await connect(await owner());
    const { data } = await first.client.query({ query });
    assert.equal(data.viewer.name, '陈静怡');
    assert.deepEqual(first.sent.map((body) => 'query' in body), [false, true]);
    const second = await connect(await owner());
    assert.deepEqual((await second.client.query({ query })).data, data);
    assert.deepEqual(second.sent.map((body) => 'query' in body), [false]);
  });

  test('the home screen is read through fragments and unions, and its ticket is one object in the cache', async () => {
    const { client } = await connect(await owner());
    const made = await client.mutate({ mutation: document('owner', 'CreateTicket'), variables: { input: await report('门锁损坏') } });
    const { ticket, userErrors } = made.data.createTicket;
    assert.deepEqual(userErrors, []);
    const shown = await client.query({ query: document('owner', 'OwnerHome') });
    assert.equal(shown.data.viewer.units.nodes[0].code, (await home()).code);
    assert.equal(shown.data.tickets.nodes[0].number, ticket.number);
    const input = { ticketId: ticket.id, reason: '误报' };
    await client.mutate({ mutation: document('owner', 'CancelTicket'), variables: { input } });
    const kept = client.readQuery({ query: document('owner', 'OwnerHome') });
    assert.equal(kept.tickets.nodes[0].status, 'CANCELLED');
  });

  test('a subscription over the socket begins with what was missed', async () => {
    const { client, sockets } = await connect(await owner());
    await missAndFollow((variables, heard) => {
      const stream = client.subscribe({ query: document('owner', 'TicketStatusChanged'), variables });
      const subscription = stream.subscribe({ next: ({ data }) => heard(data), error: (error) => heard({ error }) });
      return () => subscription.unsubscribe();
    });
    await sockets.dispose();
  });

  test('a refused input is data, an error has its code, and a bad token is told', async () => {
    const { client } = await connect(await owner());
    const made = await client.mutate({ mutation: document('owner', 'CreateTicket'), variables: { input: { ...await report(''), title: ' ' } } });
    assert.deepEqual(made.data.createTicket.userErrors.map(({ code, field }) => [code, field]), [['REQUIRED', 'title']]);
    const refused = await client.query({ query: parse('query Prospects { prospects(first: 1) { totalCount } }') }).catch((error) => error);
    assert.ok(CombinedGraphQLErrors.is(refused), String(refused));
    assert.equal(refused.errors[0].extensions.code, 'FORBIDDEN');
    const nobody = await connect('nonsense', { persisted: false });
    const turnedAway = await nobody.client.query({ query: document('owner', 'OwnerHome') }).catch((error) => error);
    const told = CombinedGraphQLErrors.is(turnedAway) ? turnedAway.errors : JSON.parse(turnedAway.bodyText).errors;
    assert.ok(CombinedGraphQLErrors.is(turnedAway) || ServerError.is(turnedAway), String(turnedAway));
    assert.equal(told[0].extensions.code, 'UNAUTHENTICATED');
  });
});
