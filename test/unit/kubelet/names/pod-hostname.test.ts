import { describe, expect, test } from '@jest/globals';
import type { PodSpec } from '../../../../src/api/generated/types.ts';
import { podHostname } from '../../../../src/kubelet/names/pod-hostname.ts';

const named = (spec: Partial<PodSpec>, name = 'web-0'): ReturnType<typeof podHostname> => podHostname({ metadata: { name, namespace: 'shop' }, spec: { containers: [], ...spec } });
const DOMAIN = 'peers.shop.svc.cluster.local';
const LONG = 'a'.repeat(62);

describe('a Pod is called', () => {
  test.each<readonly [title: string, found: ReturnType<typeof podHostname>, wants: readonly [hostname: string, domain: string, kernelName: string]]>([
    ['by its own name', named({}), ['web-0', '', 'web-0']],
    ['as it asks to be', named({ hostname: 'db' }), ['db', '', 'db']],
    ['by as much of its name as a label holds, without a sign at its end', named({}, `${LONG}-more`), [LONG, '', LONG]],
    ['by a name in its domain', named({ hostname: 'db', subdomain: 'peers' }), ['db', DOMAIN, 'db']],
    ['by its own name in its domain', named({ subdomain: 'peers' }), ['web-0', DOMAIN, 'web-0']],
    ['by its whole name', named({ hostname: 'db', subdomain: 'peers', setHostnameAsFQDN: true }), ['db', DOMAIN, `db.${DOMAIN}`]],
    ['by its short name where it has no domain to name', named({ setHostnameAsFQDN: true }), ['web-0', '', 'web-0']],
    ['by the name that overrides all others', named({ hostname: 'db', subdomain: 'peers', hostnameOverride: 'mail.example.com' }), ['mail.example.com', '', 'mail.example.com']],
  ])('%s', (_title, found, [hostname, domain, kernelName]) => {
    expect(found).toEqual({ hostname, domain, kernelName });
  });

  test('nothing that the kernel cannot hold', () => {
    const whole = `${LONG}.${DOMAIN}`;
    expect(() => named({ hostname: LONG, subdomain: 'peers', setHostnameAsFQDN: true })).toThrow(
      `Failed to construct FQDN from Pod hostname and cluster domain, FQDN ${whole} is too long (64 characters is the max, ${whole.length} characters requested)`,
    );
  });
});
