// minik version: of this program and of the server it speaks to.
import { readValue } from '../../client/response-body.ts';
import { UsageError, type RegisterVerb } from '../context.ts';

/** Kept equal to package.json by a test. */
export const CLIENT_VERSION = '0.1.0';

export const registerVersion: RegisterVerb = (program, launch) => {
  const command = program
    .command('version')
    .summary('print versions')
    .description('Prints the version of this program and of the server.')
    .option('--client', 'only this program')
    .option('-o, --output <format>', 'json | yaml');
  command.action((flags: { readonly client?: boolean; readonly output?: string }) =>
    launch(command, async (context) => {
      const clientVersion = { gitVersion: `v${CLIENT_VERSION}`, nodeVersion: process.version, platform: `${process.platform}/${process.arch}` };
      const serverVersion = flags.client === true ? undefined : ((await readValue((await (await context.client()).request({ path: '/version' })).body)) as { gitVersion: string });
      const versions = { clientVersion, ...(serverVersion === undefined ? {} : { serverVersion }) };
      switch (flags.output) {
        case undefined:
          await context.out.write(`Client Version: ${clientVersion.gitVersion}\n`);
          if (serverVersion !== undefined) await context.out.write(`Server Version: ${serverVersion.gitVersion}\n`);
          return;
        case 'json':
          return context.out.write(`${JSON.stringify(versions, null, 2)}\n`);
        case 'yaml':
          return context.out.write((await import('../printers/yaml.ts')).yamlText(versions));
        default:
          throw new UsageError(`--output must be 'yaml' or 'json'`);
      }
    }),
  );
};
