// A program that holds a table and a route until it is killed: kernel-holder.ts CLUSTER-ID SERVICE-CIDR GATEWAY.
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { createDirectPrograms } from '../../src/network/kernel/direct-programs.ts';
import { startKeeper } from '../../src/network/kernel/keeper.ts';
import { openKernelSession } from '../../src/network/kernel/kernel-session.ts';

const [clusterId = '', serviceCidr = '', gateway = ''] = process.argv.slice(2);
const programs = createDirectPrograms(systemClock);
const session = await openKernelSession({ programs, clusterId, clock: systemClock, log: silentLogger });
const keeper = await startKeeper({ programs, serviceCidr, gateway, table: `minik-${clusterId}`, clock: systemClock });
await session.run([...keeper.found.settings].filter(([, value]) => value === 'lent').map(([name]) => `add chain ${session.table} lent-${name}`).join('\n'));
await keeper.lend();
process.stdout.write('ready\n');
