import { describe, expect, test } from '@jest/globals';
import { searchCandidates } from '../../../../src/cli/dns/search-candidates.ts';

const of = (name: string, hostSearches: readonly string[] = []): readonly string[] => searchCandidates(name, { namespace: 'shop', hostSearches });

describe('a Pod looks for', () => {
  test.each([
    ['web', of('web'), ['web.shop.svc.cluster.local', 'web.svc.cluster.local', 'web.cluster.local', 'web']],
    ['web.other', of('web.other'), ['web.other.shop.svc.cluster.local', 'web.other.svc.cluster.local', 'web.other.cluster.local', 'web.other']],
    ['a name with a final dot as it is', of('web.'), ['web']],
    ['a name of five dots first as it is', of('a.b.c.d.e.f'), ['a.b.c.d.e.f', 'a.b.c.d.e.f.shop.svc.cluster.local', 'a.b.c.d.e.f.svc.cluster.local', 'a.b.c.d.e.f.cluster.local']],
    ['names in the host\'s domains, too, each once', of('web', ['corp.example.com', '.', 'cluster.local']), ['web.shop.svc.cluster.local', 'web.svc.cluster.local', 'web.cluster.local', 'web.corp.example.com', 'web']],
  ])('%s', (_title, found, wants) => {
    expect(found).toEqual(wants);
  });
});
