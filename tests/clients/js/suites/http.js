// The audit of GraphQL over HTTP, whole: what it calls optional too.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { serverAudits } from 'graphql-http';

import { server } from './world.js';

describe('graphql-http', () => {
  const audits = serverAudits({ url: () => server().url });

  test('the audit has its 61 questions', () => assert.equal(audits.length, 61));

  for (const audit of audits) {
    test(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      assert.equal(result.status, 'ok', result.reason);
    });
  }
});
