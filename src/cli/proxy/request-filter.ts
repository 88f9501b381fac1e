// pure: which requests minik proxy hands on: whoever can reach it has the rights of whoever started it.
import { UsageError } from '../context.ts';

export interface FilterFlags {
  readonly acceptHosts: string;
  readonly acceptPaths: string;
  readonly rejectPaths: string;
  readonly rejectMethods: string;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Of the Host header, with or without a port. */
  readonly host: string;
}

/** kubectl's: this machine alone, and no commands in containers. */
export const DEFAULT_FILTER: FilterFlags = {
  acceptHosts: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
  acceptPaths: '^.*',
  rejectPaths: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
  rejectMethods: '^$',
};

/** Throws UsageError for a pattern that is none. */
export function requestFilter(flags: FilterFlags): (asked: Asked) => boolean {
  const hosts = patterns('--accept-hosts', flags.acceptHosts);
  const paths = patterns('--accept-paths', flags.acceptPaths);
  const refusedPaths = patterns('--reject-paths', flags.rejectPaths);
  const refusedMethods = patterns('--reject-methods', flags.rejectMethods);
  const matches = (list: readonly RegExp[], text: string): boolean => list.some((pattern) => pattern.test(text));
  return ({ method, path, host }) => !matches(refusedPaths, path) && !matches(refusedMethods, method) && matches(paths, path) && matches(hosts, withoutPort(host));
}

function patterns(flag: string, text: string): readonly RegExp[] {
  return text.split(',').map((pattern) => {
    try {
      return new RegExp(pattern);
    } catch {
      throw new UsageError(`${flag} takes regular expressions, comma separated: ${JSON.stringify(pattern)} is none`);
    }
  });
}

/** "[::1]:8001" is "[::1]". */
function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
