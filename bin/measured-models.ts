// The models of metrics.k8s.io, which the client does not generate: an aggregated API is not in the API server's own document.
import type { Field, Model } from './schema-models.ts';

const field = (jsonName: string, type: string, description: string): Field => ({ jsonName, type, format: '', required: false, description });
const needed = (jsonName: string, type: string, description: string): Field => ({ ...field(jsonName, type, description), required: true });

const USAGE = '{ [key: string]: string; }';
const object = [
  field('apiVersion', 'string', 'The group and version of this representation of the object.'),
  field('kind', 'string', 'The kind of the object, in CamelCase.'),
  field('metadata', 'V1ObjectMeta', 'Standard metadata of objects.'),
];
const interval = [
  needed('timestamp', 'Date', 'With window, says when this was measured: from timestamp minus window to timestamp.'),
  needed('window', 'string', 'How long was measured, as a duration.'),
];

export const MEASURED_MODELS: Readonly<Record<string, Model>> = {
  V1beta1PodMetrics: {
    name: 'V1beta1PodMetrics',
    description: 'What the containers of a Pod use.',
    fields: [...object, ...interval, needed('containers', 'Array<V1beta1ContainerMetrics>', 'One entry for each container that was measured in the same interval.')],
  },
  V1beta1ContainerMetrics: {
    name: 'V1beta1ContainerMetrics',
    description: 'What a container uses.',
    fields: [needed('name', 'string', 'The name of the container in the Pod.'), needed('usage', USAGE, 'CPU, in cores, and memory: the working set, in bytes.')],
  },
  V1beta1NodeMetrics: {
    name: 'V1beta1NodeMetrics',
    description: 'What the whole node uses.',
    fields: [...object, ...interval, needed('usage', USAGE, 'CPU, in cores, and memory: the working set, in bytes.')],
  },
};
