import { Failure } from './failure';
import { MAX_ANSWER_BYTES } from './protocol';

export type Handler = (params: unknown) => unknown;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The other side answered a request with an error; its message is meant for the user. */
export class HostError extends Error {
  // Malloy shows some errors as String(error); without a name only the message is left.
  override readonly name = '';
}

const CODES = { invalidRequest: -32600, methodNotFound: -32601, failure: -32000 } as const;

/**
 * A JSON-RPC 2.0 peer: one JSON object a line, requests in both directions, each direction with
 * its own ids. Handlers run concurrently, so a handler may ask the other side something.
 */
export class RpcPeer {
  private partial: string[] = [];
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();

  private handlers: ReadonlyMap<string, Handler> = new Map();

  constructor(
    private readonly write: (line: string) => void,
    private readonly log: (message: string) => void,
  ) {}

  /** Sets the methods of this side. Not in the constructor, as they may use the peer themselves. */
  offer(handlers: ReadonlyMap<string, Handler>): void {
    this.handlers = handlers;
  }

  /**
   * Takes the next piece of the incoming text. Lines end at `\n` only: readline also splits at
   * U+2028, which JSON leaves as it is in a string.
   */
  receive(chunk: string): void {
    const pieces = chunk.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.partial.push(piece);
      const line = this.partial.join('');
      this.partial = [];
      if (line.trim() !== '') this.dispatch(line);
    }
    if (last !== '') this.partial.push(last);
  }

  request(method: string, params: unknown): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** Says something that has no answer. */
  notify(method: string, params: unknown): void {
    this.write(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  private dispatch(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch (error) {
      this.log(`A line is not JSON and was passed over: ${String(error)}`);
      return;
    }
    if (!isObject(message)) {
      this.log('A line is not a JSON object and was passed over.');
    } else if (typeof message['method'] === 'string') {
      void this.serve(message['method'], message['id'], message['params']);
    } else {
      this.settle(message);
    }
  }

  private settle(answer: Readonly<Record<string, unknown>>): void {
    const id = answer['id'];
    const waiting = typeof id === 'number' ? this.waiting.get(id) : undefined;
    if (typeof id !== 'number' || waiting === undefined) {
      this.log(`An answer has an id that nobody waits for: ${JSON.stringify(id)}`);
      return;
    }
    this.waiting.delete(id);
    const error = answer['error'];
    if (error === undefined || error === null) {
      waiting.resolve(answer['result']);
    } else {
      const message = isObject(error) ? error['message'] : undefined;
      waiting.reject(new HostError(typeof message === 'string' ? message : JSON.stringify(error)));
    }
  }

  private async serve(method: string, id: unknown, params: unknown): Promise<void> {
    if (typeof id !== 'number') {
      this.log(`The request ${method} has no number as its id and gets no answer.`);
      return;
    }
    const handler = this.handlers.get(method);
    if (handler === undefined) {
      this.refuse(id, CODES.methodNotFound, new Failure('invalid', `No method "${method}".`));
      return;
    }
    try {
      this.answer(id, (await handler(params)) ?? {});
    } catch (error) {
      if (error instanceof Failure) {
        const invalid = error.kind === 'invalid';
        this.refuse(id, invalid ? CODES.invalidRequest : CODES.failure, error);
      } else {
        this.log(`${method} failed: ${stackOf(error)}`);
        this.refuse(id, CODES.failure, new Failure('internal', messageOf(error)));
      }
    }
  }

  private answer(id: number, result: unknown): void {
    const line = JSON.stringify({ jsonrpc: '2.0', id, result });
    const size = Buffer.byteLength(line);
    if (size > MAX_ANSWER_BYTES) {
      const limit = MAX_ANSWER_BYTES / 1024 / 1024;
      const message = `The answer has ${size} bytes; at most ${limit} MiB are sent.`;
      throw new Failure('too_large', message);
    }
    this.write(line);
  }

  private refuse(id: number, code: number, failure: Failure): void {
    const data = { kind: failure.kind, problems: failure.problems };
    const error = { code, message: failure.message, data };
    this.write(JSON.stringify({ jsonrpc: '2.0', id, error }));
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
