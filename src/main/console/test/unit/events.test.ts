import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf, type ServerEvent } from '../../src/live/events';

function streamOf(pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function read(...pieces: string[]): Promise<ServerEvent[]> {
  const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
  const events: ServerEvent[] = [];
  for await (const event of eventsOf(streamOf(bytes))) {
    events.push(event);
  }
  return events;
}

test('events are read however the stream is cut', async () => {
  const text =
    'retry: 1000\n\n:\n\nid: a.1\nevent: target\ndata: {"n":1}\n\nevent: end\ndata: {}\n\n';
  const whole = await read(text);
  assert.deepEqual(whole, [
    { id: 'a.1', name: 'target', data: '{"n":1}' },
    { id: undefined, name: 'end', data: '{}' },
  ]);
  for (let at = 1; at < text.length; at++) {
    assert.deepEqual(await read(text.slice(0, at), text.slice(at)), whole);
  }
});

test('a character that is cut in two is one all the same', async () => {
  const bytes = new TextEncoder().encode('data: é\n\n');
  const stream = streamOf([bytes.slice(0, 7), bytes.slice(7)]);
  for await (const event of eventsOf(stream)) {
    assert.equal(event.data, 'é');
  }
});

test('several lines of data are one text, and half an event is none', async () => {
  assert.deepEqual(await read('data: a\ndata: b\n\ndata: lost'), [
    { id: undefined, name: 'message', data: 'a\nb' },
  ]);
});
