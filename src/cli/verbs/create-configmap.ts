// minik create configmap: a ConfigMap from literals, files, or lines of an environment file.
import type { ConfigMap } from '../../api/generated/types.ts';
import { CONFIG_MAPS } from '../../api/kinds.ts';
import type { CliContext, RegisterVerb } from '../context.ts';
import { addGenerateFlags, createGenerated, exactlyOneName, type GenerateFlags } from '../write/create-generated.ts';
import { addKeySourceFlags, readKeyValues, type KeySourceFlags, type KeyValue } from '../write/key-sources.ts';
import { contentHash } from '../write/name-hash.ts';

interface ConfigMapFlags extends GenerateFlags, KeySourceFlags {
  readonly appendHash?: boolean;
}

export const registerCreateConfigMap: RegisterVerb = (program, launch) => {
  const command = program
    .command('configmap')
    .alias('cm')
    .summary('a ConfigMap')
    .description('minik create configmap NAME --from-literal=KEY=VALUE | --from-file=[KEY=]PATH | --from-env-file=PATH')
    .argument('[name...]');
  addKeySourceFlags(command);
  addGenerateFlags(command);
  command.option('--append-hash', 'add a hash of the contents to the name');
  command.action((words: string[], flags: ConfigMapFlags) => launch(command, (context) => createConfigMap(context, words, flags)));
};

async function createConfigMap(context: CliContext, words: readonly string[], flags: ConfigMapFlags): Promise<void> {
  const name = exactlyOneName(words, 'create configmap');
  const values = await readKeyValues(flags, { kind: 'ConfigMap', name, env: context.env });
  const configMap = generateConfigMap(name, values);
  const named = flags.appendHash === true ? { ...configMap, metadata: { name: `${name}-${hashOf(configMap)}` } } : configMap;
  await createGenerated(context, named, { resource: CONFIG_MAPS, flags, failure: 'failed to create configmap: ' });
}

/** Values that are no UTF-8 text go to binaryData. */
export function generateConfigMap(name: string, values: readonly KeyValue[]): ConfigMap {
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  for (const { key, value } of values) {
    try {
      data[key] = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    } catch {
      binaryData[key] = Buffer.from(value).toString('base64');
    }
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    ...(Object.keys(data).length === 0 ? {} : { data }),
    ...(Object.keys(binaryData).length === 0 ? {} : { binaryData }),
  };
}

function hashOf({ metadata, data, binaryData }: ConfigMap): string {
  return contentHash({ kind: 'ConfigMap', name: metadata?.name, data: data ?? {}, ...(binaryData === undefined ? {} : { binaryData }) });
}
