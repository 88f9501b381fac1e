// The fake runtime keeps the promises of the port, which is why other tests may rely on it.
import { systemClock } from '../../src/base/clock.ts';
import { FakeRuntime } from '../support/fake-runtime.ts';
import { runtimeContract } from './runtime.contract.ts';

runtimeContract('fake', async () => ({ runtime: new FakeRuntime(systemClock), image: 'busybox', close: async () => {} }));
