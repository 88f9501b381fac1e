// The long model test of schedules: ten simulated years of 1,000 random schedules in 40 zones against the oracle, some minutes long.
// Prints its progress and, as the last line, how many pairs of schedule and zone agreed.
import { parseArgs } from 'node:util';
import { readWall } from '../support/cron-oracle.ts';
import { drawSchedules } from '../support/drawn-schedules.ts';
import { judge, MODEL_ZONES } from '../support/schedule-model.ts';

const { values } = parseArgs({
  options: {
    years: { type: 'string', default: '10' },
    schedules: { type: 'string', default: '1000' },
    zones: { type: 'string', default: String(MODEL_ZONES.length) },
    seed: { type: 'string', default: '1' },
  },
});
const [years, count, zones, seed] = [values.years, values.schedules, values.zones, values.seed].map(Number) as [number, number, number, number];

const totals = { passed: 0, failed: 0, runs: 0, asked: 0 };
const schedules = drawSchedules(count, seed);
const started = performance.now();
for (const [index, [zone, firstYear]] of MODEL_ZONES.slice(0, zones).entries()) {
  const wall = readWall(zone, Date.UTC(firstYear, 0, 1), Date.UTC(firstYear + years, 0, 1));
  for (const schedule of schedules) {
    const verdict = judge(schedule, wall);
    totals.runs += verdict.runs;
    totals.asked += verdict.asked;
    if (verdict.wrong.length === 0) totals.passed += 1;
    else totals.failed += 1;
    for (const wrong of verdict.wrong.slice(0, 3)) console.log(wrong);
  }
  console.log(`${index + 1} of ${zones}: ${zone} ${firstYear}-${firstYear + years - 1}, ${wall.jumps.length} jumps of the clock, ${Math.round((performance.now() - started) / 1000)} s`);
}
console.log(`${count} schedules x ${zones} zones x ${years} years (seed ${seed}): ${totals.runs} runs by the oracle, ${totals.asked} questions asked`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
