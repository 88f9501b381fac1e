// The DNS thread, but it dies soon after it was started.
import '../../src/network/dns/dns-thread.ts';

const LIFE_MS = 400;

setTimeout(() => process.exit(1), LIFE_MS);
