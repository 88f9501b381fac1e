// The key that ServiceAccounts' tokens are signed with: made once, kept in pki/sa.key, 0600.
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TokenKeys } from '../apiserver/account/token-keys.ts';
import { writeSecret } from './pki.ts';

export async function loadTokenKeys(dir: string): Promise<TokenKeys> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, 'sa.key');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept !== '') return new TokenKeys(kept);
  const made = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  await writeSecret(path, made);
  return new TokenKeys(made);
}
