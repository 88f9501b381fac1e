// The cluster's certificate authority, the server's certificate and the admin token: made once, kept in pki/, 0600.
import { createHash, randomBytes, timingSafeEqual, webcrypto, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';

export interface Pki {
  /** PEM. */
  readonly caCert: string;
  readonly serverCert: string;
  readonly serverKey: string;
  /** Bearer token of the kubeconfig's user. */
  readonly token: string;
  /** The server's certificate, made anew where it does not name the address. */
  certificateFor(address: string): Promise<KeyPair>;
}

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface PkiOptions {
  readonly dir: string;
  readonly clock: Clock;
  /** Host names and addresses that the server answers to. */
  readonly names: readonly string[];
}

const DAY_MS = 24 * 3600 * 1000;
const CA_DAYS = 3650;
const SERVER_DAYS = 365;
const RENEW_BEFORE_DAYS = 30;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Reads what is there; makes what is missing, near its end, or lacks a name. */
export async function loadPki(options: PkiOptions): Promise<Pki> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const path = (name: string): string => join(options.dir, name);
  const [caCert, caKey, serverCert, serverKey, token] = await Promise.all(
    ['ca.crt', 'ca.key', 'server.crt', 'server.key', 'token'].map((name) => readFile(path(name), 'utf8').catch(() => '')),
  );
  const authority = isValid(caCert!, options) && caKey !== '' ? { cert: caCert!, key: caKey! } : await makeAuthority(options);
  const kept = authority.cert === caCert && isValid(serverCert!, options) && covers(serverCert!, options.names) && serverKey !== '';
  const server = kept ? { cert: serverCert!, key: serverKey! } : await makeServerCertificate(authority, options);
  const secret = token !== '' ? token! : randomBytes(32).toString('base64url');
  const files: [string, string, string][] = [
    ['ca.crt', authority.cert, caCert!],
    ['ca.key', authority.key, caKey!],
    ['server.crt', server.cert, serverCert!],
    ['server.key', server.key, serverKey!],
    ['token', secret, token!],
  ];
  for (const [name, text, before] of files) if (text !== before) await writeSecret(path(name), text);
  let current = server;
  const withAddress = async (before: KeyPair, address: string): Promise<KeyPair> => {
    if (covers(before.cert, [address])) return before;
    const made = await makeServerCertificate(authority, { ...options, names: [...options.names, address] });
    await writeSecret(path('server.crt'), made.cert);
    await writeSecret(path('server.key'), made.key);
    return made;
  };
  return {
    caCert: authority.cert,
    serverCert: server.cert,
    serverKey: server.key,
    token: secret,
    certificateFor: async (address) => (current = await withAddress(current, address)),
  };
}

function isValid(pem: string, { clock }: PkiOptions): boolean {
  if (pem === '') return false;
  return Date.parse(new X509Certificate(pem).validTo) - clock.now() > RENEW_BEFORE_DAYS * DAY_MS;
}

function covers(pem: string, names: readonly string[]): boolean {
  const cert = new X509Certificate(pem);
  return names.every((name) => (isAddress(name) ? cert.checkIP(name) : cert.checkHost(name)) !== undefined);
}

function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(':');
}

async function makeAuthority({ clock }: PkiOptions): Promise<KeyPair> {
  const x509 = await x509Library();
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=minik-ca-${randomBytes(4).toString('hex')}`,
    ...validity(clock, CA_DAYS),
    serialNumber: randomBytes(8).toString('hex'),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: cert.toString('pem'), key: await exportKey(keys.privateKey) };
}

async function makeServerCertificate(authority: KeyPair, { clock, names }: PkiOptions): Promise<KeyPair> {
  const x509 = await x509Library();
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(authority.cert);
  const cert = await x509.X509CertificateGenerator.create({
    subject: 'CN=minik',
    issuer: issuer.subject,
    ...validity(clock, SERVER_DAYS),
    serialNumber: randomBytes(8).toString('hex'),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value }))),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { cert: cert.toString('pem'), key: await exportKey(keys.privateKey) };
}

/** Certificates are made once a year: their library is not loaded on every start. */
async function x509Library(): Promise<typeof import('@peculiar/x509')> {
  // Its dependency injection wants this polyfill loaded first.
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function validity(clock: Clock, days: number): { notBefore: Date; notAfter: Date } {
  // A clock that is set back a little must not make the certificate invalid.
  return { notBefore: new Date(clock.now() - DAY_MS), notAfter: new Date(clock.now() + days * DAY_MS) };
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const base64 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${base64.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
}

/** Whole or not at all: a daemon killed here leaves the old file. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}

/** Compares in constant time whatever the lengths. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
