// What Endpoints and EndpointSlices must be, in upstream's words.
import { describe, expect, test } from '@jest/globals';
import { defaultEndpoints, validateEndpoints, validateEndpointsUpdate } from '../../../../src/api/endpoints/validate-endpoints.ts';
import { defaultEndpointSlice, endpointSliceWarnings, validateEndpointSlice, validateEndpointSliceUpdate } from '../../../../src/api/endpointslice/validate-endpoint-slice.ts';
import type { Endpoint, Endpoints, EndpointSlice, EndpointSubset } from '../../../../src/api/generated/types.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const many = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

describe('Endpoints', () => {
  const of = (...subsets: EndpointSubset[]): Endpoints => defaultEndpoints({ metadata: { name: 'web' }, subsets });
  const address = { ip: '10.0.0.1' };
  const rows: readonly (readonly [title: string, subset: EndpointSubset, errors: readonly string[]])[] = [
    ['of an address and a port', { addresses: [address], ports: [{ port: 80 }] }, []],
    ['of an address that is not ready', { notReadyAddresses: [address] }, []],
    ['without addresses', { ports: [{ port: 80 }] }, ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`']],
    ['of what is no address', { addresses: [{ ip: 'x' }] }, ['subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['of this machine to itself', { addresses: [{ ip: '127.0.0.1' }] }, ['subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)']],
    ['of a bad host name', { addresses: [{ ...address, hostname: 'A' }] }, [expect.stringMatching(/^subsets\[0\]\.addresses\[0\]\.hostname: Invalid value: "A": a lowercase RFC 1123 label/) as unknown as string]],
    ['of ports without names', { addresses: [address], ports: [{ port: 80 }, { name: 'b', port: 81 }] }, ['subsets[0].ports[0].name: Required value']],
    ['of port 0', { addresses: [address], ports: [{ port: 0 }] }, ['subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive']],
    ['of another protocol', { addresses: [address], ports: [{ port: 80, protocol: 'ICMP' }] }, ['subsets[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"']],
  ];

  test.each(rows.map(([title, subset, errors]) => ({ title, subset, errors })))('$title', ({ subset, errors }) => {
    expect(errorTexts(validateEndpoints(of(subset)))).toEqual(errors);
  });

  test('do not move from node to node', () => {
    const on = (nodeName: string): Endpoints => of({ addresses: [{ ...address, nodeName }] });
    expect(errorTexts(validateEndpointsUpdate(on('b'), on('a')))).toEqual(['subsets[0].addresses[0].nodeName: Forbidden: Cannot change NodeName for 10.0.0.1 to b']);
    expect(validateEndpointsUpdate(on('a'), on('a'))).toEqual([]);
  });

  test('are of TCP unless they say so', () => {
    expect(of({ addresses: [address], ports: [{ port: 80 }] }).subsets?.[0]?.ports).toEqual([{ port: 80, protocol: 'TCP' }]);
  });
});

describe('an EndpointSlice', () => {
  const of = (changes: Partial<EndpointSlice> = {}): EndpointSlice => defaultEndpointSlice({ metadata: { name: 'web-1' }, addressType: 'IPv4', ...changes });
  const at = (endpoint: Partial<Endpoint>): Partial<EndpointSlice> => ({ endpoints: [{ addresses: ['10.0.0.1'], ...endpoint }] });
  const rows: readonly (readonly [title: string, changes: Partial<EndpointSlice>, errors: readonly string[]])[] = [
    ['of nothing yet', {}, []],
    ['of an address and a port', { ...at({}), ports: [{ port: 80 }] }, []],
    ['of any port', { ports: [{}] }, []],
    ['of no type', { addressType: '' }, ['addressType: Required value']],
    ['of another type', { addressType: 'IPv5' }, ['addressType: Unsupported value: "IPv5": supported values: "FQDN", "IPv4", "IPv6"']],
    ['without addresses', at({ addresses: [] }), ['endpoints[0].addresses: Required value: must contain at least 1 address']],
    ['with more than 100 addresses for one endpoint', at({ addresses: many(101).map((row) => `10.0.1.${row}`) }), ['endpoints[0].addresses: Too many: 101: must have at most 100 items']],
    ['with more than 1000 endpoints', { endpoints: many(1_001).map(() => ({ addresses: [] })) }, ['endpoints: Too many: 1001: must have at most 1000 items']],
    ['with more than 20000 ports', { ports: many(20_001).map((port) => ({ port })) }, ['ports: Too many: 20001: must have at most 20000 items']],
    ['of an address of another family', at({ addresses: ['fd00::1'] }), ['endpoints[0].addresses[0]: Invalid value: "fd00::1": must be a valid IPv4 address']],
    ['of this machine to itself', { addressType: 'IPv6', ...at({ addresses: ['::1'] }) }, ['endpoints[0].addresses[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)']],
    ['of a name', { addressType: 'FQDN', ...at({ addresses: ['a.example.com.'] }) }, []],
    ['of a name of one part', { addressType: 'FQDN', ...at({ addresses: ['a'] }) }, ['endpoints[0].addresses[0]: Invalid value: "a": should be a domain with at least two segments separated by dots']],
    ['of a bad host name', at({ hostname: '' }), [expect.stringContaining('endpoints[0].hostname: Invalid value: ""') as unknown as string]],
    ['of a bad node', at({ nodeName: '_' }), [expect.stringContaining('endpoints[0].nodeName: Invalid value: "_"') as unknown as string]],
    ['with one hint twice', at({ hints: { forZones: [{ name: 'a' }, { name: 'a' }] } }), ['endpoints[0].hints.forZones[1].name: Duplicate value: "a"']],
    ['with more than 8 hints', at({ hints: { forNodes: many(9).map((row) => ({ name: `n${row}` })) } }), ['endpoints[0].hints.forNodes: Too many: 9: must have at most 8 items']],
    ['with ports of one name', { ports: [{ port: 80 }, { port: 81 }] }, ['ports[1].name: Duplicate value: ""']],
    ['of another protocol', { ports: [{ protocol: 'ICMP' }] }, ['ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"']],
  ];

  test.each(rows.map(([title, changes, errors]) => ({ title, changes, errors })))('$title', ({ changes, errors }) => {
    expect(errorTexts(validateEndpointSlice(of(changes)))).toEqual(errors);
  });

  test('keeps its type of addresses', () => {
    expect(errorTexts(validateEndpointSliceUpdate(of({ addressType: 'IPv6' }), of()))).toEqual(['addressType: Invalid value: "IPv6": field is immutable']);
  });

  test('has ports of TCP and without a name unless they say so', () => {
    expect(of({ ports: [{ port: 80 }] }).ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }]);
  });

  test('of names warns that they are out of date', () => {
    expect(endpointSliceWarnings(of({ addressType: 'FQDN' }))).toEqual(['addressType: FQDN endpoints are deprecated']);
    expect(endpointSliceWarnings(of())).toEqual([]);
  });
});
