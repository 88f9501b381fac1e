// minik dns: where the cluster's DNS is and how the host comes to ask it; with a name: what a Pod finds under it, and why.
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { existsSync } from 'node:fs';
import { ENDPOINT_SLICES, SERVICES } from '../../api/kinds.ts';
import { parseResolvConf } from '../../api/pod/resolv-conf.ts';
import { CLUSTER_DOMAIN } from '../../api/service/cluster-network.ts';
import { isNotFound } from '../../api/status-error.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { dnsServer, RECORD_TYPES, type DnsServerClient, type FoundRecord } from '../dns/ask-server.ts';
import { hostSetup, type HostResolver } from '../dns/host-setup.ts';
import { sourceOf, whyMissing, type KnownServices } from '../dns/name-source.ts';
import { searchCandidates } from '../dns/search-candidates.ts';

interface DnsFlags {
  readonly type?: string;
}

const RESOLV_CONF = '/etc/resolv.conf';
const RESOLVED = '/run/systemd/resolve/resolv.conf';
/** In every cluster. */
const EXAMPLE = `kubernetes.default.svc.${CLUSTER_DOMAIN}`;
/** Only a DNS server of a cluster has it: networks there are that answer for whatever address is asked. */
const PROBE = `dns-version.${CLUSTER_DOMAIN}`;

export const registerDns: RegisterVerb = (program, launch) => {
  const command = program
    .command('dns')
    .summary('show the cluster\'s DNS, or look a name up')
    .description('Shows where the DNS server of the cluster is, whether it answers, and how to point this host at it. With a name: what a Pod of the namespace finds under it, and which Service or Pod that comes from.')
    .argument('[name]', 'a name as a Pod would use it, or an address')
    .option('-t, --type <type>', `${RECORD_TYPES.join(' | ')}: the records to look for; A, or SRV for a name that begins with _`);
  command.action((name: string | undefined, flags: DnsFlags) => launch(command, (context) => (name === undefined ? showServer(context) : lookUpName(context, name, flags))));
};

async function showServer(context: CliContext): Promise<number> {
  const { out } = context;
  const dnsIp = await serverAddress(context);
  const problem = await problemOf(dnsServer(dnsIp));
  const hostFinds = problem === '' && (await lookup(EXAMPLE).then(() => true, () => false));
  const lines = [
    `address  ${dnsIp} port 53, UDP and TCP`,
    `domain   ${CLUSTER_DOMAIN}`,
    `server   ${problem === '' ? 'answers' : `does not answer: ${problem}`}`,
    `host     ${hostFinds ? 'finds names of the cluster' : 'does not find names of the cluster'}`,
    ...(hostFinds ? [] : ['', `To find them from this host, ${EXAMPLE} for one:`, ...hostSetup(hostResolver(), dnsIp)]),
  ];
  await out.write(`${lines.join('\n')}\n`);
  return problem === '' ? 0 : 1;
}

/** '' when it is there. */
async function problemOf(server: DnsServerClient): Promise<string> {
  const asked = await server.lookUp(PROBE, 'TXT');
  return asked.found ? '' : 'it starts with the first Pod or Service; minik status says what keeps it off';
}

async function lookUpName(context: CliContext, name: string, flags: DnsFlags): Promise<number> {
  const { namespace, out, err } = context;
  const type = typeOf(name, flags);
  const dnsIp = await serverAddress(context);
  const server = dnsServer(dnsIp);
  const problem = await problemOf(server);
  if (problem !== '') throw new UsageError(`the cluster's DNS server ${dnsIp} does not answer: ${problem}`);
  const hostSearches = parseResolvConf(await readFile(RESOLV_CONF, 'utf8').catch(() => '')).searches;
  const candidates = isIP(name) === 0 ? searchCandidates(name, { namespace, hostSearches }) : [name];
  const tried: (readonly [name: string, why: string])[] = [];
  for (const candidate of candidates) {
    const asked = await server.lookUp(candidate, type);
    if (asked.found) {
      await out.write(foundText(candidate, asked.records, await knownServices(context)));
      return 0;
    }
    tried.push([candidate, asked.why]);
    // A resolver goes on after a denial only.
    if (!asked.isAnswer) break;
  }
  const why = whyMissing(candidates, namespace, await knownServices(context));
  const width = Math.max(...tried.map(([candidate]) => candidate.length));
  const lines = [`error: a Pod in namespace ${namespace} finds no ${type} records of "${name}"; tried:`, ...tried.map(([candidate, reason]) => `  ${candidate.padEnd(width)}  ${reason}`), ...why];
  await err.write(`${lines.join('\n')}\n`);
  return 1;
}

function foundText(name: string, records: readonly FoundRecord[], known: KnownServices): string {
  const width = Math.max(...records.map(({ text }) => text.length));
  const source = ({ text, ip }: FoundRecord): string => (isIP(name) === 0 ? sourceOf(name, ip, known) : sourceOf(text, name, known));
  return `${[name, ...records.map((record) => `  ${record.text.padEnd(width)}  ${source(record)}`.trimEnd())].join('\n')}\n`;
}

function typeOf(name: string, { type }: DnsFlags): string {
  if (type === undefined) return name.startsWith('_') ? 'SRV' : isIP(name) === 0 ? 'A' : 'PTR';
  const known = RECORD_TYPES.find((candidate) => candidate === type.toUpperCase());
  if (known === undefined) throw new UsageError(`--type must be one of ${RECORD_TYPES.join(', ')}, not "${type}"`);
  return known;
}

/** Throws UsageError where the cluster has no DNS. */
async function serverAddress(context: CliContext): Promise<string> {
  const client = await context.client();
  try {
    const { spec } = await client.get(SERVICES, { namespace: 'kube-system', name: 'kube-dns' });
    return spec?.clusterIP ?? '';
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new UsageError('this cluster has no DNS: there is no service/kube-dns in kube-system');
  }
}

async function knownServices(context: CliContext): Promise<KnownServices> {
  const client = await context.client();
  const [services, slices] = await Promise.all([client.list(SERVICES), client.list(ENDPOINT_SLICES)]);
  return { services: services.items, slices: slices.items };
}

function hostResolver(): HostResolver {
  if (process.platform === 'darwin') return 'macos';
  return existsSync(RESOLVED) ? 'systemd-resolved' : 'resolv.conf';
}
