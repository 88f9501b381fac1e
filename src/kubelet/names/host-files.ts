// The host's own files about names, read when a Pod starts: they change as the host joins networks.
import { readFile } from 'node:fs/promises';
import { parseResolvConf, type ResolvConf } from '../../api/pod/resolv-conf.ts';
import { HOSTS_PATH } from './hosts-file.ts';

const RESOLV_CONF_PATH = '/etc/resolv.conf';

export async function readHostResolvConf(): Promise<ResolvConf> {
  return parseResolvConf(await readFile(RESOLV_CONF_PATH, 'utf8').catch(() => ''));
}

export async function readHostHosts(): Promise<string> {
  return readFile(HOSTS_PATH, 'utf8').catch(() => '');
}
