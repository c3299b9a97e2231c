import { startupSnapshot } from 'node:v8';
import './malformed-dialect';
import { rehearse } from './rehearsal';
import { serve } from './serve';
import './unwrapped-postgres';

// Node runs this to make a snapshot (--build-snapshot), or to serve; from a snapshot it only serves.
if (startupSnapshot.isBuildingSnapshot()) {
  startupSnapshot.setDeserializeMainFunction(serve);
  // A failure ends it, without a snapshot.
  void rehearse();
} else {
  serve();
}
