import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Set by whoever runs these tests: {@link ConsoleIT} of the Java sources. */
function given(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set; these tests are started by ConsoleIT`);
  return value;
}

export const BROWSER = given('INGOT_BROWSER');
export const SCREENSHOTS = given('INGOT_SCREENSHOTS');
const COMMAND = JSON.parse(given('INGOT_COMMAND')) as string[];
const READY = /Ingot is ready at http:\/\/localhost:(\d+)/;

/** A packaged server with a home and a folder for packages of its own. */
export class Server {
  readonly folder = mkdtempSync(join(given('INGOT_FOLDER'), 'server-'));
  private process: ChildProcess | undefined;
  private port = 0;

  /** One that isn't started yet. */
  constructor(private readonly settings: string[]) {
    // Each server would unpack DuckDB's extensions for itself.
    mkdirSync(join(this.folder, '.ingot'));
    symlinkSync(given('INGOT_EXTENSIONS'), join(this.folder, '.ingot', 'extensions'));
  }

  static async start(...settings: string[]): Promise<Server> {
    const server = new Server(settings);
    await server.start();
    return server;
  }

  /** The address of a page of its console. */
  url(hash = '#/'): string {
    return `http://localhost:${this.port}/${hash}`;
  }

  /** Starts it, or starts it again at the same place. */
  async start(): Promise<void> {
    const [program = '', ...options] = COMMAND;
    const child = spawn(
      program,
      [...options, `--server.port=${this.port}`, ...this.settings.map((one) => `--${one}`)],
      { cwd: this.folder, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.process = child;
    this.port = await new Promise<number>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString();
        const ready = READY.exec(output);
        if (ready) resolve(Number(ready[1]));
      });
      child.on('exit', () => reject(new Error(`The server has ended:\n${output}`)));
    });
  }

  /** As kill -9; returns when it is gone. */
  async kill(): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async api(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const response = await fetch(`http://localhost:${this.port}/api/v0/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Ends it, and removes all that it has written. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes files of a package, which may be there already. */
  write(name: string, files: Record<string, string>): void {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    const publisher = { name, version: '1.0.0', description: `The package ${name}` };
    writeFileSync(join(folder, 'publisher.json'), JSON.stringify(publisher));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  }

  /** Writes a package and registers it in the project `test`; returns its path in the API. */
  async package(
    name: string,
    files: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<string> {
    this.write(name, files);
    const projects = (await this.api('GET', 'projects', undefined, headers)) as { name: string }[];
    if (!projects.some((one) => one.name === 'test')) {
      await this.api('POST', 'projects', { name: 'test' }, headers);
    }
    await this.api('POST', 'projects/test/packages', { name, location: name }, headers);
    return `projects/test/packages/${name}`;
  }

  /** Builds a package and waits until that is over; returns what became of the run. */
  async build(path: string, options: Record<string, unknown> = {}): Promise<string> {
    const run = (await this.api(
      'POST',
      `${path}/materializations`,
      { ...options, start: true },
      { Prefer: 'wait=60' },
    )) as { status: string };
    return run.status;
  }
}
