import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that shows a server below a path, as it comes: the host that was asked is passed on. */
export async function below(
  prefix: string,
  server: string,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const proxy = createServer((asked, answer) => {
    const path = asked.url ?? '/';
    if (!path.startsWith(prefix)) {
      answer.writeHead(404).end();
      return;
    }
    const passed = request(
      new URL(path.slice(prefix.length - 1), server),
      { method: asked.method ?? 'GET', headers: asked.headers },
      (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, 'localhost', resolve));
  try {
    await work(`http://localhost:${(proxy.address() as AddressInfo).port}${prefix}`);
  } finally {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
}
