// What Podman's socket says in other words than the Docker Engine: the words are those of Podman 4.3.1.
import { expect, test } from '@jest/globals';
import { actionMeant, isStartError, statusMeant } from '../../../../../src/kubelet/runtime/docker/podman-words.ts';

test.each<[status: number, message: string, meant: number]>([
  [500, 'container create: creating container storage: the container name "minik_main_p_default_u_0" is already in use by cba2ffe08776. You have to remove that container to be able to reuse that name: that name is already in use', 409],
  [500, 'can only kill running containers. 02af99ec14f9 is in state stopped: container state improper', 409],
  [500, 'write /var/lib/containers: no space left on device', 500],
  [404, 'no such container', 404],
  [409, 'Conflict. The container name "/x" is already in use', 409],
])('a refusal with %i "%s" means %i', (status, message, meant) => {
  expect(statusMeant(status, message)).toBe(meant);
});

test('events have the names that the Docker Engine gives them', () => {
  expect(['died', 'remove', 'die', 'start'].map(actionMeant)).toEqual(['die', 'destroy', 'die', 'start']);
});

test.each([
  ['runc: runc create failed: unable to start container process: exec: "nosuch": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found', true],
  ['crun: executable file `nosuch` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found', true],
  ['a fault of the test', false],
])('whether "%s" is told by what starts processes: %s', (message, is) => {
  expect(isStartError(message)).toBe(is);
});
