import { after, before } from 'node:test';
import { close } from './browser';
import { Server } from './server';

/** A server for all tests of a file; it and the browser end with them. */
export function serverForAll(...settings: string[]): Server {
  const server = new Server(settings);
  before(() => server.start());
  after(async () => {
    await close();
    await server.close();
  });
  return server;
}
