import { RpcHost } from './host';
import { endWithServer } from './orphan';
import { ownOutput } from './own-output';
import { RpcPeer } from './rpc';
import { methods } from './service';

/** Answers the server until that is gone. */
export function serve(): void {
  endWithServer();
  const peer = new RpcPeer(ownOutput(), (message) => {
    console.error(message);
  });
  peer.offer(methods(new RpcHost(peer)));

  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk: string) => {
    peer.receive(chunk);
  });
  // The server is gone: nobody is left to answer, or to be answered.
  process.stdin.on('end', () => process.exit(0));
  process.stdout.on('error', () => process.exit(0));
}
