// The proxy's thread, with a way to kill it: a connection to this socket of the process ends it as a crash would.
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../src/network/proxy/thread/thread-main.ts';

const path = join(tmpdir(), `minik-mortal-thread-${process.pid}.sock`);
rmSync(path, { force: true });
createServer(() => process.exit(1))
  .listen(path)
  .unref();
