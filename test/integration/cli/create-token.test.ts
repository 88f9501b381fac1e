// create token against a real API: what it prints, and what it refuses.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { TOKEN_REVIEWS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

let home: CliHome;
const minik = (line: string): Promise<CliResult> => home.minik(line.split(' '));

beforeEach(async () => {
  home = await startCliHome();
  await minik('create serviceaccount robot');
});
afterEach(() => home.close());

test('prints a token that the server accepts, and nothing else', async () => {
  const { code, out, err } = await minik('create token robot');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { status } = await home.api.client.create(TOKEN_REVIEWS, { spec: { token: out } });
  expect(status).toMatchObject({ authenticated: true, user: { username: 'system:serviceaccount:default:robot' } });
});

test('asks for what the flags say', async () => {
  await minik('create secret generic s');
  const { out } = await minik('create token robot --duration=20m --audience=vault --audience=other --bound-object-kind=Secret --bound-object-name=s -o json');
  expect((JSON.parse(out) as { spec: unknown }).spec).toEqual({ audiences: ['vault', 'other'], expirationSeconds: 1200, boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 's' } });
});

test.each([
  ['create token', 'exactly one NAME is required, got 0'],
  ['create token nobody', 'failed to create token: serviceaccounts "nobody" not found'],
  ['create token robot --duration=1s', 'failed to create token: TokenRequest.authentication.k8s.io "robot" is invalid: spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes'],
  ['create token robot --duration=-5m', '--duration must be greater than or equal to 0'],
  ['create token robot --duration=1500ms', '--duration cannot be expressed in units less than seconds'],
  ['create token robot --duration=soon', 'invalid argument "soon" for "--duration" flag: time: invalid duration "soon"'],
  ['create token robot --bound-object-name=s', '--bound-object-name can only be set if --bound-object-kind is provided'],
  ['create token robot --bound-object-uid=u', '--bound-object-uid can only be set if --bound-object-kind is provided'],
  ['create token robot --bound-object-kind=Deployment', 'supported --bound-object-kind values are Pod, Secret'],
  ['create token robot --bound-object-kind=Pod', '--bound-object-name is required if --bound-object-kind is provided'],
])('%s is refused', async (line, message) => {
  const { code, err } = await minik(line);
  expect(code).toBe(1);
  expect(err).toContain(`error: ${message}`);
});
