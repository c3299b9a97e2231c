import './quiet-console';
import './malformed-dialect';
import './orphan';
import { RpcHost } from './host';
import { RpcPeer } from './rpc';
import { methods } from './service';

const peer = new RpcPeer(
  (line) => process.stdout.write(`${line}\n`),
  (message) => {
    console.error(message);
  },
);
peer.offer(methods(new RpcHost(peer)));

process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  peer.receive(chunk);
});
// The server is gone: nobody is left to answer, or to be answered.
process.stdin.on('end', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
