// A program that holds a table and a route until it is killed: kernel-holder.ts CLUSTER-ID SERVICE-CIDR.
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { createDirectPrograms } from '../../src/network/kernel/direct-programs.ts';
import { startKeeper } from '../../src/network/kernel/keeper.ts';
import { openKernelSession } from '../../src/network/kernel/kernel-session.ts';

const [clusterId = '', serviceCidr = ''] = process.argv.slice(2);
const programs = createDirectPrograms(systemClock);
await openKernelSession({ programs, clusterId, clock: systemClock, log: silentLogger });
await startKeeper({ programs, serviceCidr, clock: systemClock });
process.stdout.write('ready\n');
