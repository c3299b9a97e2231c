import { Worker } from 'node:worker_threads';

// A process that computes doesn't see its input end, and nobody is left then to stop it when it
// takes too long. So another thread looks whether the server is still its parent.
const watch = `
const server = process.ppid;
setInterval(() => {
  if (process.ppid !== server) process.kill(process.pid, 'SIGKILL');
}, 500);
`;

new Worker(watch, {
  eval: true,
  execArgv: [],
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
}).unref();
