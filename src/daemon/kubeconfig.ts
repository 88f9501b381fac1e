// pure: the kubeconfig that kubectl, helm and the client libraries use. JSON is YAML: no library is needed to write it.

export function kubeconfigText(options: { readonly server: string; readonly caCert: string; readonly token: string }): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'minik',
    clusters: [{ name: 'minik', cluster: { server: options.server, 'certificate-authority-data': btoa(options.caCert) } }],
    users: [{ name: 'minik', user: { token: options.token } }],
    contexts: [{ name: 'minik', context: { cluster: 'minik', user: 'minik', namespace: 'default' } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
