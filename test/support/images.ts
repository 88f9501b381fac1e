// The images that the manifests of the fixtures name, made on this machine where they are not there: no registry is asked.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { createDockerRuntime } from '../../src/kubelet/runtime/docker/docker-runtime.ts';
import { findEngine } from '../../src/kubelet/runtime/docker/endpoint.ts';
import type { TarItem } from '../../src/kubelet/runtime/docker/tar.ts';
import { busyboxFiles, busyboxImage, folderFiles, importImage, unpackDebianPackages, type OfflineImage } from '../../bin/offline-image.ts';
import { SetupError } from '../../bin/start-engine.ts';

export const KUARD = 'gcr.io/kuar-demo/kuard-amd64:blue';

const MAKERS = {
  'busybox:latest': busyboxImage,
  'nginx:latest': nginxImage,
  [KUARD]: kuardImage,
} as const satisfies Record<string, (reference: string) => OfflineImage>;

export type SampleImage = keyof typeof MAKERS;

/** Makes those that are missing; what is there, also the real one, is left alone. */
export async function ensureImages(...wanted: readonly SampleImage[]): Promise<void> {
  const endpoint = await findEngine(process.env);
  const runtime = createDockerRuntime({ endpoint, clusterId: 'images', clock: systemClock, log: silentLogger });
  try {
    for (const reference of wanted) {
      if ((await runtime.image(reference)) === undefined) await importImage(endpoint, MAKERS[reference](reference));
    }
  } finally {
    runtime.close();
  }
}

/** Makes keys as the real one does when its key generator is switched on by flags, else answers on port 8080. */
const KUARD_SCRIPT = `#!/bin/sh
# A stand-in for kuard: --keygen-enable, --keygen-num-to-gen N, --keygen-exit-on-complete, --keygen-exit-code N.
enabled=no; exits=no; code=0; count=0
while [ $# -gt 0 ]; do
  case $1 in
    --keygen-enable|--keygen-enable=true) enabled=yes ;;
    --keygen-exit-on-complete|--keygen-exit-on-complete=true) exits=yes ;;
    --keygen-num-to-gen=*) count=\${1#*=} ;;
    --keygen-num-to-gen) shift; count=$1 ;;
    --keygen-exit-code=*) code=\${1#*=} ;;
    --keygen-exit-code) shift; code=$1 ;;
    *) echo "unknown flag: $1" >&2; exit 2 ;;
  esac
  shift
done
log() { echo "$(date '+%Y/%m/%d %H:%M:%S') $*"; }
log "Starting kuard version: v0.10.0-blue"
if [ $enabled = yes ]; then
  log "(ID 0) Workload starting"
  made=0
  while [ $made -lt $count ]; do
    made=$((made + 1))
    key=$(head -c 32 /dev/urandom | base64 | tr -d '=\\n')
    log "(ID 0 $made/$count) Item done: SHA256:$key"
  done
  log "(ID 0) Workload exiting"
  [ $exits = yes ] && exit $code
fi
mkdir -p /tmp/www && echo kuard > /tmp/www/index.html
exec httpd -f -p 8080 -h /tmp/www
`;

function kuardImage(reference: string): OfflineImage {
  const program: TarItem = { type: 'file', name: 'kuard', mode: 0o755, data: Buffer.from(KUARD_SCRIPT) };
  return { reference, files: [...busyboxFiles(), program], changes: ['CMD ["/kuard"]', 'EXPOSE 8080', 'LABEL minik.dev/image=offline'] };
}

const NGINX_PACKAGES = ['nginx', 'libc6', 'libcrypt1', 'libpcre2-8-0', 'libssl3', 'zlib1g'];
const WELCOME = '<!DOCTYPE html>\n<html>\n<head><title>Welcome to nginx!</title></head>\n<body><h1>Welcome to nginx!</h1></body>\n</html>\n';
const NGINX_CONF = `user root; error_log /dev/stderr; pid /tmp/nginx.pid;
events {}
http { access_log /dev/stdout; server { listen 80; root /usr/share/nginx/html; } }
`;

/** Debian's nginx on a busybox; where its packages cannot be had, busybox's own server with the same page and port. */
function nginxImage(reference: string): OfflineImage {
  const page = written('usr/share/nginx/html/index.html', WELCOME);
  const changes = ['EXPOSE 80', 'LABEL minik.dev/image=offline'];
  const unpacked = tryUnpack(NGINX_PACKAGES);
  if (unpacked === undefined || !existsSync(join(unpacked.root, 'usr/sbin/nginx'))) {
    unpacked?.cleanUp();
    const serve = 'CMD ["httpd","-f","-p","80","-h","/usr/share/nginx/html"]';
    return { reference, files: [...busyboxFiles(), page], changes: [...changes, serve] };
  }
  const fromPackages = folderFiles(unpacked.root).filter(({ name }) => !/^(usr\/share|etc|var)(\/|$)/.test(name));
  unpacked.cleanUp();
  const folders: TarItem[] = ['var/log/nginx', 'var/lib/nginx'].map((name) => ({ type: 'folder', name, mode: 0o755 }));
  const conf = written('etc/nginx/nginx.conf', NGINX_CONF);
  return { reference, files: [...busyboxFiles(), ...fromPackages, ...folders, conf, page], changes: [...changes, 'CMD ["nginx","-g","daemon off;"]'] };
}

function tryUnpack(packages: readonly string[]): ReturnType<typeof unpackDebianPackages> | undefined {
  try {
    return unpackDebianPackages(packages);
  } catch (error) {
    if (error instanceof SetupError) return undefined;
    throw error;
  }
}

function written(name: string, content: string): TarItem {
  return { type: 'file', name, mode: 0o644, data: Buffer.from(content) };
}
