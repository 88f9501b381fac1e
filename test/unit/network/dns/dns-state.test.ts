import { describe, expect, test } from '@jest/globals';
import { capabilityOf, isForGood, offBecause } from '../../../../src/network/dns/dns-state.ts';
import { KernelError } from '../../../../src/network/kernel/kernel-error.ts';

const AT = { ip: '10.96.0.10', port: 53 };
const failed = (code: string): Error => Object.assign(new Error(`bind ${code} 10.96.0.10:53`), { code });

describe('cluster DNS is off', () => {
  test.each([
    ['for good where only root may listen', failed('EACCES'), true, 'only root may listen on port 53', 'sudo sysctl net.ipv4.ip_unprivileged_port_start=53, then minik stop and minik start'],
    ['until another program lets go of the port', failed('EADDRINUSE'), false, 'another program listens on port 53 of 10.96.0.10, or of every address of this host', "sudo ss -lnup 'sport = :53' shows which; minik tries again"],
    ['for good where Service addresses cannot be had', new KernelError('nft is not installed', 'apt-get install nftables'), true, 'nft is not installed', 'apt-get install nftables'],
    ['for a reason that nobody foresaw', failed('EADDRNOTAVAIL'), false, 'bind EADDRNOTAVAIL 10.96.0.10:53', ''],
  ])('%s', (_title, error, forGood, why, remedy) => {
    expect(isForGood(error)).toBe(forGood);
    expect(capabilityOf(offBecause(error, AT))).toEqual({ name: 'cluster DNS', state: 'off', why: `${why}; Pods use the resolver of this host`, howToTurnOn: remedy });
  });
});

test('cluster DNS waits for somebody to need it, and says where it answers', () => {
  expect(capabilityOf({ state: 'idle' })).toEqual({ name: 'cluster DNS', state: 'idle', why: 'starts with the first Pod or Service', howToTurnOn: '' });
  expect(capabilityOf({ state: 'on', ...AT })).toEqual({ name: 'cluster DNS', state: 'on', why: 'answers at 10.96.0.10', howToTurnOn: '' });
});
