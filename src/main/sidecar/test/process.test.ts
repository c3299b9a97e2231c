import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Column, ModelReport, Plan } from '../src/protocol';
import { BUNDLE, FakeHost, refusal, SANDBOX } from './fake-host';

const PING = { malloyVersion: '0.0.431', nodeVersion: process.versions.node };

async function withHost(use: (host: FakeHost) => Promise<void>, flags: string[] = []) {
  const host = FakeHost.start(flags);
  try {
    await use(host);
  } finally {
    await host.stop();
  }
}

test('it answers a ping and ends with 0 when its input ends', async () => {
  const host = FakeHost.start();
  assert.deepEqual(await host.call('ping', {}), PING);
  assert.equal(await host.stop(), 0);
});

test('what libraries log does not break the protocol', async () => {
  const noise = fileURLToPath(new URL('../noise.cjs', import.meta.url));
  writeFileSync(noise, 'setInterval(() => console.log("{noise"), 1).unref();');
  await withHost(
    async (host) => {
      const pkg = host.package({ 'm.malloy': 'source: s is duckdb.table("t")\n' });
      const call = { package: pkg, model: 'm.malloy' };
      assert.equal((await host.call<ModelReport>('compileModel', call)).ok, true);
      await new Promise((resolve) => host.child.stderr.once('data', resolve));
      assert.deepEqual(await host.call('ping', {}), PING);
      assert.match(host.stderr, /\{noise/);
    },
    ['--require', noise],
  );
});

test('lines end at a newline only, wherever the bytes are cut', async () => {
  await withHost(async (host) => {
    const pkg = host.package({
      'é.malloy': '// \u2028 \u2029 \u0085 é 😀\nsource: s is duckdb.table("t")\n',
    });
    const request = { package: pkg, model: 'é.malloy' };
    const line = { jsonrpc: '2.0', id: 900, method: 'compileModel', params: request };
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (let i = 0; i < bytes.length; i += 7) {
      host.child.stdin.write(bytes.subarray(i, i + 7));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await host.call<ModelReport>('compileModel', request)).ok, true);
  });
});

test('a line that is no request is passed over', async () => {
  await withHost(async (host) => {
    host.child.stdin.write('not json\n[1]\n{"id":77,"result":1}\n\n');
    assert.deepEqual(await host.call('ping', {}), PING);
    assert.match(host.stderr, /not JSON/);
  });
});

test('unknown methods and wrong parameters are refused with the place of the mistake', async () => {
  await withHost(async (host) => {
    const unknown = await refusal(host.call('eval', {}));
    assert.match(unknown.message, /No method "eval"/);
    const wrong = await refusal(host.call('plan', { package: { id: 'x', connections: 1 } }));
    assert.match(wrong.message, /params\.package\.connections must be an array/);
  });
});

test('an answer of more than 64 MiB is refused, and the next request is served', async () => {
  await withHost(async (host) => {
    const name = 'n'.repeat(1024 * 1024);
    const columns: Column[] = Array.from({ length: 70 }, (_, i) => ({
      name: `${name}${i}`,
      type: 'INTEGER',
    }));
    host.tables.set('huge', columns);
    const pkg = host.package({ 'm.malloy': 'source: s is duckdb.table("huge")\n' });
    const error = await refusal(host.call('compileModel', { package: pkg, model: 'm.malloy' }));
    assert.equal(error.kind, 'too_large');
    assert.deepEqual(await host.call('ping', {}), PING);
  });
});

test('a package is compiled once, again after its release, and again when eight came after it', async () => {
  await withHost(async (host) => {
    const pkg = host.package({ 'm.malloy': 'source: s is duckdb.table("t")\n' });
    const compile = (of: object) => host.call('compileModel', { package: of, model: 'm.malloy' });
    await compile(pkg);
    await compile(pkg);
    assert.deepEqual(host.asked, ['readModel m.malloy', 'describeTable t']);
    await host.call('release', { id: pkg.id });
    await compile(pkg);
    assert.equal(host.asked.length, 4);
    for (let i = 0; i < 7; i++) {
      await compile(host.package({ 'm.malloy': 'source: s is duckdb.table("t")\n' }));
    }
    await compile(pkg);
    assert.equal(host.asked.length, 18);
    for (let i = 0; i < 8; i++) {
      await compile(host.package({ 'm.malloy': 'source: s is duckdb.table("t")\n' }));
    }
    await compile(pkg);
    assert.equal(host.asked.length, 36);
    // The one used last is kept, though it came first.
    for (let i = 0; i < 9; i++) {
      await compile(pkg);
      await compile(host.package({ 'm.malloy': 'source: s is duckdb.table("t")\n' }));
    }
    assert.equal(host.asked.length, 54);
  });
});

test('it can read no file outside of its folder, and starts no process', async () => {
  const probe = fileURLToPath(new URL('../probe.cjs', import.meta.url));
  writeFileSync(
    probe,
    `const attempt = (f) => { try { f(); return 'allowed'; } catch (e) { return e.code; } };
     console.error(attempt(() => require('fs').readFileSync('/etc/hostname')),
       attempt(() => require('fs').writeFileSync(__filename, '')),
       attempt(() => require('child_process').execSync('true')),
       attempt(() => new Function('return 1')()) ?? 'no eval');`,
  );
  await withHost(
    async (host) => {
      await host.call('ping', {});
      assert.match(host.stderr, /(ERR_ACCESS_DENIED ){3}no eval/);
    },
    ['--require', probe],
  );
});

const BLOB = join(dirname(BUNDLE), 'compiler.snapshot');

before(() => {
  makeSnapshot(BUNDLE, BLOB);
});

/** With the options of V8 that it is begun with. */
function makeSnapshot(script: string, blob: string): void {
  const ofV8 = SANDBOX.filter((flag) => /code-generation|old-space/.test(flag));
  const making = ['--snapshot-blob', blob, '--build-snapshot', script];
  execFileSync(process.execPath, ['--no-warnings', ...ofV8, ...making]);
}

for (const from of [[], ['--snapshot-blob', BLOB]]) {
  const begun = from.length === 0 ? 'from its bundle' : 'from a snapshot';

  test(`${begun} it ends when its parent does, though its input stays open`, async () => {
    const command = [process.execPath, ...SANDBOX, ...from, BUNDLE];
    const parent = spawn('sh', ['-c', '"$@"; true', 'sh', ...command], { stdio: 'pipe' });
    parent.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping","params":{}}\n');
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    // Which it holds, too.
    await once(parent.stdout, 'close');
  });
}

test('from a snapshot it begins as from its bundle', async () => {
  await withHost(
    async (host) => {
      assert.deepEqual(await host.call('ping', {}), PING);
      const pkg = host.package({
        'm.malloy':
          '##! experimental.persistence\n' +
          '#@ persist name=p\nsource: s is duckdb.table("t") -> {group_by: a}\n',
      });
      const { targets } = await host.call<Plan>('plan', { package: pkg });
      assert.equal(targets.length, 1);
      assert.deepEqual(host.asked, ['readModel m.malloy', 'describeTable t']);
      // What libraries log goes elsewhere here, too.
      host.child.stdin.write('not json\n');
      assert.deepEqual(await host.call('ping', {}), PING);
      assert.match(host.stderr, /not JSON/);
    },
    ['--snapshot-blob', BLOB],
  );
});

test('what begins from a snapshot is in the same sandbox', () => {
  const probe = join(dirname(BUNDLE), 'snapshot-probe.cjs');
  writeFileSync(
    probe,
    `const attempt = (f) => { try { f(); return 'allowed'; } catch (e) { return e.code; } };
     require('v8').startupSnapshot.setDeserializeMainFunction(() => console.log(
       attempt(() => require('fs').readFileSync('/etc/hostname')),
       attempt(() => require('fs').writeFileSync(${JSON.stringify(probe)}, '')),
       attempt(() => require('child_process').execSync('true')),
       attempt(() => new Function('return 1')()) ?? 'no eval'));`,
  );
  const blob = `${probe}.snapshot`;
  makeSnapshot(probe, blob);
  const said = execFileSync(process.execPath, [...SANDBOX, '--snapshot-blob', blob, probe]);
  assert.match(said.toString(), /(ERR_ACCESS_DENIED ){3}no eval/);
});
