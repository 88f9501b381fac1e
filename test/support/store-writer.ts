// A process that writes to a store for ever and prints each write once it is acknowledged: to be killed by a test.
import { silentLogger } from '../../src/base/log.ts';
import { openStore } from '../../src/store/sqlite/sqlite-store.ts';

const store = openStore({ path: process.argv[2]!, log: silentLogger });
const write = async (writer: number): Promise<void> => {
  for (let at = 0; ; at += 1) {
    const key = `core/configmaps/default/w${writer}-${at}`;
    const { revision } = await store.create(key, (own) => JSON.stringify({ own, text: 'x'.repeat(200) }));
    process.stdout.write(`${revision} ${key}\n`);
    if (at % 3 === 2) await store.delete(key, revision, () => '{}').then((gone) => process.stdout.write(`${gone.revision} -${key}\n`));
  }
};
await Promise.all([0, 1, 2, 3].map(write));
