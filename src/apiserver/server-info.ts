// Everything that is not an object: discovery, OpenAPI, version, health and metrics.
import { notAcceptableError, unknownPathError } from '../api/status-error.ts';
import type { ApiHandler, ApiRequest, ApiResponse } from '../api/wire.ts';
import { CONFIGURATION_PATH, issuerDocument, KEYS_PATH } from './account/issuer-documents.ts';
import type { TokenKeys } from './account/token-keys.ts';
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions } from './discovery.ts';
import { healthReply, type HealthCheck } from './health.ts';
import type { Metrics } from './metrics.ts';
import { serveOpenApi } from './openapi/serve-openapi.ts';
import { parsePath, servedGroups } from './parse-path.ts';
import { replyText, replyValue } from './reply.ts';

export interface InfoOptions {
  /** The reply to /version. */
  readonly version: VersionInfo;
  /** "127.0.0.1:16443" */
  readonly serverAddress: string;
  readonly healthChecks: readonly HealthCheck[];
  readonly keys: TokenKeys;
}

export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
}

const PATHS = [CONFIGURATION_PATH, '/api', '/api/v1', '/apis', '/healthz', '/livez', '/metrics', '/openapi/v2', '/openapi/v3', KEYS_PATH, '/readyz', '/version'];

export function serverInfo(options: InfoOptions, metrics: Metrics): ApiHandler {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw unknownPathError();
    const path = request.path.length > 1 ? request.path.replace(/\/+$/, '') : request.path;
    const [, root, group = '', version = '', ...rest] = path.split('/');
    switch (root) {
      case '':
        return replyValue({ paths: [...PATHS, ...servedGroups().map((name) => `/apis/${name}`)].sort() });
      case 'version':
        return replyValue(options.version);
      case 'healthz':
      case 'livez':
      case 'readyz':
        return healthReply(request, root, options.healthChecks);
      case 'metrics':
        return replyText(metrics.text(), { contentType: 'text/plain; version=0.0.4; charset=utf-8' });
      case 'openapi':
        return serveOpenApi(request, path) ?? unknown();
      case 'api':
        return discovery(request, { root, group: '', version: group, rest: version === '' ? rest : [version] }, options);
      case 'apis':
        return discovery(request, { root, group, version, rest }, options);
      default:
        return issuerDocument(path, options.keys) ?? unknown();
    }
  };
}

function unknown(): never {
  throw unknownPathError();
}

function discovery(
  request: ApiRequest,
  at: { readonly root: 'api' | 'apis'; readonly group: string; readonly version: string; readonly rest: readonly string[] },
  options: InfoOptions,
): ApiResponse {
  if (at.rest.length > 0 || parsePath(request.path).type === 'resource') throw unknownPathError();
  if (at.group === '' && at.version === '') return rootDiscovery(request, at.root, options);
  const found = at.root === 'apis' && at.version === '' ? apiGroup(at.group) : apiResourceList(at.group, at.version);
  if (found === undefined) throw unknownPathError();
  return replyValue(found);
}

/** /api and /apis answer in the aggregated form to clients that ask for it. */
function rootDiscovery(request: ApiRequest, root: 'api' | 'apis', options: InfoOptions): ApiResponse {
  const clauses = (request.headers['accept'] ?? '*/*').split(',').map((clause) => clause.trim());
  for (const clause of clauses) {
    const [type, ...parameters] = clause.split(';').map((part) => part.trim());
    const named = new Map(parameters.map((part) => part.split('=', 2) as [string, string]));
    if (named.get('as') === 'APIGroupDiscoveryList') {
      const version = named.get('v');
      if (named.get('g') !== 'apidiscovery.k8s.io' || (version !== 'v2' && version !== 'v2beta1')) continue;
      const reply = replyValue(aggregatedDiscovery(root, version));
      return { ...reply, headers: { ...reply.headers, 'content-type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList` } };
    }
    if (['application/json', '*/*', 'application/*'].includes(type ?? '')) {
      return replyValue(root === 'api' ? apiVersions(options.serverAddress) : apiGroupList());
    }
  }
  throw notAcceptableError(['application/json']);
}
