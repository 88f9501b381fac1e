// What -i and -t ask of the container; the rest is held against the real kubectl elsewhere.
import { expect, test } from '@jest/globals';
import { generateWorkload, type Workload } from '../../../../src/cli/run/generate-workload.ts';

const workload: Workload = {
  name: 'x', image: 'i', restart: 'Never', words: [], wordsAreCommand: false, env: [], labels: '', annotations: [], port: undefined,
  imagePullPolicy: undefined, privileged: false, stdin: false, leavesStdinOpen: false, tty: false,
};

test.each<[string, Partial<Workload>, object]>([
  ['nothing', {}, {}],
  ['-i', { stdin: true }, { stdin: true, stdinOnce: true }],
  ['-i --leave-stdin-open', { stdin: true, leavesStdinOpen: true }, { stdin: true }],
  ['-it', { stdin: true, tty: true }, { stdin: true, stdinOnce: true, tty: true }],
])('%s', (_flags, change, expected) => {
  expect(generateWorkload({ ...workload, ...change })).toMatchObject({ spec: { containers: [expect.objectContaining({ name: 'x' })] } });
  const { spec } = generateWorkload({ ...workload, ...change }) as { spec?: { containers: readonly object[] } };
  expect(spec?.containers[0]).toEqual({ name: 'x', image: 'i', resources: {}, ...expected });
});
