/**
 * A process that computes doesn't see its input end, and nobody is left then to stop it when it
 * takes too long. So another thread looks whether the server is still its parent.
 */
export function endWithServer(): void {
  // The parent as it is now: when the thread has come up, the server may be gone already.
  const watch = `
    setInterval(() => {
      if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL');
    }, 500);
  `;
  // Only now: what was loaded for a snapshot starts no worker after it (Node.js 20.20).
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Worker } = require('node:worker_threads') as typeof import('node:worker_threads');
  new Worker(watch, {
    eval: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  }).unref();
}
