// Rows of probe results, and what they come to.
import { expect, test } from '@jest/globals';
import { probeAnswered, probeBegun, type ProbeState } from '../../../../src/kubelet/probes/probe-state.ts';

const after = (answers: string, probe: object): ProbeState =>
  [...answers].reduce((state, answer, at) => probeAnswered(probeBegun(state, at), answer === '+', probe), probeBegun(undefined, 0));

test.each([
  { name: 'nothing is decided before the first threshold', answers: '--', probe: {}, verdict: undefined },
  { name: 'three failures in a row are one too many', answers: '---', probe: {}, verdict: false },
  { name: 'a success in between starts the count anew', answers: '--+--', probe: {}, verdict: true },
  { name: 'one success is enough', answers: '---+', probe: {}, verdict: true },
  { name: 'more successes may be asked for', answers: '---+', probe: { successThreshold: 2 }, verdict: false },
  { name: 'and come in a row', answers: '---++', probe: { successThreshold: 2 }, verdict: true },
  { name: 'what was decided stays until the other threshold is reached', answers: '+--', probe: {}, verdict: true },
  { name: 'a threshold of one decides at once', answers: '+-', probe: { failureThreshold: 1 }, verdict: false },
])('$name', ({ answers, probe, verdict }) => {
  expect(after(answers, probe)).toMatchObject({ verdict, isRunning: false });
});
