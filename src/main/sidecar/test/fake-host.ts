import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../src/host';
import { NO_GIVENS } from '../src/protocol';
import type { Column, PackageSpec, Problem } from '../src/protocol';

export const BUNDLE = fileURLToPath(new URL('../sidecar.cjs', import.meta.url));

/** The very command line of production: an empty environment, one readable folder, no eval. */
export const SANDBOX = [
  '--experimental-permission',
  '--allow-worker',
  `--allow-fs-read=${dirname(BUNDLE)}`,
  '--disallow-code-generation-from-strings',
  '--max-old-space-size=512',
];

export class Refusal extends Error {
  constructor(
    message: string,
    readonly kind: string,
    readonly problems: Problem[],
  ) {
    super(message);
  }
}

interface Message {
  id: number;
  method?: string;
  params?: Record<string, string>;
  result?: unknown;
  error?: { message: string; data: { kind: string; problems: Problem[] } };
}

interface Waiting {
  resolve(message: Message): void;
  reject(error: Error): void;
}

const DEADLINE_MS = 30_000;

const ANY_COLUMNS: Column[] = [
  { name: 'a', type: 'INTEGER' },
  { name: 'b', type: 'VARCHAR' },
];

/** A server for one sidecar: packages, tables and SELECTs are what the test says they are. */
export class FakeHost {
  /** What the sidecar asked for, such as `describeTable t`. */
  readonly asked: string[] = [];
  /** How far it said that it was. */
  readonly progress: (Progress & { package: string })[] = [];
  readonly tables = new Map<string, Column[]>([['t', ANY_COLUMNS]]);
  stderr = '';
  readonly exit: Promise<number | null>;
  private readonly packages = new Map<string, ReadonlyMap<string, string>>();
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  private constructor(readonly child: ChildProcessWithoutNullStreams) {
    let partial = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (partial + chunk).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) this.receive(line);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    this.exit = new Promise((resolve) => child.on('exit', resolve));
  }

  static start(moreFlags: string[] = []): FakeHost {
    return new FakeHost(
      spawn(process.execPath, [...SANDBOX, ...moreFlags, BUNDLE], { env: {}, stdio: 'pipe' }),
    );
  }

  /** Adds a package; each has an id of its own, so tests do not meet in a cache. */
  package(files: Record<string, string>, explores: string[] | null = null): PackageSpec {
    const id = `package-${this.packages.size + 1}`;
    this.packages.set(id, new Map(Object.entries(files)));
    return {
      id,
      connections: [{ name: 'duckdb', type: 'duckdb', digest: 'digest-of-duckdb' }],
      models: Object.keys(files),
      explores,
    };
  }

  async call<T>(method: string, params: object): Promise<T> {
    const id = this.nextId++;
    const answer = new Promise<Message>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      setTimeout(() => {
        reject(new Error(`${method} got no answer`));
      }, DEADLINE_MS).unref();
    });
    const all = { givens: NO_GIVENS, ...params };
    this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params: all })}\n`);
    const { error, result } = await answer;
    if (error !== undefined) {
      throw new Refusal(error.message, error.data.kind, error.data.problems);
    }
    return result as T;
  }

  async stop(): Promise<number | null> {
    this.child.stdin.end();
    return this.exit;
  }

  private receive(line: string): void {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch (error) {
      for (const waiting of this.waiting.values()) waiting.reject(error as Error);
      return;
    }
    if (message.method === undefined) {
      this.waiting.get(message.id)?.resolve(message);
      return;
    }
    if (message.method === 'progress') {
      this.progress.push(message.params as unknown as Progress & { package: string });
      return;
    }
    let answer: object;
    try {
      answer = { result: this.serve(message.method, message.params ?? {}) };
    } catch (error) {
      answer = { error: { code: -32000, message: (error as Error).message } };
    }
    this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer })}\n`);
  }

  private serve(method: string, params: Record<string, string>): object {
    const { path = '', table = '', sql = '' } = params;
    this.asked.push(`${method} ${path}${table}${sql}`);
    switch (method) {
      case 'readModel': {
        const text = this.packages.get(params['package'] ?? '')?.get(path);
        if (text === undefined) throw new Error(`There is no file "${path}" in the package.`);
        return { text };
      }
      case 'describeTable': {
        const columns = this.tables.get(table);
        if (columns === undefined) throw new Error(`The table ${table} does not exist.`);
        return { columns };
      }
      case 'describeSelect':
        if (sql.includes('broken')) throw new Error('Parser error near "broken".');
        return { columns: ANY_COLUMNS };
      default:
        throw new Error(`No method ${method}.`);
    }
  }
}

/** Runs the call and gives the refusal that it must end with. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`Not refused: ${JSON.stringify(answer)}`);
}
