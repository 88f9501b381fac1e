// minik debug over a real API without containers: what is stored, what is said, what is refused.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PODS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';

let home: CliHome;
const namespace = 'default';

beforeEach(async () => {
  home = await startCliHome();
  await home.api.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace }, spec: { containers: [{ name: 'main', image: 'i' }] } });
});
afterEach(() => home.close());

const added = async () => (await home.api.client.get(PODS, { namespace, name: 'web' })).spec?.ephemeralContainers ?? [];

test('adds a container and returns', async () => {
  const words = ['debug', 'web', '--image=busybox', '--target=main', '-c', 'look', '--env', 'A=1', '--env', 'B=x=y', '--image-pull-policy', 'Never', '--', 'ps', '-ef'];
  expect(await home.minik(words)).toEqual({
    code: 0,
    out: "Targeting container \"main\". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n",
    err: '',
  });
  expect(await added()).toMatchObject([
    { name: 'look', image: 'busybox', command: ['ps', '-ef'], env: [{ name: 'A', value: '1' }, { name: 'B', value: 'x=y' }], imagePullPolicy: 'Never', targetContainerName: 'main' },
  ]);
});

test('names it where no name is given', async () => {
  const { out } = await home.minik(['debug', 'pod/web', '--image=busybox', '--arguments-only', '--', 'x']);
  const [container] = await added();
  expect(container).toMatchObject({ name: expect.stringMatching(/^debugger-[a-z0-9]{5}$/), args: ['x'] });
  expect(out).toBe(`Defaulting debug container name to ${container?.name}.\n`);
});

test.each([
  ['debug --image=x', 'error: NAME is required for debug'],
  ['debug web', 'error: you must specify --image: a new container is added to the Pod, and this is what it runs'],
  ['debug web --image=x -t', 'error: -i/--stdin is required for containers with -t/--tty=true'],
  ['debug web --image=x --env 1', 'error: invalid env: 1'],
  ['debug none --image=x', 'Error from server (NotFound): pods "none" not found'],
  ['debug web --image=x -c main', 'The Pod "web" is invalid: spec.ephemeralContainers[0].name: Duplicate value: "main"'],
  ['debug web --image=x -c look -q --target=none', 'The Pod "web" is invalid: spec.ephemeralContainers[0].targetContainerName: Not found: "none"'],
])('%s is refused', async (line, message) => {
  const { code, err } = await home.minik(line.split(' '));
  expect({ code, err: err.split('\n')[0] }).toEqual({ code: 1, err: message });
  expect(await added()).toEqual([]);
});
