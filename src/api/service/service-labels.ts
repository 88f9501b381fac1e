// pure: labels that tie Services, their slices and those who forward for them together.

/** On an EndpointSlice: the Service that it belongs to. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
/** On a Service, and on its slices: another proxy forwards for it. */
export const OTHER_PROXY_LABEL = 'service.kubernetes.io/service-proxy-name';
/** On a Service, and on its slices: it has no address that anybody would forward from. */
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';
