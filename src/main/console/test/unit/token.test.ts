import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audiencesOf } from '../../src/api/token';

test('whom a token is for is read without trusting it', () => {
  const token = (claims: unknown) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  assert.deepEqual(audiencesOf(token({ aud: 'a' })), ['a']);
  assert.deepEqual(audiencesOf(token({ aud: ['a', 'bé'] })), ['a', 'bé']);
  for (const odd of ['', 'opaque', 'a.b.c', token({}), token(null), token('x')]) {
    assert.deepEqual(audiencesOf(odd), [], odd);
  }
});
