// Request counts and durations in Prometheus' text form, under upstream's metric names.
import type { ApiRequest } from '../api/wire.ts';
import type { ParsedPath } from './parse-path.ts';

/** Seconds, as upstream's apiserver_request_duration_seconds. */
const BUCKETS = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 30, 60];

interface Series {
  count: number;
  sum: number;
  readonly buckets: number[];
}

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Series>();

  /** Returns what to call with the reply's status code. */
  begin(request: ApiRequest, parsed: ParsedPath): (code: number) => void {
    const started = performance.now();
    const labels = labelsOf(request, parsed);
    return (code) => this.#record(labels, code, (performance.now() - started) / 1000);
  }

  text(): string {
    const memory = process.memoryUsage();
    const cpu = process.cpuUsage();
    return [
      '# HELP apiserver_request_total Counter of apiserver requests by verb, group, version, resource, subresource and code.',
      '# TYPE apiserver_request_total counter',
      ...[...this.#requests].map(([labels, count]) => `apiserver_request_total{${labels}} ${count}`),
      '# HELP apiserver_request_duration_seconds Response latency by verb, group, version, resource and subresource.',
      '# TYPE apiserver_request_duration_seconds histogram',
      ...[...this.#durations].flatMap(([labels, series]) => histogramLines(labels, series)),
      '# HELP process_resident_memory_bytes Resident memory size in bytes.',
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${memory.rss}`,
      '# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.',
      '# TYPE process_cpu_seconds_total counter',
      `process_cpu_seconds_total ${(cpu.user + cpu.system) / 1e6}`,
      '',
    ].join('\n');
  }

  #record(labels: string, code: number, seconds: number): void {
    const withCode = `${labels},code="${code}"`;
    this.#requests.set(withCode, (this.#requests.get(withCode) ?? 0) + 1);
    let series = this.#durations.get(labels);
    if (series === undefined) this.#durations.set(labels, (series = { count: 0, sum: 0, buckets: BUCKETS.map(() => 0) }));
    series.count += 1;
    series.sum += seconds;
    BUCKETS.forEach((limit, at) => {
      if (seconds <= limit) series.buckets[at]! += 1;
    });
  }
}

/** Names are never labels: the number of series stays bounded whatever clients ask for. */
function labelsOf(request: ApiRequest, parsed: ParsedPath): string {
  if (parsed.type === 'other') return `verb="${request.method}",group="",version="",resource="",subresource=""`;
  const { resource, subresource, name } = parsed;
  const watching = parsed.watch || request.query.get('watch') === 'true';
  const reading = watching ? 'WATCH' : name === '' ? 'LIST' : 'GET';
  const verb = request.method === 'GET' ? reading : request.method;
  return `verb="${verb}",group="${resource.group}",version="${resource.version}",resource="${resource.plural}",subresource="${subresource}"`;
}

function histogramLines(labels: string, { count, sum, buckets }: Series): string[] {
  return [
    ...BUCKETS.map((limit, at) => `apiserver_request_duration_seconds_bucket{${labels},le="${limit}"} ${buckets[at]}`),
    `apiserver_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`,
    `apiserver_request_duration_seconds_sum{${labels}} ${sum}`,
    `apiserver_request_duration_seconds_count{${labels}} ${count}`,
  ];
}
