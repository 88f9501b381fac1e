// pure: the columns of Pods.
import { humanDuration } from '../../api/duration-text.ts';
import type { Pod } from '../../api/generated/types.ts';
import { summarizePod } from '../../api/pod/pod-summary.ts';
import { ageColumn, nameColumn, text, wide, type KindTable } from './columns.ts';

export const podTable: KindTable<Pod> = {
  columns: [
    nameColumn,
    text('Ready', (pod) => {
      const { ready, total } = summarizePod(pod);
      return `${ready}/${total}`;
    }, 'The aggregate readiness state of this pod for accepting traffic.'),
    text('Status', (pod) => summarizePod(pod).status, 'The aggregate status of the containers in this pod.'),
    text('Restarts', restarts, 'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.'),
    ageColumn,
    wide(text('IP', ({ status }) => status?.podIPs?.[0]?.ip ?? status?.podIP ?? '<none>', 'IP address allocated to the pod.')),
    wide(text('Node', ({ spec }) => spec?.nodeName || '<none>', 'The node this pod is scheduled to.')),
    wide(text('Nominated Node', ({ status }) => status?.nominatedNodeName || '<none>', 'The node that higher-priority pods are being cleared from for this pod.')),
    wide(text('Readiness Gates', readinessGates, 'The readiness gates that are satisfied, of those that the pod asks for.')),
  ],
  conditions({ status }) {
    if (status?.phase !== 'Succeeded' && status?.phase !== 'Failed') return undefined;
    const message = status.phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
    return [{ type: 'Completed', status: 'True', reason: status.phase, message }];
  },
};

function restarts(pod: Pod, now: number): string {
  const { restarts: times, lastRestart } = summarizePod(pod);
  return times === 0 || lastRestart === undefined ? String(times) : `${times} (${humanDuration(now - lastRestart)} ago)`;
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const open = gates.filter(({ conditionType }) => status?.conditions?.some(({ type, status: value }) => type === conditionType && value === 'True'));
  return `${open.length}/${gates.length}`;
}
