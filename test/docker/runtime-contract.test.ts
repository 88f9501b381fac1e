// Docker keeps the promises of the port, the same ones as the fake that other tests run on.
import { jest } from '@jest/globals';
import { runtimeContract } from '../contract/runtime.contract.ts';
import { useDocker } from '../support/docker.ts';

jest.setTimeout(90_000);

runtimeContract('docker', async () => {
  const docker = await useDocker();
  return { runtime: docker.runtime, image: 'busybox', close: () => docker.close() };
});
